using CrossModalVae.Embeddings;

namespace CrossModalVae.Clusters;

/// <summary>A clustering of one modality's embeddings and how it agrees with the identities: the content of a clusters file.</summary>
public sealed record ClusteringRecord
{
    /// <summary>The modality that was clustered.</summary>
    public required Modality Modality { get; init; }

    /// <summary>The options, with the eps in use.</summary>
    public required ClusteringOptions Options { get; init; }

    /// <summary>Whether eps was chosen from the k-distance curve.</summary>
    public required bool IsEpsChosen { get; init; }

    /// <summary>Clusters, noise and the agreement with the identities.</summary>
    public required ClusteringScores Scores { get; init; }

    /// <summary>What there is to be found among these embeddings; null where it was not examined.</summary>
    public ClusteringCeiling? Ceiling { get; init; }

    /// <summary>The rows in the order of the embeddings.</summary>
    public required IReadOnlyList<ClusteredRow> Rows { get; init; }

    /// <summary>Combines a clustering with the embeddings, and scores it.</summary>
    /// <param name="modality">The modality that was clustered.</param>
    /// <param name="options">The options in use; with a null eps it was chosen.</param>
    /// <param name="embeddings">What was clustered, at least one row.</param>
    /// <param name="result">Their clusters.</param>
    /// <param name="seed">Draws the silhouette's sample.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static ClusteringRecord Create(
        Modality modality,
        ClusteringOptions options,
        EmbeddingSet embeddings,
        ClusterAssignment result,
        long seed,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(result);
        return new ClusteringRecord
        {
            Modality = modality,
            Options = options with { Eps = result.Eps },
            IsEpsChosen = options.Method == ClusteringMethod.Dbscan && options.Eps is null,
            Scores = ClusteringScores.Compute(embeddings, result, options.Metric, seed, cancellationToken),
            Rows =
            [
                .. embeddings.Rows.Select((row, i) => new ClusteredRow(
                    row.Identity, row.Clip, result.Labels[i], result.IsCore?[i], result.Probabilities?[i], result.OutlierScores?[i])),
            ],
        };
    }
}

/// <summary>One row of a clustering.</summary>
/// <param name="Identity">The identity of the clip.</param>
/// <param name="Clip">The clip's name within its identity.</param>
/// <param name="Cluster">The cluster from 0, or -1 for noise.</param>
/// <param name="IsCore">Whether the row is a core point; null for HDBSCAN.</param>
/// <param name="Probability">How strongly it belongs to its cluster, 0 to 1; null for DBSCAN.</param>
/// <param name="OutlierScore">How outlying it is, 0 to 1; null for DBSCAN.</param>
public sealed record ClusteredRow(string Identity, string Clip, int Cluster, bool? IsCore, double? Probability, double? OutlierScore);
