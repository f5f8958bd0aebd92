using CrossModalVae.Corpora;

namespace CrossModalVae.Embeddings;

/// <summary>What one row of an embedding matrix stands for.</summary>
public sealed record EmbeddingRow
{
    /// <summary>Whose clip it is.</summary>
    public required string Identity { get; init; }

    /// <summary>The clip's name within its identity.</summary>
    public required string Clip { get; init; }

    /// <summary>What it was computed from.</summary>
    public required Modality Modality { get; init; }

    /// <summary>The clip's split.</summary>
    public required CorpusSplit Split { get; init; }

    /// <summary>"m", "f" or null where unknown.</summary>
    public string? Gender { get; init; }

    /// <summary>The nationality as the corpus spells it, or null.</summary>
    public string? Nationality { get; init; }

    /// <summary>The age in years, or null.</summary>
    public double? Age { get; init; }
}
