using System.Diagnostics;
using System.Globalization;
using CrossModalVae.Clustering;
using CrossModalVae.Numerics;

namespace CrossModalVae.Bench;

/// <summary>
/// DBSCAN of clustered points with some noise, ours and scikit-learn's, each in a process of its own, in turn; seconds without reading,
/// peak memory of the process with the data, and whether the labels are the same.
/// </summary>
internal sealed class DbscanBenchmark : IBenchmark
{
    private const string Rival = "dbscan.py";
    private const string Own = "own"; // what the child process is asked for

    private readonly record struct Sample(double Seconds, double Megabytes);

    public string Name => "dbscan";

    public string Summary =>
        "seconds and memory of DBSCAN against scikit-learn (bench/rivals/dbscan.py): --counts 20000,100000 --dimension 100 --clusters 100 "
        + "--noise 0.1 --separation 1 --pairs 3 --python /usr/bin/python3";

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
        bool hasRival = OneLineProcess.CanImport(python, "sklearn");
        if (!hasRival)
        {
            Console.WriteLine(
                $"scikit-learn is left out: '{python}' cannot import it (apt-get install python3-sklearn, or --python PATH).");
        }
        string folder = Directory.CreateTempSubdirectory("cmvae-bench-").FullName;
        try
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{clusters} Gaussian clusters in {dimension} dimensions, standard deviation 1, centres of standard deviation "
                + $"{separation}, {noise:P0} uniform noise; {Environment.ProcessorCount} processors, {pairs} pairs in turn, median."));
            Console.WriteLine();
            Console.WriteLine(
                "| points | clusters found | noise | ours, s | ours, MB | scikit-learn, s | scikit-learn, MB | ratio | labels |");
            Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|---|");
            foreach (int count in options.Counts("counts", 20_000, 100_000))
            {
                Measure(folder, count, dimension, clusters, noise, separation, pairs, hasRival ? python : null);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(
        string folder, int count, int dimension, int clusters, double noise, double separation, int pairs, string? python)
    {
        const int MinSamples = 5;
        string points = Path.Combine(folder, "points.f32"), ours = Path.Combine(folder, "ours.i32"),
            theirs = Path.Combine(folder, "theirs.i32");
        ClusteredPoints.Write(points, count, dimension, clusters, noise, separation);
        double eps = ClusteredPoints.Eps(dimension);
        string[] shared =
        [
            "--dimension", Text(dimension), "--eps", eps.ToString("R", CultureInfo.InvariantCulture), "--min-samples", Text(MinSamples),
            "--labels",
        ];
        var own = new List<Sample>();
        var rival = new List<Sample>();
        for (int pair = 0; pair < pairs; pair++)
        {
            own.Add(Start(
                Environment.ProcessPath!, [typeof(DbscanBenchmark).Assembly.Location, "dbscan", $"--{Own}", points, .. shared, ours]));
            if (python is not null) rival.Add(Start(python, [OneLineProcess.Rival(Rival), "--points", points, .. shared, theirs]));
        }

        int[] labels = ClusteredPoints.Labels(ours);
        string theirFigures = python is null
            ? "| | | | |"
            : Rivals(own, rival, labels.AsSpan().SequenceEqual(ClusteredPoints.Labels(theirs)));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {count} | {labels.Max() + 1} | {labels.Count(label => label < 0) / (double)count:P1} | "
            + $"{Sorted.Median(own.Select(s => s.Seconds)):F2} | {own.Max(s => s.Megabytes):F0} {theirFigures}"));
    }

    private static string Rivals(List<Sample> own, List<Sample> rival, bool same)
    {
        double ratio = Sorted.Median(rival.Zip(own, (r, o) => r.Seconds / o.Seconds));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {Sorted.Median(rival.Select(s => s.Seconds)):F2} | {rival.Max(s => s.Megabytes):F0} | "
            + $"**{ratio:F1}** | {(same ? "the same" : "DIFFER")} |");
    }

    private static void RunOwn(string pointsFile, BenchOptions options)
    {
        int dimension = options.Count("dimension", 100);
        float[] values = ClusteredPoints.Read(pointsFile);
        var dbscan = new Dbscan(new DbscanOptions
        {
            Eps = options.Number("eps", 1),
            MinSamples = options.Count("min-samples", 5),
            Metric = DistanceMetric.Euclidean,
        });
        long start = Stopwatch.GetTimestamp();
        DbscanResult result = dbscan.Fit(values, values.Length / dimension, dimension);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        ClusteredPoints.Report(result.Labels, seconds, options.Text("labels", ""));
    }

    private static Sample Start(string program, string[] arguments)
    {
        OneLineProcess line = OneLineProcess.Run(program, arguments);
        return new Sample(line.Number("seconds"), line.Number("megabytes"));
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
