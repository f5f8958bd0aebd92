using System.Diagnostics;
using System.Globalization;
using CrossModalVae.Training;
using static TorchSharp.torch;

namespace CrossModalVae.Bench;

/// <summary>
/// Training steps per second of the MS-VAE, the trainer's and PyTorch's, in interleaved pairs so that a busy machine hurts both alike. The
/// processor time of a step stands beside it: it holds where the machine is shared. Peak memory is the kernel's high-water mark of a
/// process that does nothing but such steps, each side's.
/// </summary>
internal sealed class TrainingBenchmark : IBenchmark
{
    /// <summary>What makes this program a process that trains, and prints its peak memory in one line.</summary>
    public const string StepVerb = "training-steps";

    private const int WarmUpSteps = 5;
    private const string Rival = "train_step.py";

    private readonly record struct Sample(double StepsPerSecond, double CpuMillisecondsPerStep, double PeakMegabytes = 0);

    public string Name => "training";

    public string Summary => "training steps/s against PyTorch (bench/rivals/train_step.py): "
        + "--models mlp,cnn,resnet --batches 64,256 --threads 2 --device cpu|cuda:N --precision float32|bfloat16 --pairs 5 --seconds 5 "
        + "--python python3";

    public void Run(BenchOptions options)
    {
        int threads = options.Count("threads", 2), pairs = options.Count("pairs", 5);
        double seconds = options.Number("seconds", 5);
        string python = options.Text("python", "/usr/bin/python3");
        Device device = DeviceChoice.Resolve(options.Text("device", "cpu")).Device; // loads libtorch as the trainer does
        string precision = options.Text("precision", "float32");
        set_num_threads(threads);
        bool hasRival = OneLineProcess.CanImport(python, "torch");
        if (!hasRival)
        {
            Console.WriteLine($"PyTorch is left out: '{python}' cannot import it (apt-get install python3-torch, or --python PATH).");
        }

        Console.WriteLine(
            $"{device}, {precision}, {threads} threads, {pairs} interleaved pairs of {seconds} s, median; ours first and second in turn.");
        Console.WriteLine();
        Console.WriteLine(
            "| model | batch | ours, steps/s | PyTorch, steps/s | ratio | ours, CPU ms/step | PyTorch, CPU ms/step | ratio "
            + "| ours, peak MB | PyTorch, peak MB | ratio | PyTorch |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|");
        foreach ((string model, int batch) in options.Text("models", "mlp,cnn").Split(',')
            .SelectMany(model => options.Counts("batches", 64, 256).Select(batch => (model, batch))))
        {
            var ours = new List<Sample>();
            var theirs = new List<Sample>();
            string version = string.Empty;
            for (int pair = 0; pair < pairs; pair++)
            {
                if (pair % 2 == 0) ours.Add(Ours(model, batch, seconds, device, precision));
                if (hasRival) theirs.Add(Theirs(python, model, batch, threads, seconds, device, precision, out version));
                if (pair % 2 == 1) ours.Add(Ours(model, batch, seconds, device, precision));
            }

            double peak = Peak(model, batch, threads, seconds, device, precision);
            if (!hasRival)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {model} | {batch} | {Sorted.Median(ours.Select(s => s.StepsPerSecond)):F1} | | | "
                    + $"{Sorted.Median(ours.Select(s => s.CpuMillisecondsPerStep)):F1} | | | {peak:F0} | | | |"));
                continue;
            }

            // A ratio above 1 is in our favour in every column; the median of pairwise ratios, because the pairs share their moment.
            double rate = Sorted.Median(ours.Zip(theirs, (a, b) => a.StepsPerSecond / b.StepsPerSecond));
            double cpu = Sorted.Median(ours.Zip(theirs, (a, b) => b.CpuMillisecondsPerStep / a.CpuMillisecondsPerStep));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {model} | {batch} | {Sorted.Median(ours.Select(s => s.StepsPerSecond)):F1} | "
                + $"{Sorted.Median(theirs.Select(s => s.StepsPerSecond)):F1} | **{rate:F2}** | "
                + $"{Sorted.Median(ours.Select(s => s.CpuMillisecondsPerStep)):F1} | "
                + $"{Sorted.Median(theirs.Select(s => s.CpuMillisecondsPerStep)):F1} | {cpu:F2} | {peak:F0} | "
                + $"{Sorted.Median(theirs.Select(s => s.PeakMegabytes)):F0} | "
                + $"{Sorted.Median(theirs.Select(s => s.PeakMegabytes)) / peak:F2} | {version} |"));
        }
    }

    /// <summary>Trains for some seconds and prints "peak_mb=N", of this whole process, and how fast it was.</summary>
    public static void RunSteps(BenchOptions options)
    {
        Device device = DeviceChoice.Resolve(options.Text("device", "cpu")).Device;
        set_num_threads(options.Count("threads", 2));
        Sample sample = Ours(
            options.Text("model", "cnn"),
            options.Count("batch", 64),
            options.Number("seconds", 5),
            device,
            options.Text("precision", "float32"));
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"peak_mb={process.PeakWorkingSet64 / 1048576.0:F0} steps_per_second={sample.StepsPerSecond:F3} "
            + $"cpu_ms_per_step={sample.CpuMillisecondsPerStep:F1}"));
    }

    private static double Peak(string model, int batch, int threads, double seconds, Device device, string precision) =>
        OneLineProcess.RunSelf([StepVerb, .. Arguments(model, batch, threads, seconds, device, precision)]).Number("peak_mb");

    // What both sides' processes take.
    private static string[] Arguments(string model, int batch, int threads, double seconds, Device device, string precision) =>
    [
        "--model", model,
        "--batch", batch.ToString(CultureInfo.InvariantCulture),
        "--threads", threads.ToString(CultureInfo.InvariantCulture),
        "--seconds", seconds.ToString(CultureInfo.InvariantCulture),
        "--device", device.ToString(),
        "--precision", precision,
    ];

    private static Sample Ours(string model, int batch, double seconds, Device device, string precision)
    {
        using var step = new TrainingStep(model, device, precision);
        for (int k = 0; k < WarmUpSteps; k++) step.Run(batch);
        step.Wait();

        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        int steps = 0;
        for (; watch.Elapsed.TotalSeconds < seconds; steps++) step.Run(batch);
        step.Wait();
        double elapsed = watch.Elapsed.TotalSeconds;
        process.Refresh();
        return new Sample(steps / elapsed, (process.TotalProcessorTime - cpu).TotalMilliseconds / steps);
    }

    private static Sample Theirs(
        string python, string model, int batch, int threads, double seconds, Device device, string precision, out string version)
    {
        OneLineProcess line = OneLineProcess.Run(
            python, [OneLineProcess.Rival(Rival), .. Arguments(model, batch, threads, seconds, device, precision)]);
        version = line.Text("torch");
        return new Sample(line.Number("steps_per_second"), line.Number("cpu_ms_per_step"), line.Number("peak_mb"));
    }
}
