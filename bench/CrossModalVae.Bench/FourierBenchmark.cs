using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.Intrinsics;
using CrossModalVae.Fourier;
using CrossModalVae.Numerics;
using RivalFft = NWaves.Transforms.RealFft;

namespace CrossModalVae.Bench;

/// <summary>The magnitudes of the same frames, transform alone, on one thread: this library's transform and NWaves' RealFft.</summary>
internal static class FourierBenchmark
{
    private const int Length = 512;
    private const int Frames = 297;
    private const int Repeats = 50;
    private const double Tolerance = 1e-5; // of the square root of the length, the size of white noise's magnitudes

    public static void Run(int rounds)
    {
        if (Vector512.IsHardwareAccelerated) Run<Lanes512<float>>(rounds);
        else Run<Lanes256<float>>(rounds);
    }

    private static void Run<T>(int rounds)
        where T : struct, ILanes<T, float>
    {
        var random = new SeededRandom(3);
        var frames = new float[Frames][];
        for (int f = 0; f < Frames; f++)
        {
            frames[f] = new float[Length];
            for (int n = 0; n < Length; n++) frames[f][n] = (float)random.NextGaussian();
        }

        // Both start from the frames as each takes them: one array a frame, or neighbouring frames side by side.
        int batches = (Frames + T.Count - 1) / T.Count;
        var ours = new RealFft<T, float>(Length);
        var columns = new AlignedBuffer<float>(batches * Length * T.Count); // [batches, samples at their places, lanes]
        for (int f = 0; f < Frames; f++)
        {
            for (int n = 0; n < Length; n++)
            {
                columns.Span[((f / T.Count) * Length * T.Count) + (int)ours.PlaceOf(n) + (f % T.Count)] = frames[f][n];
            }
        }

        var work = ours.CreateFrames();
        var bins = new AlignedBuffer<float>[batches];
        for (int batch = 0; batch < batches; batch++) bins[batch] = ours.CreateBins();
        var theirs = new RivalFft(Length);
        var re = new float[Length];
        var im = new float[Length];
        var magnitudes = new float[Frames][];
        for (int f = 0; f < Frames; f++) magnitudes[f] = new float[(Length / 2) + 1];
        Ours();
        Theirs();
        double worst = 0;
        for (int f = 0; f < Frames; f++)
        {
            for (int k = 0; k < magnitudes[f].Length; k++)
                worst = Math.Max(
                    worst, Math.Abs(magnitudes[f][k] - bins[f / T.Count].Span[(k * T.Count) + (f % T.Count)]) / Math.Sqrt(Length));
        }

        if (!(worst <= Tolerance))
        {
            throw new InvalidOperationException(
                $"NWaves' magnitudes differ from ours by {worst:E1} of their scale; expected at most {Tolerance:E1}.");
        }

        var ourSeconds = new double[rounds];
        var theirSeconds = new double[rounds];
        for (int round = -1; round < rounds; round++)
        {
            double first = Time(Ours), second = Time(Theirs);
            if (round >= 0) (ourSeconds[round], theirSeconds[round]) = (first, second);
        }

        Assembly assembly = typeof(RivalFft).Assembly;
        string version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
        double ratio = Sorted.Median(theirSeconds.Zip(ourSeconds, (a, b) => a / b));
        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Magnitudes of {Frames} frames of {Length} samples, transform alone, one thread (differs by {worst:0.0e+0})."));
        Console.WriteLine();
        Console.WriteLine("| way | microseconds | ours is faster |");
        Console.WriteLine("|---|---:|---:|");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| CrossModalVae, {T.Count} frames at once | {Sorted.Median(ourSeconds) * 1e6:F1} | |"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| NWaves {version}, RealFft | {Sorted.Median(theirSeconds) * 1e6:F1} | **{ratio:F1}** |"));

        void Ours()
        {
            for (int batch = 0; batch < batches; batch++)
            {
                columns.Span.Slice(batch * Length * T.Count, Length * T.Count).CopyTo(work.Span); // The transform uses its input up.
                ours.Magnitudes(work, bins[batch]);
            }
        }

        void Theirs()
        {
            for (int f = 0; f < Frames; f++)
            {
                theirs.Direct(frames[f], re, im);
                float[] row = magnitudes[f];
                for (int k = 0; k < row.Length; k++) row[k] = MathF.Sqrt((re[k] * re[k]) + (im[k] * im[k]));
            }
        }
    }

    private static double Time(Action work)
    {
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < Repeats; i++) work();
        return watch.Elapsed.TotalSeconds / Repeats;
    }
}
