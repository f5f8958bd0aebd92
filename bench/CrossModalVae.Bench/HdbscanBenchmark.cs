using System.Diagnostics;
using System.Globalization;
using CrossModalVae.Clustering;
using CrossModalVae.Numerics;

namespace CrossModalVae.Bench;

/// <summary>
/// HDBSCAN of clustered points with some noise, in turn with scikit-learn's DBSCAN of the same points (what else one would run) and, where
/// Python has it, the reference hdbscan: each in a process of its own; seconds without reading, peak memory of the process with the data.
/// </summary>
internal sealed class HdbscanBenchmark : IBenchmark
{
    private const int MinClusterSize = 15, MinSamples = 5;
    private const string Own = "own"; // what the child process is asked for

    public string Name => "hdbscan";

    public string Summary =>
        "seconds and memory of HDBSCAN against scikit-learn's DBSCAN (bench/rivals/dbscan.py) and the reference hdbscan "
        + "(bench/rivals/hdbscan_fit.py): --counts 20000 --dimension 100 --clusters 100 --noise 0.1 "
        + "--separation 1 --pairs 3 --python /usr/bin/python3";

    public void Run(BenchOptions options)
    {
        if (options.Text(Own, "") is { Length: > 0 } points)
        {
            RunOwn(points, options);
            return;
        }

        int dimension = options.Count("dimension", 100), clusters = options.Count("clusters", 100), pairs = options.Count("pairs", 3);
        double noise = options.Number("noise", 0.1), separation = options.Number("separation", 1);
        string python = options.Text("python", "/usr/bin/python3");
        bool hasScikitLearn = OneLineProcess.CanImport(python, "sklearn"), hasReference = OneLineProcess.CanImport(python, "hdbscan");
        if (!hasScikitLearn)
        {
            Console.WriteLine(
                $"scikit-learn is left out: '{python}' cannot import it (apt-get install python3-sklearn, or --python PATH).");
        }
        if (!hasReference)
        {
            Console.WriteLine($"The reference hdbscan is left out: '{python}' cannot import it (PYTHONPATH, or --python PATH).");
        }
        string folder = Directory.CreateTempSubdirectory("cmvae-bench-").FullName;
        try
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{clusters} Gaussian clusters in {dimension} dimensions, standard deviation 1, centres of standard deviation "
                + $"{separation}, {noise:P0} uniform noise; minimum cluster size {MinClusterSize}, minimum samples {MinSamples}; "
                + $"{Environment.ProcessorCount} processors, {pairs} rounds in turn, median."));
            Console.WriteLine();
            Console.WriteLine(
                "| points | clusters found | noise | ours, s | ours, MB | scikit-learn's DBSCAN, s | MB | ours / DBSCAN | reference "
                + "hdbscan, s | MB | reference / ours | rows labelled otherwise |");
            Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
            foreach (int count in options.Counts("counts", 20_000))
            {
                string file = Path.Combine(folder, "points.f32");
                ClusteredPoints.Write(file, count, dimension, clusters, noise, separation);
                Measure(file, folder, count, dimension, pairs, hasScikitLearn ? python : null, hasReference ? python : null);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string file, string folder, int count, int dimension, int pairs, string? scikitLearn, string? reference)
    {
        string ours = Path.Combine(folder, "ours.i32"), theirs = Path.Combine(folder, "theirs.i32"),
            unread = Path.Combine(folder, "unread.i32");
        string[] shared = ["--dimension", Text(dimension), "--min-samples", Text(MinSamples)];
        string eps = ClusteredPoints.Eps(dimension).ToString("R", CultureInfo.InvariantCulture);
        List<OneLineProcess> own = [], dbscan = [], hdbscan = [];
        for (int pair = 0; pair < pairs; pair++)
        {
            own.Add(OneLineProcess.Run(
                Environment.ProcessPath!,
                [typeof(HdbscanBenchmark).Assembly.Location, "hdbscan", $"--{Own}", file, .. shared, "--labels", ours]));
            if (scikitLearn is not null)
            {
                dbscan.Add(OneLineProcess.Run(
                    scikitLearn, [OneLineProcess.Rival("dbscan.py"), "--points", file, .. shared, "--eps", eps, "--labels", unread]));
            }

            if (reference is not null)
            {
                hdbscan.Add(OneLineProcess.Run(
                    reference,
                    [
                        OneLineProcess.Rival("hdbscan_fit.py"), "--points", file, .. shared, "--min-cluster-size", Text(MinClusterSize),
                        "--labels", theirs,
                    ]));
            }
        }

        int[] labels = ClusteredPoints.Labels(ours);
        string otherwise = reference is null ? "" : Text(RowsLabelledOtherwise(labels, ClusteredPoints.Labels(theirs)));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {count} | {labels.Max() + 1} | {labels.Count(label => label < 0) / (double)count:P1} | {Figures(own)} | {Figures(dbscan)} "
            + $"| {Ratio(own, dbscan)} | {Figures(hdbscan)} | {Ratio(hdbscan, own)} | {otherwise} |"));
    }

    private static void RunOwn(string pointsFile, BenchOptions options)
    {
        int dimension = options.Count("dimension", 100);
        float[] values = ClusteredPoints.Read(pointsFile);
        var hdbscan = new Hdbscan(new HdbscanOptions
        {
            MinClusterSize = MinClusterSize,
            MinSamples = options.Count("min-samples", MinSamples),
            Metric = DistanceMetric.Euclidean,
        });
        long start = Stopwatch.GetTimestamp();
        HdbscanResult result = hdbscan.Fit(values, values.Length / dimension, dimension);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        ClusteredPoints.Report(result.Labels, seconds, options.Text("labels", ""));
    }

    // Clusters go together where they share most of their rows; what is then labelled otherwise is a row that
    // merges at the distance at which clusters meet.
    private static int RowsLabelledOtherwise(int[] ours, int[] theirs)
    {
        Dictionary<int, int> partner = ours.Zip(theirs).Where(pair => pair.First >= 0 && pair.Second >= 0)
            .GroupBy(pair => pair.First)
            .ToDictionary(group => group.Key, group => group.CountBy(pair => pair.Second).MaxBy(count => count.Value).Key);
        return ours.Zip(theirs).Count(pair => (pair.First < 0 ? -1 : partner.GetValueOrDefault(pair.First, -1)) != pair.Second);
    }

    private static string Figures(List<OneLineProcess> runs) => runs.Count == 0
        ? "| "
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{Sorted.Median(runs.Select(run => run.Number("seconds"))):F2} | {runs.Max(run => run.Number("megabytes")):F0}");

    private static string Ratio(List<OneLineProcess> runs, List<OneLineProcess> others) => runs.Count == 0 || others.Count == 0
        ? ""
        : string.Create(
            CultureInfo.InvariantCulture,
            $"**{Sorted.Median(runs.Zip(others, (run, other) => run.Number("seconds") / other.Number("seconds"))):F2}**");

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
