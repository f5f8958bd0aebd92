using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Augmentation;

/// <summary>Signals with known properties.</summary>
internal static class Signals
{
    public const int Rate = 16_000;

    public static float[] Noise(int count, long seed, double deviation = 0.1)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(deviation * random.NextGaussian()))];
    }

    public static float[] Tone(double hertz, int count, double amplitude = 0.3) =>
        [.. Enumerable.Range(0, count).Select(n => (float)(amplitude * Math.Sin(2 * Math.PI * hertz * n / Rate)))];

    /// <summary>The frequency of a tone from the phase that it gains between two halves, against a reference near it.</summary>
    public static double Frequency(ReadOnlySpan<float> tone, double near)
    {
        int half = tone.Length / 2;
        double turn = (Phase(tone[half..(2 * half)], near) - Phase(tone[..half], near)) - (2 * Math.PI * near * half / Rate);
        double cycles = Math.IEEERemainder(turn + (2 * Math.PI * near * half / Rate), 2 * Math.PI) / (2 * Math.PI);
        double expected = near * half / Rate;
        return (Math.Round(expected - cycles) + cycles) * Rate / half;
    }

    public static double Decibels(double ratio) => 10 * Math.Log10(ratio);

    private static double Phase(ReadOnlySpan<float> tone, double hertz)
    {
        double re = 0, im = 0;
        for (int n = 0; n < tone.Length; n++)
        {
            double window = Math.Pow(Math.Sin(Math.PI * (n + 0.5) / tone.Length), 2);
            re += window * tone[n] * Math.Cos(2 * Math.PI * hertz * n / Rate);
            im -= window * tone[n] * Math.Sin(2 * Math.PI * hertz * n / Rate);
        }

        return Math.Atan2(im, re);
    }
}
