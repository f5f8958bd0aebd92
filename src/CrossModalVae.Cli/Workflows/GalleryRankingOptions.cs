using CrossModalVae.Calibration;

namespace CrossModalVae.Cli.Workflows;

/// <summary>What <c>cmvae rank</c> is asked.</summary>
internal sealed record GalleryRankingOptions
{
    /// <summary>The embedding folder with the clips that ask.</summary>
    public required string Embeddings { get; init; }

    /// <summary>IDENTITY/CLIP, or null.</summary>
    public string? Query { get; init; }

    /// <summary>Whose clips ask together, or null.</summary>
    public string? QueryIdentity { get; init; }

    /// <summary>The gallery folder, or null for the other modality's rows of the embeddings.</summary>
    public string? Gallery { get; init; }

    public required RetrievalDirection Direction { get; init; }

    public required RankingMetric Metric { get; init; }

    public CalibrationReport? Calibration { get; init; }

    public double? Prior { get; init; }

    public required RankingRequest Request { get; init; }

    internal Modality Asking => Direction == RetrievalDirection.VoiceToFace ? Modality.Voice : Modality.Face;

    internal Modality Answering => Direction == RetrievalDirection.VoiceToFace ? Modality.Face : Modality.Voice;
}
