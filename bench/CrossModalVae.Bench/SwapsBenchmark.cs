using System.Diagnostics;
using System.Globalization;
using CrossModalVae.Corpora;
using CrossModalVae.Hosting;
using CrossModalVae.Scoring;

namespace CrossModalVae.Bench;

/// <summary>
/// A model that is replaced while it serves: requests at a fixed rate, two models in turn, and what becomes of the answers and of the
/// process's memory. The second model is trained for one epoch on a small synthetic corpus.
/// </summary>
internal sealed class SwapsBenchmark : IBenchmark
{
    private const float Tolerance = 1e-4f; // a row alone and among others

    public string Name => "swaps";

    public string Summary =>
        "requests/s through swaps of the model, failures, mixed answers, memory: --model FOLDER --rate 500 --swaps 20 --pause-ms 1000 "
        + "--cmvae PATH";

    public void Run(BenchOptions options)
    {
        string first = options.Text("model", Path.Combine("onnx", "demo"));
        int rate = options.Count("rate", 500), swaps = options.Count("swaps", 20), pause = options.Count("pause-ms", 1000);
        string folder = Directory.CreateTempSubdirectory("cmvae-bench-").FullName;
        try
        {
            string second = Train(folder, options.Text("cmvae", CommandRun.DefaultProgram));
            RunAsync([first, second], rate, swaps, TimeSpan.FromMilliseconds(pause)).GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Train(string folder, string cmvae)
    {
        string corpus = Path.Combine(folder, "corpus"), run = Path.Combine(folder, "run"), model = Path.Combine(folder, "model");
        string manifest = Path.Combine(corpus, "manifest.jsonl");
        CommandRun.Of(cmvae, "-", "corpus", "synth", "--out", corpus, "--identities", "60", "--clips-per-identity", "2");
        CommandRun.Of(cmvae, "-", "train", "--manifest", manifest, "--recipe", "demo", "--out", run, "--epochs", "1");
        CommandRun.Of(cmvae, "-", "export", "--run", run, "--out", model);
        return model;
    }

    private static async Task RunAsync(string[] models, int rate, int swaps, TimeSpan pause)
    {
        byte[] sound = File.ReadAllBytes(Sound());
        var expected = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (string folder in models)
        {
            using ScoringModel model = ScoringModel.Load(folder);
            expected[model.Card.WeightsHash] = model.EmbedVoice(sound).Mean;
        }

        await using var host = new ModelHost(new CrossModalVaeOptions { ModelFolder = models[0] });
        (int answered, int failed, int mixed) = (0, 0, 0);
        using var stop = new CancellationTokenSource();
        Task sending = SendAsync(rate, Ask, stop.Token);
        Console.WriteLine("| after swap | answers | failed | mixed | resident, MB | managed heap, MB |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|");
        var watch = Stopwatch.StartNew();
        for (int swap = 0; swap <= swaps; swap++)
        {
            if (swap > 0)
            {
                await host.SwapAsync(models[swap % models.Length]);
            }

            await Task.Delay(pause);
            if (swap % 4 == 0 || swap == swaps)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {swap} | {answered} | {failed} | {mixed} | {Environment.WorkingSet / 1e6:F1} "
                    + $"| {GC.GetTotalMemory(forceFullCollection: true) / 1e6:F1} |"));
            }
        }

        double seconds = watch.Elapsed.TotalSeconds;
        await stop.CancelAsync();
        await sending;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\n{swaps} swaps in {seconds:F0} s, {(answered + failed + mixed) / seconds:F0} requests/s (asked {rate}), a clip of "
            + $"{Audio.AudioFile.DurationSeconds(sound, "a sound"):F1} s each, {Environment.ProcessorCount} processors."));

        async Task Ask()
        {
            try
            {
                HostedPosterior answer = await host.EmbedVoiceAsync(sound);
                bool own = answer.Mean.Zip(expected[answer.WeightsHash]).All(pair => Math.Abs(pair.First - pair.Second) <= Tolerance);
                Interlocked.Increment(ref own ? ref answered : ref mixed);
            }
            catch (Exception e) when (e is OverloadedException or InvalidDataException or ObjectDisposedException)
            {
                Interlocked.Increment(ref failed);
            }
        }
    }

    // An open loop: what is due is sent, whether or not earlier requests are answered.
    private static async Task SendAsync(int rate, Func<Task> send, CancellationToken stop)
    {
        var sent = new List<Task>();
        var watch = Stopwatch.StartNew();
        while (!stop.IsCancellationRequested)
        {
            long due = (long)(watch.Elapsed.TotalSeconds * rate) - sent.Count;
            for (long i = 0; i < due; i++)
            {
                sent.Add(send());
            }

            await Task.Delay(1, CancellationToken.None);
        }

        await Task.WhenAll(sent);
    }

    private static string Sound()
    {
        Manifest grid = ManifestReader.Read(Path.Combine("tests", "fixtures", "grid", "manifest.jsonl"));
        return grid.VoicePath(grid.Clips[0])!;
    }
}
