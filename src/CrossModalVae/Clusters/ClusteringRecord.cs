using CrossModalVae.Embeddings;

namespace CrossModalVae.Clusters;

/// <summary>A clustering of one modality's embeddings and how it agrees with the identities: what a clusters file holds.</summary>
public sealed record ClusteringRecord
{
    /// <summary>What was clustered.</summary>
    public required Modality Modality { get; init; }

    /// <summary>How; its eps is the one in use.</summary>
    public required ClusteringOptions Options { get; init; }

    /// <summary>Whether eps was chosen from the k-distance curve.</summary>
    public required bool IsEpsChosen { get; init; }

    /// <summary>Clusters, noise and the agreement with the identities.</summary>
    public required ClusteringScores Scores { get; init; }

    /// <summary>The rows in the order of the embeddings.</summary>
    public required IReadOnlyList<ClusteredRow> Rows { get; init; }

    /// <summary>Puts a clustering together with the embeddings that it clustered, and scores it.</summary>
    /// <param name="modality">What was clustered.</param>
    /// <param name="options">The options in use; a null eps says that it was chosen.</param>
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
