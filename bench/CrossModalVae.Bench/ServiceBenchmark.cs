using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Hosting;
using CrossModalVae.Models;
using CrossModalVae.Numerics;
using CrossModalVae.Retrieval;
using CrossModalVae.Scoring;

namespace CrossModalVae.Bench;

/// <summary>
/// From the bytes of a wav file to the ten most likely people of a gallery: one request at a time, by stages and over HTTP on 127.0.0.1,
/// and many callers at once. The service is samples/Service, a process of its own on the same processors.
/// </summary>
internal sealed class ServiceBenchmark : IBenchmark
{
    private const string Key = "a key of the benchmark";

    public string Name => "service";

    public string Summary =>
        "wav bytes to a ranking, by stages, and the load test of samples/Service: --model FOLDER --people 100000 --requests 300 "
        + "--callers 32 --load 2000";

    public void Run(BenchOptions options)
    {
        string folder = options.Text("model", Path.Combine("onnx", "demo"));
        int people = options.Count("people", 100_000), requests = options.Count("requests", 300);
        int callers = options.Count("callers", 32), load = options.Count("load", 2000);
        string gallery = Directory.CreateTempSubdirectory("cmvae-bench-").FullName;
        try
        {
            byte[][] sounds = Sounds();
            var service = new CrossModalVaeOptions { ModelFolder = folder, MaxDelayMilliseconds = 0 };
            MakeGallery(gallery, folder, people);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{people} people, {Environment.ProcessorCount} processors; "
                + $"{sounds.Length} sounds of {Seconds(sounds):F1} s in the mean."));
            Console.WriteLine();
            Console.WriteLine("| stage, one request at a time | p50, ms | p99, ms |");
            Console.WriteLine("|---|---:|---:|");
            Stages(folder, gallery, sounds, service, requests).GetAwaiter().GetResult();
            using var process = new ServiceProcess(folder, gallery, Key);
            Row("over HTTP: the whole, POST /v1/rank/voice", process.PostAsync(sounds, 1, requests).GetAwaiter().GetResult().Times);
            Console.WriteLine();
            (double[] times, double seconds, int failed) = process.PostAsync(sounds, callers, load).GetAwaiter().GetResult();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{callers} callers at once, {load} requests: {load / seconds:F0} requests/s, p50 {Percentile(times, 0.5):F1} ms, "
                + $"p99 {Percentile(times, 0.99):F1} ms, {failed} not answered by 200."));
        }
        finally
        {
            Directory.Delete(gallery, recursive: true);
        }
    }

    private static async Task Stages(string folder, string gallery, byte[][] sounds, CrossModalVaeOptions options, int requests)
    {
        await using var host = new ModelHost(options);
        using ScoringModel model = ScoringModel.Load(folder);
        using var ranked = GalleryHost.Open(gallery, host);
        var request = new RankingRequest { Count = 10, Identities = IdentityAggregation.Best };
        float[][] features = [.. sounds.Select(sound => model.VoiceFeatures(sound))];
        HostedPosterior[] posteriors = await Task.WhenAll(sounds.Select(sound => host.EmbedVoiceAsync(sound)));
        Row("front end: wav bytes to features", Time(requests, i => model.VoiceFeatures(sounds[i % sounds.Length])));
        Row("encoder: features to embedding", Time(requests, i => model.ScoreVoices(features[i % sounds.Length], 1)));
        Row("ranking: embedding to 10 people", Time(requests, i => ranked.Rank(posteriors[i % sounds.Length], Modality.Face, request)));
        Row("in one process: the whole, ModelHost and GalleryHost", Time(requests, i => ranked.Rank(
            host.EmbedVoiceAsync(sounds[i % sounds.Length]).GetAwaiter().GetResult(), Modality.Face, request)));
    }

    private static double[] Time(int count, Action<int> run)
    {
        for (int i = 0; i < 50; i++)
        {
            run(i);
        }

        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                long start = Stopwatch.GetTimestamp();
                run(i);
                return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }),
        ];
    }

    private static void Row(string stage, double[] times) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {stage} | {Percentile(times, 0.5):F2} | {Percentile(times, 0.99):F2} |"));

    private static double Percentile(double[] times, double share) => times.Order().ElementAt((int)(share * (times.Length - 1)));

    private static byte[][] Sounds()
    {
        string manifest = Path.Combine("tests", "fixtures", "grid", "manifest.jsonl");
        Manifest grid = ManifestReader.Read(manifest);
        return [.. grid.Clips.Select(clip => File.ReadAllBytes(grid.VoicePath(clip)!))];
    }

    private static double Seconds(byte[][] sounds) => sounds.Average(sound => Audio.AudioFile.DurationSeconds(sound, "a sound"));

    private static void MakeGallery(string folder, string modelFolder, int people)
    {
        ModelCard card = ModelCardReader.Read(modelFolder);
        int dimension = card.Recipe.Model.LatentDimension;
        var random = new SeededRandom(1);
        using var writer = GalleryWriter.Create(folder, new GalleryOptions { Dimension = dimension });
        writer.Append(new EmbeddingSet(
            [.. Enumerable.Range(0, people * dimension).Select(_ => (float)random.NextGaussian())],
            dimension,
            [
                .. Enumerable.Range(0, people).Select(i => new EmbeddingRow
                {
                    Identity = $"person-{i}", Clip = "c", Modality = Modality.Face, Split = CorpusSplit.Test,
                }),
            ]));
        EmbeddingOrigin.Of(card).Write(folder);
    }

    /// <summary>samples/Service as it is built, on a port of its own.</summary>
    private sealed class ServiceProcess : IDisposable
    {
        private readonly Process _process;
        private readonly HttpClient _client = new() { DefaultRequestHeaders = { { "X-Api-Key", Key } } };

        public ServiceProcess(string model, string gallery, string key)
        {
            string program = Path.GetFullPath(
                Path.Combine(AppContext.BaseDirectory, "..", "..", "Service", "release", "FaceVoiceService.dll"));
            string[] arguments =
            [
                program, "--urls=http://127.0.0.1:0", $"--CrossModalVae:ModelFolder={Path.GetFullPath(model)}",
                $"--Service:GalleryFolder={gallery}", $"--Service:ApiKeys:0={key}",
            ];
            _process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
            try
            {
                _client.BaseAddress = new Uri(Address(program));
                _ = _process.StandardOutput.ReadToEndAsync(); // a full pipe would stop it
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        /// <summary>Posts sounds by several callers, each one after the other, after some to warm up.</summary>
        public async Task<(double[] Times, double Seconds, int Failed)> PostAsync(byte[][] sounds, int callers, int requests)
        {
            for (int i = 0; i < 50; i++)
            {
                await PostAsync(sounds[i % sounds.Length]);
            }

            var times = new double[requests];
            int next = -1, failed = 0;
            var watch = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
            {
                for (int i = Interlocked.Increment(ref next); i < requests; i = Interlocked.Increment(ref next))
                {
                    long start = Stopwatch.GetTimestamp();
                    bool answered = await PostAsync(sounds[i % sounds.Length]);
                    times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                    if (!answered)
                    {
                        Interlocked.Increment(ref failed);
                    }
                }
            }));
            return (times, watch.Elapsed.TotalSeconds, failed);
        }

        public void Dispose()
        {
            _client.Dispose();
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }

        private string Address(string program)
        {
            const string Listening = "Now listening on: ";
            string? line;
            do
            {
                line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{program}: did not start.");
            }
            while (!line.Contains(Listening, StringComparison.Ordinal));
            return line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..];
        }

        private async Task<bool> PostAsync(byte[] sound)
        {
            using var content = new ByteArrayContent(sound);
            content.Headers.ContentType = new MediaTypeHeaderValue("audio/wav");
            using HttpResponseMessage answer = await _client.PostAsync("v1/rank/voice", content);
            await answer.Content.ReadAsByteArrayAsync();
            return answer.StatusCode == HttpStatusCode.OK;
        }
    }
}
