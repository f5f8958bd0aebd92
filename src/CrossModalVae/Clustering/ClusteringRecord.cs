using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;

namespace CrossModalVae.Clustering;

/// <summary>A DBSCAN clustering of one modality's embeddings and how it agrees with the identities: what a clusters file holds.</summary>
public sealed record ClusteringRecord
{
    /// <summary>What was clustered.</summary>
    public required Modality Modality { get; init; }

    /// <summary>The distance.</summary>
    public required DistanceMetric Metric { get; init; }

    /// <summary>The eps in use.</summary>
    public required double Eps { get; init; }

    /// <summary>Whether eps was chosen from the k-distance curve.</summary>
    public required bool IsEpsChosen { get; init; }

    /// <summary>DBSCAN's minimum samples.</summary>
    public required int MinSamples { get; init; }

    /// <summary>Clusters found, noise not counted.</summary>
    public required int ClusterCount { get; init; }

    /// <summary>Share of rows in no cluster, 0 to 1.</summary>
    public required double NoiseShare { get; init; }

    /// <summary>Adjusted Rand index against the identities, noise as one more cluster; null where it is not defined.</summary>
    public required double? AdjustedRandScore { get; init; }

    /// <summary>Normalised mutual information against the identities, likewise.</summary>
    public required double? NormalisedMutualInformationScore { get; init; }

    /// <summary>The rows in the order of the embeddings.</summary>
    public required IReadOnlyList<ClusteredRow> Rows { get; init; }

    /// <summary>Puts a clustering together with the rows that it clustered.</summary>
    /// <param name="modality">What was clustered.</param>
    /// <param name="options">The options in use; a null eps says that it was chosen.</param>
    /// <param name="rows">The rows that were clustered, at least one.</param>
    /// <param name="result">Their clusters.</param>
    public static ClusteringRecord Create(Modality modality, DbscanOptions options, IReadOnlyList<EmbeddingRow> rows, DbscanResult result)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(result);
        ClusteringScores scores = ClusteringScores.Compute([.. rows.Select(row => row.Identity)], result);
        return new ClusteringRecord
        {
            Modality = modality,
            Metric = options.Metric,
            Eps = result.Eps,
            IsEpsChosen = options.Eps is null,
            MinSamples = options.MinSamples,
            ClusterCount = result.ClusterCount,
            NoiseShare = result.NoiseShare,
            AdjustedRandScore = scores.AdjustedRandScore,
            NormalisedMutualInformationScore = scores.NormalisedMutualInformationScore,
            Rows = [.. rows.Select((row, i) => new ClusteredRow(row.Identity, row.Clip, result.Labels[i], result.IsCore[i]))],
        };
    }
}
