using CrossModalVae.Audio;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Audio;

public class GriffinLimTests
{
    private const int Window = 400, Hop = 160, Fft = 512, Bins = (Fft / 2) + 1;

    // The algorithm as the paper has it, by numpy's transforms.
    private const string Numpy = """
        import sys, json, numpy as np
        p = json.load(open(sys.argv[1]))
        w, h, L = np.array(p['window']), p['hop'], p['fft']
        s, phase = np.array(p['s']), np.array(p['phases'])
        T, W = s.shape[0], len(w)
        N = (T - 1) * h + W
        over = np.zeros(N)
        for t in range(T): over[t*h:t*h+W] += w * w
        def synth(c):
            x = np.zeros(N)
            for t in range(T): x[t*h:t*h+W] += w * np.fft.irfft(c[t], L)[:W]
            return x / np.maximum(over, 0.05 * over.max())
        def analyse(x): return np.array([np.fft.rfft(w * x[t*h:t*h+W], L) for t in range(T)])
        c, t0 = s * np.exp(1j * phase), None
        for n in range(p['iterations']):
            t = analyse(synth(c))
            c = t if t0 is None else t + p['momentum'] * (t - t0)
            c = s * c / np.abs(c)
            t0 = t
        print(json.dumps(synth(c).tolist()))
        """;

    [SkippableFact]
    public void Run_ElevenFrames_AgreesWithNumpy()
    {
        Tool.Require(Python.Has("numpy"), "Python with numpy");
        using var folder = new TemporaryFolder();
        (float[] magnitudes, double[] phases) = Case(Voice(2_200), 7);
        int frames = magnitudes.Length / Bins;
        File.WriteAllText(folder["case.json"], System.Text.Json.JsonSerializer.Serialize(new
        {
            window = FrameSteps.MakeWindow(VoiceWindow.Hamming, Window, 1),
            hop = Hop,
            fft = Fft,
            s = Enumerable.Range(0, frames).Select(t => magnitudes.AsSpan(t * Bins, Bins).ToArray()),
            phases = Enumerable.Range(0, frames).Select(t => phases.AsSpan(t * Bins, Bins).ToArray()),
            iterations = 12,
            momentum = 0.99,
        }));

        float[] signal = Algorithm().Run(magnitudes, phases, 12);

        double[] expected = System.Text.Json.JsonSerializer.Deserialize<double[]>(Python.Run(Numpy, folder["case.json"]))!;
        Assert.Equal(11, frames); // two batches, the second not full
        Assert.Equal(expected.Length, signal.Length);
        Assert.All(expected.Zip(signal), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * expected.Max(Math.Abs)));
    }

    [Fact]
    public void Run_WithoutMomentum_ConvergesFurtherWithEachIteration()
    {
        (float[] magnitudes, double[] phases) = Case(Voice(16_000), 3);
        var errors = new List<double>();

        Algorithm().Run(magnitudes, phases, 40, momentum: 0, errors.Add);

        Assert.Equal(40, errors.Count);
        Assert.All(errors.Zip(errors.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1e-12, $"{pair.First} to {pair.Second}"));
        Assert.InRange(errors[^1], 1e-4, 0.5 * errors[0]);
    }

    [Fact]
    public void Run_WithMomentum_ComesNearerThanWithout()
    {
        (float[] magnitudes, double[] phases) = Case(Voice(16_000), 3);
        var (slow, fast) = (new List<double>(), new List<double>());

        Algorithm().Run(magnitudes, phases, 60, momentum: 0, slow.Add);
        Algorithm().Run(magnitudes, phases, 60, convergence: fast.Add);

        Assert.InRange(fast[^1], 0, 0.75 * slow[^1]);
    }

    [Fact]
    public void Run_TruePhases_GivesTheSignalItself()
    {
        float[] signal = Voice(4_000);
        double[] window = FrameSteps.MakeWindow(VoiceWindow.Hamming, Window, 1);
        int frames = ((signal.Length - Window) / Hop) + 1;
        var (magnitudes, phases) = (new float[frames * Bins], new double[frames * Bins]);
        for (int t = 0; t < frames; t++)
        {
            for (int k = 0; k < Bins; k++)
            {
                var x = System.Numerics.Complex.Zero;
                for (int n = 0; n < Window; n++)
                {
                    x += window[n] * signal[(t * Hop) + n] * System.Numerics.Complex.FromPolarCoordinates(1, -2 * Math.PI * k * n / Fft);
                }

                (magnitudes[(t * Bins) + k], phases[(t * Bins) + k]) = ((float)x.Magnitude, x.Phase);
            }
        }

        float[] restored = Algorithm().Run(magnitudes, phases, 0);

        const int Fade = 80; // samples at either end that window tails alone reach
        Assert.All(
            restored.Index().Skip(Fade).SkipLast(Fade), sample => Assert.Equal(signal[sample.Index], sample.Item, 1e-5f));
    }

    private static GriffinLim Algorithm() => new(FrameSteps.MakeWindow(VoiceWindow.Hamming, Window, 1), Hop, Fft);

    private static (float[] Magnitudes, double[] Phases) Case(float[] signal, long seed)
    {
        float[] magnitudes = new VoiceSpectrogram(Window, Hop, Fft).Compute(signal);
        var random = new SeededRandom(seed);
        return (magnitudes, [.. magnitudes.Select(_ => random.NextDouble(-Math.PI, Math.PI))]);
    }

    // A tone that glides, its overtone, and noise.
    private static float[] Voice(int count)
    {
        var random = new SeededRandom(5);
        return
        [
            .. Enumerable.Range(0, count).Select(n => (float)(
                (0.5 * Math.Sin(0.05 * n * (1 + (0.2 * n / count)))) + (0.2 * Math.Sin(0.1 * n)) + (0.02 * random.NextGaussian()))),
        ];
    }
}
