using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace CrossModalVae.Bench;

/// <summary>
/// Training steps per second of the MS-VAE, ours and PyTorch's, in interleaved pairs so that a busy machine hurts both alike. The processor
/// time of a step stands beside it: it holds where the machine is shared.
/// </summary>
internal sealed class TrainingBenchmark : IBenchmark
{
    private const int Rows = 4096;
    private const int WarmUpSteps = 5;
    private const string Rival = "train_step.py";

    private readonly record struct Sample(double StepsPerSecond, double CpuMillisecondsPerStep);

    public string Name => "training";

    public string Summary => "training steps/s against PyTorch (bench/rivals/train_step.py): --batches 64,256 --threads 2 --pairs 5 --seconds 5 --python python3";

    public void Run(BenchOptions options)
    {
        int threads = options.Count("threads", 2), pairs = options.Count("pairs", 5);
        double seconds = options.Number("seconds", 5);
        string python = options.Text("python", "/usr/bin/python3");
        set_num_threads(threads);

        Console.WriteLine($"{threads} threads, {pairs} interleaved pairs of {seconds} s, median; ours first and second in turn.");
        Console.WriteLine();
        Console.WriteLine("| batch | ours, steps/s | PyTorch, steps/s | ratio | ours, CPU ms/step | PyTorch, CPU ms/step | ratio | PyTorch |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---|");
        foreach (int batch in options.Counts("batches", 64, 256))
        {
            var ours = new List<Sample>();
            var theirs = new List<Sample>();
            string version = string.Empty;
            for (int pair = 0; pair < pairs; pair++)
            {
                if (pair % 2 == 0) ours.Add(Ours(batch, seconds));
                theirs.Add(Theirs(python, batch, threads, seconds, out version));
                if (pair % 2 == 1) ours.Add(Ours(batch, seconds));
            }

            // A ratio above 1 is in our favour in both columns; the median of pairwise ratios, because the pairs share their moment.
            double rate = Median(ours.Zip(theirs, (a, b) => a.StepsPerSecond / b.StepsPerSecond));
            double cpu = Median(ours.Zip(theirs, (a, b) => b.CpuMillisecondsPerStep / a.CpuMillisecondsPerStep));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {batch} | {Median(ours.Select(s => s.StepsPerSecond)):F1} | {Median(theirs.Select(s => s.StepsPerSecond)):F1} | **{rate:F2}** | {Median(ours.Select(s => s.CpuMillisecondsPerStep)):F1} | {Median(theirs.Select(s => s.CpuMillisecondsPerStep)):F1} | {cpu:F2} | {version} |"));
        }
    }

    private static Sample Ours(int batch, double seconds)
    {
        manual_seed(1);
        using var model = new MsVaeModel();
        using var faces = randn(Rows, MsVaeModel.FaceCount); // [4096, 529]
        using var voices = randn(Rows, MsVaeModel.VoiceCount); // [4096, 512]
        TorchSharp.Modules.Parameter[] parameters = [.. model.parameters()];
        using var optimiser = optim.Adam(parameters, lr: 1e-3);
        var random = new Random(1);
        for (int k = 0; k < WarmUpSteps; k++) Step();

        using var process = Process.GetCurrentProcess();
        process.Refresh();
        var cpu = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        int steps = 0;
        for (; watch.Elapsed.TotalSeconds < seconds; steps++) Step();
        double elapsed = watch.Elapsed.TotalSeconds;
        process.Refresh();
        return new Sample(steps / elapsed, (process.TotalProcessorTime - cpu).TotalMilliseconds / steps);

        void Step()
        {
            using var scope = NewDisposeScope();
            var rows = new long[batch];
            for (int k = 0; k < batch; k++) rows[k] = random.Next(Rows);
            var index = tensor(rows); // [B]
            model.zero_grad();
            model.Loss(faces.index_select(0, index), voices.index_select(0, index)).backward();
            nn.utils.clip_grad_norm_(parameters, 5.0);
            optimiser.step();
        }
    }

    private static Sample Theirs(string python, int batch, int threads, double seconds, out string version)
    {
        var start = new ProcessStartInfo(python)
        {
            RedirectStandardOutput = true,
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "rivals", Rival),
                "--batch", batch.ToString(CultureInfo.InvariantCulture),
                "--threads", threads.ToString(CultureInfo.InvariantCulture),
                "--seconds", seconds.ToString(CultureInfo.InvariantCulture),
            },
        };

        // What ours sets for itself; without it libgomp's threads spin beside OpenBLAS's, and PyTorch is several times slower on a busy machine.
        start.Environment.TryAdd("OMP_WAIT_POLICY", "passive");
        using var process = Process.Start(start)!;
        string line = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{python} {Rival} ended with {process.ExitCode}; it needs PyTorch (apt-get install python3-torch).");
        var values = line.Split(' ').Select(part => part.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        version = values["torch"];
        return new Sample(
            double.Parse(values["steps_per_second"], CultureInfo.InvariantCulture),
            double.Parse(values["cpu_ms_per_step"], CultureInfo.InvariantCulture));
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
