namespace CrossModalVae.Training;

/// <summary>
/// Every term of the objective before its weight, means over an epoch's clips; null where a term is off or no clip has what it needs.
/// </summary>
public sealed record LossTerms
{
    // Places in the vector that is summed on the device during an epoch.
    internal const int VoiceEncoder = 0;
    internal const int FaceEncoder = 4;
    internal const int FaceReconstruction = 0;
    internal const int VoiceReconstruction = 1;
    internal const int Reconstruction = 2;
    internal const int Kl = 3;
    internal const int Alignment = 8;
    internal const int Contrast = 9;
    internal const int Total = 10;
    internal const int Count = 11;

    /// <summary>The voice encoder's terms.</summary>
    public required EncoderTerms FromVoice { get; init; }

    /// <summary>The face encoder's terms.</summary>
    public required EncoderTerms FromFace { get; init; }

    /// <summary>The alignment term before lambda.</summary>
    public required double? AlignmentTerm { get; init; }

    /// <summary>InfoNCE before its weight, in nats.</summary>
    public required double? ContrastTerm { get; init; }

    /// <summary>What is minimised: all terms times their weights, with the beta of the epoch.</summary>
    public required double TotalLoss { get; init; }

    internal static LossTerms From(float[] sums, double[] weights)
    {
        return new LossTerms
        {
            FromVoice = Encoder(VoiceEncoder),
            FromFace = Encoder(FaceEncoder),
            AlignmentTerm = Mean(Alignment),
            ContrastTerm = Mean(Contrast),
            TotalLoss = Mean(Total) ?? 0.0,
        };

        double? Mean(int index) => weights[index] == 0.0 ? null : sums[index] / weights[index];

        EncoderTerms Encoder(int first) => new()
        {
            FaceReconstruction = Mean(first + FaceReconstruction),
            VoiceReconstruction = Mean(first + VoiceReconstruction),
            Reconstruction = Mean(first + Reconstruction),
            Kl = Mean(first + Kl),
        };
    }
}
