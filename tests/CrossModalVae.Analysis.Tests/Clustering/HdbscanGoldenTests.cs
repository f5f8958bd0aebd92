using System.Text.Json;
using CrossModalVae.Clustering;
using CrossModalVae.Files;
using CrossModalVae.Numerics;

namespace CrossModalVae.Analysis.Tests.Clustering;

/// <summary>Against the reference implementation (Golden/Clustering/make_hdbscan.py says how, and what "tied" rows are).</summary>
public class HdbscanGoldenTests
{
    // Golden values have 12 decimals; the distances of the two are sums in double precision in another order.
    private const double Tolerance = 1e-9;

    public static TheoryData<string> Names() =>
        [
            .. Directory.GetFiles(Folder, "hdbscan-*.json")
                .Select(file => Path.GetFileNameWithoutExtension(file)["hdbscan-".Length..])
                .Order(),
        ];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden", "Clustering");

    [Fact]
    public void Names_AllGoldens_AreThere() => Assert.Equal(13, Names().Count);

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_ReferencesCase_AgreesWithIt(string name)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, $"hdbscan-{name}.json")));
        int[] labels = Read(golden.RootElement, "labels", value => value.GetInt32());

        HdbscanResult result = Fit(golden.RootElement);

        Dictionary<int, int> number = AssertSamePartition(labels, result.Labels);
        AssertEqual(Read(golden.RootElement, "probabilities", value => value.GetDouble()), result.Probabilities);
        AssertEqual(Read(golden.RootElement, "outlier_scores", value => value.GetDouble()), result.OutlierScores);
        if (golden.RootElement.TryGetProperty("new", out JsonElement asked))
        {
            float[] values = Read(asked, "values", value => value.GetSingle());

            HdbscanPrediction prediction = result.Predict(values, values.Length / golden.RootElement.GetProperty("dimension").GetInt32());

            Assert.Equal(Read(asked, "labels", value => number[value.GetInt32()]), prediction.Labels);
            AssertEqual(Read(asked, "probabilities", value => value.GetDouble()), prediction.Probabilities);
            AssertEqual(Read(asked, "outlier_scores", value => value.GetDouble()), prediction.OutlierScores);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_ReferencesCase_FewRowsAreLabelledByTheOrderOfTies(string name)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, $"hdbscan-{name}.json")));
        int[] tied = Read(golden.RootElement, "tied", value => value[0].GetInt32());

        HdbscanResult result = Fit(golden.RootElement);

        Assert.InRange(tied.Length, 0, 2);
        Assert.All(tied, row => Assert.Equal(HdbscanResult.Noise, result.Labels[row]));
    }

    private static HdbscanResult Fit(JsonElement golden)
    {
        JsonElement options = golden.GetProperty("options");
        int dimension = golden.GetProperty("dimension").GetInt32();
        float[] values = Read(golden, "values", value => value.GetSingle());
        Assert.True(EnumText.TryParse(options.GetProperty("metric").GetString()!, out DistanceMetric metric));
        Assert.True(EnumText.TryParse(options.GetProperty("selection").GetString()!, out ClusterSelection selection));
        return new Hdbscan(new HdbscanOptions
        {
            MinClusterSize = options.GetProperty("min_cluster_size").GetInt32(),
            MinSamples = options.GetProperty("min_samples").GetInt32(),
            Metric = metric,
            Selection = selection,
            AllowSingleCluster = options.GetProperty("single").GetBoolean(),
            SelectionEpsilon = options.GetProperty("epsilon").GetDouble(),
        }).Fit(values, values.Length / dimension, dimension);
    }

    private static Dictionary<int, int> AssertSamePartition(int[] expected, IReadOnlyList<int> actual)
    {
        var pairs = expected.Zip(actual).Distinct().ToList();
        var number = new Dictionary<int, int> { [HdbscanResult.Noise] = HdbscanResult.Noise };
        foreach ((int theirs, int ours) in pairs)
        {
            Assert.True(
                number.TryAdd(theirs, ours) || number[theirs] == ours,
                $"cluster {theirs} of the reference is {number[theirs]} and {ours} here");
        }

        Assert.Equal(number.Count, number.Values.Distinct().Count());
        return number;
    }

    private static void AssertEqual(double[] expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], Tolerance);
        }
    }

    private static T[] Read<T>(JsonElement element, string name, Func<JsonElement, T> read) =>
        [.. element.GetProperty(name).EnumerateArray().Select(read)];
}
