using CrossModalVae.Clustering;
using CrossModalVae.Numerics;
using CrossModalVae.Pipelines.Tests.Workouts;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Clustering;

/// <summary>The clusterers under ML.NET's own evaluation and conversions.</summary>
public class ClusteringEvaluationTests
{
    private const double Tolerance = 1e-6;

    private readonly MLContext _ml = new(1);

    public static TheoryData<string> Methods => ["dbscan", "hdbscan"];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Evaluate_OfThePrediction_IsTheMutualInformationOfTheLabels(string method)
    {
        PlaneRow[] rows = ThreeGroups();
        IDataView scored = Fit(method, rows).Transform(_ml.Data.LoadFromEnumerable(rows));

        ClusteringMetrics metrics = _ml.Clustering.Evaluate(
            _ml.Transforms.Conversion.MapValueToKey("Person").Fit(scored).Transform(scored), "Person", "Score", "Features");

        // ML.NET divides the mutual information of people and clusters by the people's entropy; rows of noise are left out.
        int[] clusters = [.. DataRows.Read(scored, "PredictedLabel").Select(row => (int)(uint)row[0] - 1)];
        (string Person, int Cluster)[] clustered =
            [.. rows.Select((row, i) => (row.Person, clusters[i])).Where(pair => pair.Item2 >= 0)];
        Assert.InRange(clustered.Length, 55, rows.Length - 1);
        Assert.Equal(Information(clustered), metrics.NormalizedMutualInformation, Tolerance);
        Assert.InRange(metrics.NormalizedMutualInformation, 0.6, 0.99);
        Assert.Equal(DaviesBouldin([.. rows.Where((_, i) => clusters[i] >= 0)], [.. clusters.Where(c => c >= 0)]),
            metrics.DaviesBouldinIndex, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Score_IsLeastForThePrediction_AndMissingForNoise(string method)
    {
        PlaneRow[] rows = ThreeGroups();
        IDataView fitted = _ml.Data.LoadFromEnumerable(rows);
        var random = new SeededRandom(5);
        IDataView others = _ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 300).Select(_ => Row("", random.NextDouble(-4, 14), random.NextDouble(-4, 14))).ToArray());
        ITransformer clusterer = Fit(method, rows);

        int noise = 0;
        foreach (object[] row in DataRows.Read(clusterer.Transform(fitted), "PredictedLabel", "Score")
            .Concat(DataRows.Read(clusterer.Transform(others), "PredictedLabel", "Score")))
        {
            var scores = (float[])row[1];
            int label = (int)(uint)row[0] - 1;
            noise += label < 0 ? 1 : 0;
            Assert.Equal(label < 0, scores.All(float.IsNaN));
            Assert.All(scores.Where((_, cluster) => label >= 0 && cluster != label), score => Assert.True(score > scores[label]));
        }

        Assert.InRange(noise, 20, 300);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void PredictedLabel_MappedToValue_IsTheClustersNumber(string method)
    {
        PlaneRow[] rows = ThreeGroups();
        IDataView scored = Fit(method, rows).Transform(_ml.Data.LoadFromEnumerable(rows));
        IDataView named = _ml.Transforms.Conversion.MapKeyToValue("Cluster", "PredictedLabel").Fit(scored).Transform(scored);
        VBuffer<ReadOnlyMemory<char>> slots = default;
        named.Schema["Score"].GetSlotNames(ref slots);

        List<object[]> values = DataRows.Read(named, "PredictedLabel", "Cluster");

        Assert.All(values, row => Assert.Equal((uint)row[0] == 0 ? "" : $"{(uint)row[0] - 1}", row[1]));
        Assert.Equal(["0", "1", "2"], values.Select(row => (string)row[1]).Where(text => text.Length > 0).Distinct().Order());
        Assert.Equal(["0", "1", "2"], slots.DenseValues().Select(text => text.ToString()));
        Assert.Equal("Clustering", Text(named.Schema["Score"], "ScoreColumnKind"));
        Assert.Equal("Score", Text(named.Schema["Score"], "ScoreValueKind"));
        Assert.Equal("PredictedLabel", Text(named.Schema["PredictedLabel"], "ScoreValueKind"));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void CrossValidate_Clusterer_GivesMetricsForEachFold(string method)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(ThreeGroups());
        IDataView keyed = _ml.Transforms.Conversion.MapValueToKey("Person").Fit(data).Transform(data);

        IReadOnlyList<TrainCatalogBase.CrossValidationResult<ClusteringMetrics>> folds = method == "dbscan"
            ? _ml.Clustering.CrossValidate(keyed, Dbscan(), 3, "Person", "Features")
            : _ml.Clustering.CrossValidate(keyed, Hdbscan(), 3, "Person", "Features");

        Assert.Equal(3, folds.Count);
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.NormalizedMutualInformation, 0.5, 1));
    }

    [Fact]
    public void Log_OfTheContext_SaysWhatWasFound()
    {
        var lines = new List<string>();
        _ml.Log += (_, e) => lines.Add($"{e.Source}: {e.RawMessage}");

        Fit("dbscan", ThreeGroups());
        Fit("hdbscan", ThreeGroups());

        Assert.Contains(lines, line => line.StartsWith("Dbscan: 63 rows, eps 0.8: 3 clusters, ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Hdbscan: 63 rows: 3 clusters, ", StringComparison.Ordinal));
    }

    private ITransformer Fit(string method, PlaneRow[] rows)
    {
        IDataView input = _ml.Data.LoadFromEnumerable(rows);
        return method == "dbscan" ? Dbscan().Fit(input) : Hdbscan().Fit(input);
    }

    private DbscanEstimator Dbscan() => _ml.Clustering.Trainers.Dbscan(
        options: new DbscanOptions { Eps = 0.8, MinSamples = 4, Metric = DistanceMetric.Euclidean });

    private HdbscanEstimator Hdbscan() => _ml.Clustering.Trainers.Hdbscan(
        options: new HdbscanOptions { MinClusterSize = 4, MinSamples = 3, Metric = DistanceMetric.Euclidean });

    // Twenty rows around each of three places, two of a person who is partly at another's place, and three far away.
    private static PlaneRow[] ThreeGroups()
    {
        var random = new SeededRandom(3);
        (double X, double Y)[] places = [(0, 0), (9, 0), (0, 9)];
        return
        [
            .. Enumerable.Range(0, 60).Select(i => Row(
                i % 7 == 0 ? "p0" : $"p{i % 3}",
                places[i % 3].X + (0.5 * random.NextGaussian()),
                places[i % 3].Y + (0.5 * random.NextGaussian()))),
            Row("p0", 40, 40), Row("p1", -30, 20), Row("p2", 5, -50),
        ];
    }

    private static double Information((string Person, int Cluster)[] rows)
    {
        double n = rows.Length, information = 0, entropy = 0;
        foreach (IGrouping<string, (string Person, int Cluster)> person in rows.GroupBy(row => row.Person))
        {
            double px = person.Count() / n;
            entropy -= px * Math.Log(px);
            foreach (IGrouping<int, (string Person, int Cluster)> both in person.GroupBy(row => row.Cluster))
            {
                double pxy = both.Count() / n, py = rows.Count(row => row.Cluster == both.Key) / n;
                information += pxy * Math.Log(pxy / (px * py));
            }
        }

        return information / entropy;
    }

    private static double DaviesBouldin(PlaneRow[] rows, int[] clusters)
    {
        (double X, double Y, double Spread)[] all =
        [
            .. Enumerable.Range(0, clusters.Max() + 1).Select(cluster =>
            {
                float[][] own = [.. rows.Where((_, i) => clusters[i] == cluster).Select(row => row.Features)];
                double x = own.Average(p => p[0]), y = own.Average(p => p[1]);
                return (x, y, own.Average(p => Math.Sqrt(Math.Pow(p[0] - x, 2) + Math.Pow(p[1] - y, 2))));
            }),
        ];
        return all.Select((a, i) => all.Where((_, j) => j != i).Max(
            b => (a.Spread + b.Spread) / Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2)))).Average();
    }

    private static string Text(DataViewSchema.Column column, string kind)
    {
        ReadOnlyMemory<char> text = default;
        column.Annotations.GetValue(kind, ref text);
        return text.ToString();
    }

    private static PlaneRow Row(string person, double x, double y) => new() { Person = person, Features = [(float)x, (float)y] };

    private sealed class PlaneRow
    {
        public string Person { get; set; } = "";

        [VectorType(2)]
        public float[] Features { get; set; } = new float[2];
    }
}
