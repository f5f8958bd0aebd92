using CrossModalVae.Clusters;
using CrossModalVae.Embeddings;
using CrossModalVae.Pipelines;
using CrossModalVae.Retrieval;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Clustering and ranking of embeddings by the steps that an ML.NET application takes.</summary>
internal static class EmbeddingSteps
{
    internal static ClusterAssignment Cluster(EmbeddingSet embeddings, ClusteringOptions options, CancellationToken cancellationToken)
    {
        options.Validate();
        var ml = new MLContext();
        IDataView rows = ml.Data.LoadFromEmbeddings(embeddings);
        var clusters = Task.Run(
            () => options.Method == ClusteringMethod.Hdbscan
                ? ClusterAssignment.From(ml.Clustering.Hdbscan(inputColumnName: CrossModalCatalog.EmbeddingColumn, options: options.ToHdbscan()).Fit(rows).Result)
                : ClusterAssignment.From(ml.Clustering.Dbscan(inputColumnName: CrossModalCatalog.EmbeddingColumn, options: options.ToDbscan()).Fit(rows).Result),
            CancellationToken.None);

        // ML.NET's Fit takes no token: on Ctrl-C the process ends without waiting for it, and nothing has been written yet.
        return clusters.WaitAsync(cancellationToken).GetAwaiter().GetResult();
    }

    internal static IReadOnlyList<RankedMatch> Rank(EmbeddingSet embeddings, int query, EmbeddingSet gallery, RankingOptions options)
    {
        var ml = new MLContext();
        IDataView row = ml.Data.LoadFromEmbeddings(new EmbeddingSet(embeddings[query].ToArray(), embeddings.Dimension, [embeddings.Rows[query]]));
        var columns = new GalleryRankingColumns();
        IDataView ranked = ml.Transforms
            .RankAgainstGallery(CrossModalCatalog.EmbeddingColumn, gallery, options, columns)
            .Fit(row)
            .Transform(row);

        string[] identities = ranked.GetColumn<string[]>(columns.Identities).Single();
        string[] clips = ranked.GetColumn<string[]>(columns.Clips).Single();
        float[] scores = ranked.GetColumn<float[]>(columns.Scores).Single();
        return [.. identities.Select((identity, i) => new RankedMatch(i + 1, identity, clips[i], scores[i]))];
    }
}
