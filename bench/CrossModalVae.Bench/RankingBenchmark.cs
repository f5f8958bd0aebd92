using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Files;
using CrossModalVae.Numerics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Bench;

/// <summary>
/// Exact ranking of a gallery for many queries, in one batch and one at a time, ours and FAISS's flat index in turn. Processor time stands
/// beside the wall time: it holds where the machine is shared.
/// </summary>
internal sealed class RankingBenchmark : IBenchmark
{
    private const string Script = "faiss_flat.py";
    private const int Singles = 200;

    private readonly record struct Sample(string Name, double Batch, double BatchCpu, double Single, double SingleCpu, int[] Ids);

    public string Name => "rank";

    public string Summary =>
        "queries per second of exact top-k against FAISS's flat index (bench/rivals/faiss_flat.py): --rows 100000 --dimension 100 "
        + "--queries 1000 --k 10 --metric euclidean --pairs 5 --python /usr/bin/python3";

    public void Run(BenchOptions options)
    {
        int count = options.Count("rows", 100_000), dimension = options.Count("dimension", 100), asked = options.Count("queries", 1000);
        int k = options.Count("k", 10), pairs = options.Count("pairs", 5);
        string python = options.Text("python", "/usr/bin/python3");
        if (!EnumText.TryParse(options.Text("metric", "euclidean"), out RankingMetric metric)
            || metric is not (RankingMetric.Euclidean or RankingMetric.InnerProduct))
        {
            throw new ArgumentException(
                $"--metric is '{options.Text("metric", "")}'; must be euclidean or inner-product, which FAISS's flat index has.");
        }

        bool hasRival = OneLineProcess.CanImport(python, "faiss");
        if (!hasRival)
        {
            Console.WriteLine($"FAISS is left out: '{python}' cannot import it (apt-get install python3-faiss, or --python PATH).");
        }
        EmbeddingSet gallery = Random(count, dimension, seed: 1), queries = Random(asked, dimension, seed: 2);
        var ranker = new Ranker(gallery, metric);
        var ours = new List<Sample>();
        var theirs = new List<Sample>();
        string folder = Directory.CreateTempSubdirectory("cmvae-bench-").FullName;
        try
        {
            string galleryFile = Path.Combine(folder, "gallery.npy"), queryFile = Path.Combine(folder, "queries.npy"),
                ids = Path.Combine(folder, "ids.i32");
            NpyFile.Write(galleryFile, gallery.Values, count, dimension);
            NpyFile.Write(queryFile, queries.Values, asked, dimension);
            Ours(ranker, queries, k); // warm-up, as the rival's
            for (int pair = 0; pair < pairs; pair++)
            {
                ours.Add(Ours(ranker, queries, k));
                if (hasRival) theirs.Add(Theirs(python, galleryFile, queryFile, metric, k, ids));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Print(count, dimension, asked, k, metric, pairs, ours, theirs);
    }

    private static void Print(
        int count, int dimension, int asked, int k, RankingMetric metric, int pairs, List<Sample> ours, List<Sample> theirs)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} x {dimension} rows, {asked} queries, k {k}, {EnumText.Of(metric)}, {Environment.ProcessorCount} "
            + $"threads each, median of {pairs} pairs in turn."));
        Console.WriteLine();
        Console.WriteLine("| way | in one batch, queries/s | CPU ms a query | one at a time, queries/s | CPU ms a query |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        foreach (List<Sample> samples in new[] { ours, theirs }.Where(samples => samples.Count > 0))
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {samples[0].Name} | {asked / Sorted.Median(samples.Select(s => s.Batch)):F0} | "
                + $"{1000 * Sorted.Median(samples.Select(s => s.BatchCpu)) / asked:F3} | "
                + $"{1 / Sorted.Median(samples.Select(s => s.Single)):F0} | "
                + $"{1000 * Sorted.Median(samples.Select(s => s.SingleCpu)):F2} |"));
        }

        if (theirs.Count > 0)
        {
            int other = ours[0].Ids.Zip(theirs[0].Ids).Count(pair => pair.First != pair.Second);
            Console.WriteLine();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"**{Sorted.Median(ours.Zip(theirs, (a, b) => b.Batch / a.Batch)):F2}** times as many queries in one batch, "
                + $"**{Sorted.Median(ours.Zip(theirs, (a, b) => b.Single / a.Single)):F2}** one at a time; "
                + $"{other} of {ours[0].Ids.Length} ids differ."));
        }
    }

    private static Sample Ours(Ranker ranker, EmbeddingSet queries, int k)
    {
        using var process = Process.GetCurrentProcess();
        (double Seconds, double Cpu) Time(Action work)
        {
            process.Refresh();
            TimeSpan cpu = process.TotalProcessorTime;
            long start = Stopwatch.GetTimestamp();
            work();
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            process.Refresh();
            return (seconds, (process.TotalProcessorTime - cpu).TotalSeconds);
        }

        RankedRow[][] found = [];
        (double batch, double batchCpu) = Time(() => found = ranker.Search(queries, k));
        int singles = Math.Min(Singles, queries.Count);
        (double single, double singleCpu) = Time(() =>
        {
            for (int i = 0; i < singles; i++) ranker.Search(queries[i], k);
        });
        return new Sample(
            "CrossModalVae",
            batch,
            batchCpu,
            single / singles,
            singleCpu / singles,
            [.. found.SelectMany(rows => rows.Select(row => row.Row))]);
    }

    private static Sample Theirs(string python, string gallery, string queries, RankingMetric metric, int k, string ids)
    {
        OneLineProcess line = OneLineProcess.Run(
            python,
            OneLineProcess.Rival(Script),
            "--gallery", gallery,
            "--queries", queries,
            "--metric", EnumText.Of(metric),
            "--k", k.ToString(CultureInfo.InvariantCulture),
            "--threads", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
            "--ids", ids);
        return new Sample(
            $"FAISS {line.Text("faiss")}, flat",
            line.Number("batch"),
            line.Number("batch_cpu"),
            line.Number("single"),
            line.Number("single_cpu"),
            MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(ids)).ToArray());
    }

    private static EmbeddingSet Random(int count, int dimension, int seed)
    {
        var random = new SeededRandom(seed);
        var values = new float[count * dimension];
        for (int i = 0; i < values.Length; i++) values[i] = (float)random.NextGaussian();
        var row = new EmbeddingRow { Identity = "one", Clip = "one", Modality = Modality.Face, Split = CorpusSplit.Test };
        return new EmbeddingSet(values, dimension, [.. Enumerable.Repeat(row, count)]);
    }
}
