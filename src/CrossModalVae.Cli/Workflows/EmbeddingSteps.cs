using CrossModalVae.Clusters;
using CrossModalVae.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Clustering and ranking of embeddings by the ML.NET estimators that an application uses.</summary>
internal static class EmbeddingSteps
{
    private static ClusterAssignment Cluster(EmbeddingSet embeddings, ClusteringOptions options, CancellationToken cancellationToken)
    {
        options.Validate();
        var ml = new MLContext();
        IDataView rows = ml.Data.LoadFromEmbeddings(embeddings);
        const string Column = CrossModalCatalog.EmbeddingColumn;
        if (options.Method == ClusteringMethod.Hdbscan)
        {
            HdbscanEstimator hdbscan = ml.Clustering.Trainers.Hdbscan(Column, options.ToHdbscan());
            return ClusterAssignment.From(hdbscan.Fit(rows, cancellationToken).Result);
        }

        DbscanEstimator dbscan = ml.Clustering.Trainers.Dbscan(Column, options.ToDbscan());
        return ClusterAssignment.From(dbscan.Fit(rows, cancellationToken).Result);
    }

    /// <summary>Clusters one modality's embeddings, writes the clustering, and draws it where a folder is given.</summary>
    internal static ClusteringRecord WriteClusters(
        EmbeddingSet own,
        Modality modality,
        ClusteringOptions options,
        long seed,
        string file,
        string? pictureFolder,
        string prefix,
        string data,
        CancellationToken cancellationToken)
    {
        ClusterAssignment result = Cluster(own, options, cancellationToken);
        ClusteringRecord record = ClusteringRecord.Create(modality, options, own, result, seed, cancellationToken) with
        {
            Ceiling = ClusteringCeiling.Compute(own, options, result, seed, cancellationToken),
        };
        ClustersFile.Write(file, record);
        if (pictureFolder is not null)
        {
            ClusterPictures.Write(own, record, result, pictureFolder, prefix, data, cancellationToken);
        }

        return record;
    }

    internal static IReadOnlyList<RankedMatch> Rank(EmbeddingSet embeddings, int query, EmbeddingSet gallery, RankingOptions options)
    {
        var ml = new MLContext();
        IDataView row = ml.Data.LoadFromEmbeddings(
            new EmbeddingSet(embeddings[query].ToArray(), embeddings.Dimension, [embeddings.Rows[query]]));
        IDataView ranked = ml.Transforms
            .RankAgainstGallery("Ranked", CrossModalCatalog.EmbeddingColumn, gallery, options)
            .Fit(row)
            .Transform(row);

        string[] identities = ranked.GetColumn<string[]>("RankedIdentities").Single();
        string[] clips = ranked.GetColumn<string[]>("RankedClips").Single();
        float[] scores = ranked.GetColumn<float[]>("RankedScores").Single();
        return [.. identities.Select((identity, i) => new RankedMatch(i + 1, identity, clips[i], scores[i]))];
    }

    /// <summary>Where each query's own person stands in the whole ranking of a gallery.</summary>
    internal static RankingPlace[] Places(
        EmbeddingSet embeddings, int[] queries, EmbeddingSet gallery, RankingOptions options, CancellationToken cancellationToken)
    {
        var ranker = new Ranker(gallery, options.Metric);
        var request = new RankingRequest { Count = 1 };
        return [.. queries.Select(query => request.RankAndPlace(ranker, embeddings.Slice(query, 1), cancellationToken).Place)];
    }
}
