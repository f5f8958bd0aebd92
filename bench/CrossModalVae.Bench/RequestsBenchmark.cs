using System.Diagnostics;
using System.Globalization;
using CrossModalVae.Hosting;
using CrossModalVae.Numerics;
using CrossModalVae.Scoring;

namespace CrossModalVae.Bench;

/// <summary>
/// Callers that send one row at a time and wait for its embedding, gathered into runs as a service does it, against runs of full batches by
/// one caller that has all rows, in interleaved rounds: rows per second and how long a caller waits.
/// </summary>
internal sealed class RequestsBenchmark : IBenchmark
{
    public string Name => "requests";

    public string Summary =>
        "rows/s and waiting time of concurrent single requests against full batches: --model FOLDER --callers 200 --batch 256 "
        + "--max-batch 64 --delay 4 --seconds 3 --rounds 5";

    public void Run(BenchOptions options)
    {
        string folder = options.Text("model", Path.Combine("onnx", "demo"));
        int callers = options.Count("callers", 200), batch = options.Count("batch", 256), rounds = options.Count("rounds", 5);
        var service = new CrossModalVaeOptions
        {
            MaxBatchSize = options.Count("max-batch", 64),
            MaxDelayMilliseconds = options.Count("delay", 4),
        };
        var length = TimeSpan.FromSeconds(options.Count("seconds", 3));
        using ScoringModel model = ScoringModel.Load(folder);
        int features = model.VoiceEncoder.Inputs[0].Length;
        var random = new SeededRandom(1);
        float[] all = [.. Enumerable.Range(0, 16 * batch * features).Select(_ => (float)random.NextGaussian())]; // [rows, F]
        float[][] rows = [.. Enumerable.Range(0, 16 * batch).Select(row => all[(row * features)..((row + 1) * features)])];
        var ratios = new List<double>();
        var waits = new List<double>();
        (double full, double single, double run) = (0, 0, 0);
        for (int round = -1; round < rounds; round++) // the first warms up
        {
            double fullRate = Full(model, all, 16 * batch, length);
            (double rate, double longestRun, double[] waited) = Single(model, rows, callers, service, length).GetAwaiter().GetResult();
            if (round < 0) continue;
            ratios.Add(rate / fullRate);
            waits.AddRange(waited);
            (full, single, run) = (full + (fullRate / rounds), single + (rate / rounds), Math.Max(run, longestRun));
        }

        double[] sorted = [.. waits.Order()];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{model.Card.Name}'s voice encoder, {features} features, {Environment.ProcessorCount} processors, {rounds} interleaved rounds "
            + $"of {length.TotalSeconds} s; at most {service.MaxBatchSize} rows a run, delay {service.MaxDelayMilliseconds} ms."));
        Console.WriteLine();
        Console.WriteLine("| way | rows/s | x full batches | median wait, ms | p99 wait, ms | longest run, ms |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| one caller, batches of {batch} | {full:F0} | 1.00 | | | |"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {callers} callers, a row at a time | {single:F0} | {Sorted.Median(ratios):F2} | {sorted[sorted.Length / 2]:F1} "
            + $"| {sorted[(int)(0.99 * sorted.Length)]:F1} | {run:F1} |"));
    }

    private static double Full(ScoringModel model, float[] rows, int count, TimeSpan length)
    {
        long scored = 0;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < length)
        {
            scored += model.ScoreVoices(rows, count).Count;
        }

        return scored / watch.Elapsed.TotalSeconds;
    }

    private static async Task<(double Rate, double LongestRun, double[] Waits)> Single(
        ScoringModel model, float[][] rows, int callers, CrossModalVaeOptions options, TimeSpan length)
    {
        double longestRun = 0;
        var gate = new Lock();
        await using var batcher = new RequestBatcher(
            (features, count) =>
            {
                long start = Stopwatch.GetTimestamp();
                PosteriorRows scored = model.ScoreVoices(features.AsSpan(0, count * rows[0].Length), count);
                lock (gate)
                {
                    longestRun = Math.Max(longestRun, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }

                return scored;
            },
            rows[0].Length,
            options,
            Environment.ProcessorCount,
            []);
        var watch = Stopwatch.StartNew();
        double[][] waits = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var own = new List<double>();
            for (int i = caller; watch.Elapsed < length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                await batcher.ScoreAsync(rows[i % rows.Length], CancellationToken.None);
                own.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return own.ToArray();
        })));
        double[] all = [.. waits.SelectMany(own => own)];
        return (all.Length / watch.Elapsed.TotalSeconds, longestRun, all);
    }
}
