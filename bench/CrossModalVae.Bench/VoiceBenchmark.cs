using System.Diagnostics;
using System.Globalization;
using CrossModalVae.Audio;
using CrossModalVae.Numerics;

namespace CrossModalVae.Bench;

/// <summary>
/// Voice features of wav files, [297, 512] for each 3 s, reading included: this library's front end and the best ways in
/// Python, in turn within each round, so that a busy machine hurts all alike; then the transform alone beside NWaves'.
/// Outputs are compared before anything is timed.
/// </summary>
internal sealed class VoiceBenchmark : IBenchmark
{
    private const string Script = "voice_features.py";
    private const int RateHz = 16_000;
    private const double Seconds = 3;
    private const int Compared = 8;

    // Of the plain chain relative to the clip's largest magnitude, of the full one in deviations of a bin:
    // the dither differs, and single precision.
    private const double PlainTolerance = 1e-6;
    private const double FullTolerance = 5e-4;
    private static readonly string[] Ways = ["numpy", "scipy", "torch", "torchaudio"];

    public string Name => "voice";

    public string Summary => "voice features, files/s against numpy, scipy, torch, torchaudio; FFT against NWaves: --files 500 --rounds 9 "
        + "--processes 2 --chains full,plain --python python3";

    public void Run(BenchOptions options)
    {
        int files = options.Count("files", 500), rounds = options.Count("rounds", 9), processes = options.Count("processes", 2);
        string python = options.Text("python", "/usr/bin/python3");
        string folder = Directory.CreateTempSubdirectory("cmvae-bench-").FullName;
        try
        {
            string[] paths = WriteFiles(folder, files);
            string list = Path.Combine(folder, "list.txt");
            File.WriteAllText(list, string.Join('\n', paths));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{files} wav files of {Seconds} s, {processes} threads or processes, median of {rounds} "
                + $"interleaved rounds (fastest and slowest beside it)."));
            foreach (string chain in options.Text("chains", "full,plain").Split(','))
            {
                Compare(chain, paths, list, folder, python, rounds, processes);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        FourierBenchmark.Run(rounds);
    }

    private static VoiceOptions Options(string chain) => chain switch
    {
        "full" => new VoiceOptions { Pooling = TimePooling.None, Normalisation = FeatureNormalisation.ClipOverTime },
        "plain" => new VoiceOptions { Pooling = TimePooling.None, RemoveDc = false, Dither = 0, PreEmphasis = 0 },
        _ => throw new ArgumentException($"'--chains' has {chain}; expected full or plain."),
    };

    private static void Compare(string chain, string[] paths, string list, string folder, string python, int rounds, int processes)
    {
        var frontEnd = new VoiceFrontEnd(Options(chain));
        var names = new List<string> { "CrossModalVae" };
        var ways = new List<Func<double>> { () => Ours(frontEnd, paths, processes) };
        var rivals = new List<PythonRival>();
        try
        {
            foreach (string way in Ways)
            {
                if (PythonRival.Version(python, Script, way) is not string version)
                {
                    Console.WriteLine($"{way} is left out: '{python}' cannot import it.");
                    continue;
                }

                var rival = new PythonRival(python, Script, way, ("--chain", chain), list, processes);
                rivals.Add(rival);
                double difference = Difference(frontEnd, chain, rival, paths, Path.Combine(folder, $"{way}.npy"));
                names.Add(string.Create(CultureInfo.InvariantCulture, $"{version} (differs by {difference:0.0e+0})"));
                ways.Add(rival.Run);
            }

            // The rivals' processes have run over all files once, with nothing to compile.
            for (int warmUp = 0; warmUp < 5; warmUp++) ways[0]();
            var seconds = ways.Select(_ => new double[rounds]).ToArray(); // [ways, rounds]
            for (int round = 0; round < rounds; round++)
            {
                for (int k = 0; k < ways.Count; k++)
                {
                    int way = (k + round) % ways.Count;
                    seconds[way][round] = ways[way]();
                }
            }

            Print(chain, names, seconds, paths.Length);
        }
        finally
        {
            foreach (PythonRival rival in rivals) rival.Dispose();
        }
    }

    private static double Ours(VoiceFrontEnd frontEnd, string[] paths, int threads)
    {
        var watch = Stopwatch.StartNew();
        Parallel.For(
            0,
            paths.Length,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            () => new float[frontEnd.FeatureCount],
            (i, _, features) =>
            {
                frontEnd.Extract(paths[i], 0, null, features);
                return features;
            },
            _ => { });
        return watch.Elapsed.TotalSeconds;
    }

    private static double Difference(VoiceFrontEnd frontEnd, string chain, PythonRival rival, string[] paths, string path)
    {
        rival.Save(path);
        float[] theirs = NpyFile.Read(path).Values; // [files, frames * bins]
        double worst = 0;
        for (int i = 0; i < Math.Min(Compared, paths.Length); i++)
        {
            float[] ours = frontEnd.Extract(paths[i]);
            double scale = chain == "plain" ? ours.Max() : 1;
            for (int k = 0; k < ours.Length; k++) worst = Math.Max(worst, Math.Abs(ours[k] - theirs[(i * ours.Length) + k]) / scale);
        }

        double tolerance = chain == "plain" ? PlainTolerance : FullTolerance;
        if (!(worst <= tolerance))
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{rival.Way}'s features of the {chain} chain differ from ours by {worst:E1}; expected at most {tolerance:E1}."));
        }

        return worst;
    }

    private static void Print(string chain, List<string> names, double[][] seconds, int files)
    {
        Console.WriteLine();
        Console.WriteLine(chain == "full"
            ? "Full chain: DC filter, dither, pre-emphasis, two-sided short-time Fourier magnitude, normalised over time."
            : "Plain chain: two-sided short-time Fourier magnitude, nothing before it and nothing after it.");
        Console.WriteLine();
        Console.WriteLine("| way | files/s | fastest | slowest | ours is faster |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        for (int k = 0; k < names.Count; k++)
        {
            // The median of the rounds' ratios, because the ways of a round share their moment.
            string ratio = k == 0
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture, $"**{Sorted.Median(seconds[k].Zip(seconds[0], (theirs, ours) => theirs / ours)):F2}**");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {names[k]} | {files / Sorted.Median(seconds[k]):F0} | {files / seconds[k].Min():F0} "
                + $"| {files / seconds[k].Max():F0} | {ratio} |"));
        }
    }

    // A sum of gliding tones and noise: like speech, no bin is empty and none is constant.
    private static string[] WriteFiles(string folder, int count)
    {
        var paths = new string[count];
        var samples = new float[(int)(Seconds * RateHz)];
        for (int i = 0; i < count; i++)
        {
            var random = SeededRandom.For(i, "bench/voice");
            double pitch = random.NextDouble(80, 250), phase = 0;
            for (int n = 0; n < samples.Length; n++)
            {
                double t = (double)n / RateHz;
                phase += 2 * Math.PI * pitch * (1 + (0.2 * Math.Sin(3 * t))) / RateHz;
                double tone = Math.Sin(phase) + (0.5 * Math.Sin(5 * phase)) + (0.2 * Math.Sin(17 * phase));
                samples[n] = (float)((0.15 * tone * (1.2 + Math.Sin(8 * t))) + (0.02 * random.NextDouble(-1, 1)));
            }

            paths[i] = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{i:0000}.wav"));
            WavFile.Write(paths[i], samples, RateHz);
        }

        return paths;
    }
}
