using System.Text.Json.Serialization;

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

    /// <summary>What is minimised: all terms times their weights, with the beta of the epoch.</summary>
    [JsonPropertyName("total")]
    public required double TotalLoss { get; init; }

    /// <summary>The voice encoder's terms.</summary>
    public required EncoderTerms FromVoice { get; init; }

    /// <summary>The face encoder's terms.</summary>
    public required EncoderTerms FromFace { get; init; }

    /// <summary>The alignment term before lambda.</summary>
    [JsonPropertyName("alignment")]
    public double? AlignmentTerm { get; init; }

    /// <summary>InfoNCE before its weight, in nats.</summary>
    [JsonPropertyName("contrast")]
    public double? ContrastTerm { get; init; }

    /// <summary>
    /// The recipe's terms by name, before their weights; null where a term had no clip with what it needs, as classification of training
    /// identities on the validation split. Null without such terms.
    /// </summary>
    [JsonPropertyOrder(1)]
    public IReadOnlyDictionary<string, double?>? Terms { get; init; }

    /// <summary>The means of sums over batches, in the order of the places above and then of the recipe's terms.</summary>
    internal static LossTerms From(float[] sums, double[] weights, params IReadOnlyList<string> terms)
    {
        return new LossTerms
        {
            TotalLoss = Mean(Total) ?? 0.0,
            FromVoice = Encoder(VoiceEncoder),
            FromFace = Encoder(FaceEncoder),
            AlignmentTerm = Mean(Alignment),
            ContrastTerm = Mean(Contrast),
            Terms = terms.Count == 0 ? null : terms.Index().ToDictionary(term => term.Item, term => Mean(Count + term.Index)),
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

/// <summary>The terms of one encoder, means over an epoch's clips; null where no clip has what they need.</summary>
public sealed record EncoderTerms
{
    /// <summary>Mean error of the face decoded from this encoder's z by its likelihood: squared, in standardised units.</summary>
    public double? FaceReconstruction { get; init; }

    /// <summary>Mean error of the voice decoded from this encoder's z.</summary>
    public double? VoiceReconstruction { get; init; }

    /// <summary>Mean error over all present features, the term that is minimised.</summary>
    public double? Reconstruction { get; init; }

    /// <summary>KL(q || N(0, I)) in nats, summed over dimensions; with free bits each dimension at least those.</summary>
    public double? Kl { get; init; }
}
