using CrossModalVae.Embeddings;
using Microsoft.Extensions.Logging;

namespace CrossModalVae.Pipelines.Hosting.Tests;

public class MLContextLoggingTests
{
    [Fact]
    public void LogTo_OurStepsAndMlNets_KeepLevelAndSource()
    {
        var ml = new MLContext(1);
        var log = new Lines();
        IDataView view = ml.Data.LoadFromEnumerable(new[] { new Point { Query = [1, 0] }, new Point { Query = [0, 1] } });
        var row = new EmbeddingRow { Identity = "a", Clip = "b", Modality = Modality.Face, Split = Corpora.CorpusSplit.Test };

        using (ml.LogTo(log))
        {
            ml.Transforms.RankAgainstGallery("Ranked", "Query", new EmbeddingSet([1, 0], 2, [row])).Fit(view);
            ml.Transforms.NormalizeMinMax("Query").Fit(view);
        }

        int logged = log.All.Count();
        ml.Transforms.NormalizeMinMax("Query").Fit(view);
        Assert.Contains((LogLevel.Information, "RankAgainstGallery: the first 1 of 1 rows by cosine."), log.All);
        Assert.Contains(log.All, line => line.Level == LogLevel.Trace);
        Assert.Equal(logged, log.All.Count());
    }

    private sealed class Point
    {
        [VectorType(2)]
        public float[] Query { get; set; } = [];
    }
}
