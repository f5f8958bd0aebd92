namespace CrossModalVae.Training;

/// <summary>The terms of one encoder, means over an epoch's clips; null where no clip has what they need.</summary>
public sealed record EncoderTerms
{
    /// <summary>Mean squared error of the face decoded from this encoder's z, standardised units.</summary>
    public required double? FaceReconstruction { get; init; }

    /// <summary>Mean squared error of the voice decoded from this encoder's z, standardised units.</summary>
    public required double? VoiceReconstruction { get; init; }

    /// <summary>Mean squared error over all present features, the term that is minimised.</summary>
    public required double? Reconstruction { get; init; }

    /// <summary>KL(q || N(0, I)) in nats, summed over dimensions.</summary>
    public required double? Kl { get; init; }
}
