using CrossModalVae.Clustering;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests;

public class EmbeddingViewTests
{
    [Fact]
    public void LoadFromEmbeddings_Rows_KeepOrderTextAndValues()
    {
        EmbeddingSet set = Make();
        var ml = new MLContext();

        IDataView view = ml.Data.LoadFromEmbeddings(set);

        Assert.Equal(set.Rows.Select(row => row.Identity), view.GetColumn<string>("Identity"));
        Assert.Equal(set.Rows.Select(row => row.Clip), view.GetColumn<string>("Clip"));
        Assert.All(view.GetColumn<string>("Modality"), modality => Assert.Equal("voice", modality));
        Assert.All(view.GetColumn<string>("Split"), split => Assert.Equal("test", split));
        Assert.Equal(set.Values, view.GetColumn<float[]>(CrossModalCatalog.EmbeddingColumn).SelectMany(row => row));
        Assert.Equal(3, ((VectorDataViewType)view.Schema[CrossModalCatalog.EmbeddingColumn].Type).Size);
    }

    [Fact]
    public void LoadFromEmbeddings_ThenDbscan_IsTheClusteringOfTheSet()
    {
        EmbeddingSet set = Make();
        var options = new DbscanOptions { Eps = 0.5, MinSamples = 2, Metric = DistanceMetric.Euclidean };
        var ml = new MLContext();

        DbscanResult result = ml.Clustering.Trainers.Dbscan(CrossModalCatalog.EmbeddingColumn, options)
            .Fit(ml.Data.LoadFromEmbeddings(set)).Result;

        Assert.Equal(new Dbscan(options).Fit(set.Values, set.Count, set.Dimension).Labels, result.Labels);
        Assert.Equal([0, 0, 1, 1, -1], result.Labels);
    }

    private static EmbeddingSet Make() => new(
        [0, 0, 0, 0.1f, 0, 0, 5, 5, 5, 5, 5, 5.1f, 9, 0, 0],
        3,
        [
            .. Enumerable.Range(0, 5).Select(i => new EmbeddingRow
            {
                Identity = $"p{i / 2}", Clip = $"c{i}", Modality = Modality.Voice, Split = CorpusSplit.Test,
            }),
        ]);
}
