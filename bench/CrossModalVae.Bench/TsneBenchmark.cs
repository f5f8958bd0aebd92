using System.Diagnostics;
using System.Globalization;
using CrossModalVae.Metrics;
using CrossModalVae.Numerics;
using CrossModalVae.Projection;

namespace CrossModalVae.Bench;

/// <summary>
/// t-SNE of clustered points, ours and scikit-learn's in turn. Both layouts are judged by the same code: the exact KL divergence, and
/// trustworthiness at 5 neighbours. The processor time stands beside the wall time: it holds where the machine is shared.
/// </summary>
internal sealed class TsneBenchmark : IBenchmark
{
    private const string Script = "tsne_layout.py";
    private const int Clusters = 50;
    private const double Spread = 0.5;

    private readonly record struct Sample(string Name, double Seconds, double CpuSeconds, double Divergence, double Trustworthiness);

    public string Name => "tsne";

    public string Summary => "t-SNE of clustered points against scikit-learn: --points 5000 --dimension 100 --perplexity 30 "
        + "--rounds 1 --python python3 (none leaves it out)";

    public void Run(BenchOptions options)
    {
        int count = options.Count("points", 5_000), dimension = options.Count("dimension", 100), rounds = options.Count("rounds", 1);
        double perplexity = options.Number("perplexity", 30);
        string python = options.Text("python", "/usr/bin/python3");
        bool hasRival = OneLineProcess.CanImport(python, "sklearn");
        if (!hasRival)
        {
            Console.WriteLine(
                $"scikit-learn is left out: '{python}' cannot import it (apt-get install python3-sklearn, or --python PATH).");
        }

        float[] points = Points(count, dimension); // [count, dimension]
        var tsne = new TSne(new TSneOptions { Perplexity = perplexity });
        new TSne(new TSneOptions { Perplexity = 5 }).Fit(points[..(200 * dimension)], 200, dimension); // warm-up, as the rival's
        var ours = new List<Sample>();
        var theirs = new List<Sample>();
        string folder = Directory.CreateTempSubdirectory("cmvae-bench-").FullName;
        try
        {
            string file = Path.Combine(folder, "points.npy");
            NpyFile.Write(file, points, count, dimension);
            for (int round = 0; round < rounds; round++)
            {
                ours.Add(Ours(tsne, points, count, dimension));
                if (hasRival) theirs.Add(Theirs(python, tsne, file, points, count, dimension, perplexity));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Print(count, dimension, perplexity, rounds, ours, theirs);
    }

    private static void Print(int count, int dimension, double perplexity, int rounds, List<Sample> ours, List<Sample> theirs)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} x {dimension} points in {Clusters} clusters, perplexity {perplexity}, 1000 iterations, {Environment.ProcessorCount} "
            + $"processors, median of {rounds} interleaved rounds."));
        Console.WriteLine();
        Console.WriteLine("| way | seconds | CPU seconds | KL divergence | trustworthiness |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        foreach (List<Sample> samples in new[] { ours, theirs }.Where(samples => samples.Count > 0))
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {samples[0].Name} | {Sorted.Median(samples.Select(s => s.Seconds)):F2} | "
                + $"{Sorted.Median(samples.Select(s => s.CpuSeconds)):F2} | {Sorted.Median(samples.Select(s => s.Divergence)):F4} | "
                + $"{Sorted.Median(samples.Select(s => s.Trustworthiness)):F4} |"));
        }

        if (theirs.Count > 0)
        {
            double time = Sorted.Median(ours.Zip(theirs, (a, b) => b.Seconds / a.Seconds));
            double cpu = Sorted.Median(ours.Zip(theirs, (a, b) => b.CpuSeconds / a.CpuSeconds));
            double divergence = Sorted.Median(ours.Zip(theirs, (a, b) => a.Divergence / b.Divergence));
            Console.WriteLine();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"**{time:F1}** times faster, {cpu:F1} times less processor time; divergence {divergence:F3} of scikit-learn's."));
        }
    }

    private static Sample Ours(TSne tsne, float[] points, int count, int dimension)
    {
        using var process = Process.GetCurrentProcess();
        TimeSpan cpu = process.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        TSneResult result = tsne.Fit(points, count, dimension);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        double cpuSeconds = (process.TotalProcessorTime - cpu).TotalSeconds;
        return Judge("CrossModalVae", seconds, cpuSeconds, tsne, points, count, dimension, result.Layout.ToArray());
    }

    private static Sample Theirs(string python, TSne tsne, string file, float[] points, int count, int dimension, double perplexity)
    {
        string layout = Path.ChangeExtension(file, ".layout.npy");
        OneLineProcess line = OneLineProcess.Run(
            python, OneLineProcess.Rival(Script), "--points", file, "--layout", layout,
            "--perplexity", perplexity.ToString(CultureInfo.InvariantCulture));
        return Judge(
            $"scikit-learn {line.Text("sklearn")}",
            line.Number("seconds"),
            line.Number("cpu_seconds"),
            tsne,
            points,
            count,
            dimension,
            NpyFile.Read(layout).Values);
    }

    private static Sample Judge(
        string name, double seconds, double cpuSeconds, TSne tsne, float[] points, int count, int dimension, float[] layout) => new(
            name,
            seconds,
            cpuSeconds,
            tsne.Divergence(points, layout, count, dimension),
            Trustworthiness.Score(points, layout, count, dimension, TSne.LayoutDimension, sampleCount: 5_000));

    private static float[] Points(int count, int dimension)
    {
        var random = new SeededRandom(1);
        var centres = new float[Clusters * dimension];
        for (int k = 0; k < centres.Length; k++) centres[k] = (float)random.NextGaussian();
        var points = new float[count * dimension];
        for (int i = 0; i < count; i++)
        {
            int cluster = random.NextInt32(Clusters);
            for (int d = 0; d < dimension; d++)
            {
                points[(i * dimension) + d] = centres[(cluster * dimension) + d] + (float)(Spread * random.NextGaussian());
            }
        }

        return points;
    }
}
