using CrossModalVae.Numerics;
using CrossModalVae.Synthesis.Voices;

namespace CrossModalVae.Synthesis.Tests.Voices;

public class VoiceSynthesizerTests
{
    private const int SpectrumLength = 512;
    private const double HertzPerBin = (double)VoiceSynthesizer.SampleRateHz / SpectrumLength;

    [Fact]
    public void Speak_SameClip_IsTheSameSound()
    {
        float[] first = Speak(People.Shared(), 3);

        Assert.Equal(first, Speak(People.Shared(), 3));
        Assert.NotEqual(first, Speak(People.Shared(), 4));
    }

    [Fact]
    public void Speak_ManyPeople_IsFiniteUnclippedAndOfTheLengthAskedFor()
    {
        foreach (IdentityTraits person in People.Sample(30))
        {
            float[] x = VoiceSynthesizer.Speak(person.Voice, 3, 3.5, new SeededRandom(1));

            Assert.InRange(x.Length, 48_000, 56_000);
            Assert.All(x, s => Assert.InRange(s, -0.96f, 0.96f));
            Assert.InRange(Math.Sqrt(x.Average(s => (double)s * s)), 0.01, 0.2);
        }
    }

    [Fact]
    public void Speak_ExtremeTraits_StaysStable()
    {
        foreach (double z in new[] { -4.5, 4.5 })
        {
            var voice = new VoiceTraits(People.Shared(Sex.Female, z, z, z, z), z, z, z, z);

            Assert.All(VoiceSynthesizer.Speak(voice, 1, 1, new SeededRandom(2)), s => Assert.InRange(s, -0.96f, 0.96f));
        }
    }

    [Fact]
    public void Speak_Men_SpeakLowerByAutocorrelation()
    {
        double men = Median(clip => Periods(Speak(People.Shared(Sex.Male), clip)).PitchHz);
        double women = Median(clip => Periods(Speak(People.Shared(Sex.Female), clip)).PitchHz);

        Assert.InRange(men, 90, 145);
        Assert.InRange(women, 160, 250);
    }

    [Fact]
    public void Speak_BiggerBodies_HaveLowerResonances()
    {
        double small = Median(clip => Centroid(Speak(People.Shared(size: -2.5), clip), 800, 4_500));
        double big = Median(clip => Centroid(Speak(People.Shared(size: 2.5), clip), 800, 4_500));

        Assert.True(big < small - 50, $"big {big} Hz, small {small} Hz");
    }

    [Fact]
    public void Speak_OlderPeople_AreLessPeriodic()
    {
        double young = Median(clip => Periods(Speak(People.Shared(age: -2), clip)).Periodicity);
        double old = Median(clip => Periods(Speak(People.Shared(age: 2), clip)).Periodicity);

        Assert.True(old < young - 0.03, $"old {old}, young {young}");
    }

    [Fact]
    public void Speak_HeavierPeople_HaveMoreChestResonance()
    {
        double light = Median(clip => Share(Speak(People.Shared(build: -2), clip), 150, 450));
        double heavy = Median(clip => Share(Speak(People.Shared(build: 2), clip), 150, 450));

        Assert.True(heavy > 1.15 * light, $"heavy {heavy}, light {light}");
    }

    [Fact]
    public void WithAccent_TowardsOneEnd_CentralisesVowels()
    {
        Phone front = Phone.Vowels[0];
        Phone back = Phone.Vowels[7];

        Assert.True(front.WithAccent(1.5).F2 < front.F2);
        Assert.True(back.WithAccent(1.5).F2 > back.F2);
        Assert.True(back.WithAccent(1.5).F3 < back.F3);
        Assert.Equal(front, front.WithAccent(0));
    }

    [Fact]
    public void From_OlderPeople_AreRougherBreathierAndSlower()
    {
        VoiceParameters young = VoiceParameters.From(People.Voice(People.Shared(age: -1)));
        VoiceParameters old = VoiceParameters.From(People.Voice(People.Shared(age: 1)));

        Assert.True(old.Jitter > young.Jitter);
        Assert.True(old.Shimmer > young.Shimmer);
        Assert.True(old.Breath > young.Breath);
        Assert.True(old.SyllablesPerSecond < young.SyllablesPerSecond);
    }

    private static float[] Speak(SharedTraits shared, int clip) =>
        VoiceSynthesizer.Speak(People.Voice(shared), 3, 3, new SeededRandom(1_000 + clip));

    // Over clips that differ in text and channel; the same ones for every voice that is compared.
    private static double Median(Func<int, double> measure)
    {
        double[] values = [.. Enumerable.Range(0, 9).Select(measure).Order()];
        return values[values.Length / 2];
    }

    /// <summary>Medians over loud frames: the lag of the highest normalised autocorrelation as a pitch, and that autocorrelation.</summary>
    private static (double PitchHz, double Periodicity) Periods(float[] x)
    {
        const int Frame = 1_024;
        var pitches = new List<double>();
        var peaks = new List<double>();
        double threshold = 0.5 * x.Average(s => (double)s * s);
        for (int start = 0; start + (2 * Frame) < x.Length; start += Frame)
        {
            if (x.AsSpan(start, Frame).ToArray().Average(s => (double)s * s) < threshold)
            {
                continue;
            }

            (double best, int lag) = (0, 0);
            for (int l = VoiceSynthesizer.SampleRateHz / 400; l < VoiceSynthesizer.SampleRateHz / 70; l++)
            {
                (double xy, double xx, double yy) = (0, 1e-9, 1e-9);
                for (int i = start; i < start + Frame; i++)
                {
                    xy += x[i] * x[i + l];
                    xx += x[i] * x[i];
                    yy += x[i + l] * x[i + l];
                }

                // A slight preference for short lags keeps multiples of the period out.
                double r = xy / Math.Sqrt(xx * yy) * (1 - (l / 4_000.0));
                if (r > best)
                {
                    (best, lag) = (r, l);
                }
            }

            peaks.Add(best);
            if (best > 0.5)
            {
                pitches.Add((double)VoiceSynthesizer.SampleRateHz / lag);
            }
        }

        pitches.Sort();
        peaks.Sort();
        return (pitches[pitches.Count / 2], peaks[peaks.Count / 2]);
    }

    private static double Centroid(float[] x, double low, double high)
    {
        double[] spectrum = MeanSpectrum(x);
        var band = Enumerable.Range(0, spectrum.Length).Where(k => k * HertzPerBin >= low && k * HertzPerBin <= high).ToArray();
        return band.Sum(k => k * HertzPerBin * spectrum[k]) / band.Sum(k => spectrum[k]);
    }

    private static double Share(float[] x, double low, double high)
    {
        double[] spectrum = MeanSpectrum(x);
        return Enumerable.Range(0, spectrum.Length).Where(k => k * HertzPerBin >= low && k * HertzPerBin <= high).Sum(k => spectrum[k])
            / spectrum.Sum();
    }

    /// <summary>Mean magnitude per bin over Hann frames, after pre-emphasis; a direct DFT, [SpectrumLength / 2].</summary>
    private static double[] MeanSpectrum(float[] x)
    {
        var mean = new double[SpectrumLength / 2];
        for (int start = 1; start + SpectrumLength < x.Length; start += 2_048)
        {
            double[] frame = [.. Enumerable.Range(0, SpectrumLength).Select(i =>
                (x[start + i] - (0.97 * x[start + i - 1])) * (0.5 - (0.5 * Math.Cos(2 * Math.PI * i / SpectrumLength))))];
            for (int k = 0; k < mean.Length; k++)
            {
                (double re, double im) = (0, 0);
                double step = 2 * Math.PI * k / SpectrumLength;
                for (int i = 0; i < SpectrumLength; i++)
                {
                    (double sin, double cos) = Math.SinCos(step * i);
                    re += frame[i] * cos;
                    im -= frame[i] * sin;
                }

                mean[k] += Math.Sqrt((re * re) + (im * im));
            }
        }

        return mean;
    }
}
