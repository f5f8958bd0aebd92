using System.Numerics;
using CrossModalVae.Fourier;

namespace CrossModalVae.Augmentation;

/// <summary>Generated noise and music, for augmentation without recordings.</summary>
internal static class NoiseSynthesis
{
    private const int Partials = 6;
    private const int MiddleA = 69; // MIDI
    private const double MiddleAHz = 440;

    private static readonly int[][] Chords = [[0, 4, 7], [0, 3, 7], [0, 4, 7, 11], [0, 3, 7, 10], [0, 5, 7], [0, 4, 7, 10]];

    /// <summary>Gaussian noise whose power falls with frequency as f^-a, a drawn from 0 (white) over 1 (pink) to 2 (brown).</summary>
    public static float[] Coloured(int count, BlockConvolver transforms, SeededRandom random)
    {
        double slope = random.NextDouble(0, 2);
        int length = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, 2));
        var re = new double[length];
        var im = new double[length];

        // The real part of the transform of one-sided random numbers is noise of that spectrum; bin 0, the constant, is 0.
        for (int k = 1; k <= length / 2; k++)
        {
            double amplitude = Math.Pow(k, -slope / 2);
            re[k] = amplitude * random.NextGaussian();
            im[k] = amplitude * random.NextGaussian();
        }

        ComplexFft<ScalarLane<double>, double> fft = transforms.Transform(length);
        fft.Forward(im, re); // the inverse times the length
        var noise = new float[count];
        for (int n = 0; n < count; n++)
        {
            noise[n] = (float)(re[fft.Places[n]] / length);
        }

        return noise;
    }

    /// <summary>Chords of three or four notes, each note six decaying partials, one chord after another, each 0.3 to 1.2 s.</summary>
    public static float[] Music(int count, int sampleRateHz, SeededRandom random)
    {
        var music = new float[count];
        int start = -random.NextInt32(Math.Max(1, sampleRateHz / 2)); // in the middle of a piece
        while (start < count)
        {
            int length = (int)(random.NextDouble(0.3, 1.2) * sampleRateHz);
            int root = 40 + random.NextInt32(28);
            double decaySeconds = random.NextDouble(0.2, 1.5);
            double brightness = random.NextDouble(0.8, 2);
            foreach (int interval in Chords[random.NextInt32(Chords.Length)])
            {
                double hertz = MiddleAHz * Math.Pow(2, (root + interval - MiddleA) / 12.0);
                for (int h = 1; h <= Partials && h * hertz < 0.45 * sampleRateHz; h++)
                {
                    (double cycles, double amplitude) = (h * hertz / sampleRateHz, Math.Pow(h, -brightness));
                    AddPartial(music, start, length, cycles, amplitude, decaySeconds * sampleRateHz / h, random.NextDouble());
                }
            }

            start += length;
        }

        return music;
    }

    // A damped sine by rotating a phasor, far cheaper than a sine for each sample.
    private static void AddPartial(float[] music, int start, int length, double cycles, double amplitude, double decaySamples, double phase)
    {
        (double sin, double cos) = Math.SinCos(2 * Math.PI * phase);
        Complex z = amplitude * new Complex(cos, sin);
        (sin, cos) = Math.SinCos(2 * Math.PI * cycles);
        Complex turn = Math.Exp(-1 / decaySamples) * new Complex(cos, sin);
        int end = Math.Min(music.Length, start + length);
        for (int n = start; n < end; n++)
        {
            if (n >= 0)
            {
                music[n] += (float)z.Imaginary;
            }

            z *= turn;
        }
    }
}
