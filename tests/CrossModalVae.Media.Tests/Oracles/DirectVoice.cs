using CrossModalVae.Audio;

namespace CrossModalVae.Media.Tests.Oracles;

/// <summary>
/// The frames of a voice front end by the definitions, in double precision: frame by frame, every bin of the Fourier transform as a sum,
/// every mel filter over every bin. Without dither, which tests of their own cover; crops at the start.
/// </summary>
internal static class DirectVoice
{
    /// <summary>One frame of a clip whose samples (-1 to 1, at the recipe's rate) are at least as many as the recipe takes.</summary>
    public static double[] Frame(VoiceOptions options, ReadOnlySpan<float> samples, int frame)
    {
        int count = (int)Math.Round(options.DurationSeconds * options.SampleRateHz);
        int window = (int)Math.Round(options.WindowSeconds * options.SampleRateHz);
        int hop = (int)Math.Round(options.HopSeconds * options.SampleRateHz);
        double[] x = [.. samples[..count].ToArray().Select(sample => sample * options.SignalScale)];
        if (options.PreEmphasisStage == PreEmphasisStage.BeforeDc)
        {
            x = PreEmphasise(x, options);
        }

        x = options.RemoveDc ? RemoveDc(x) : x;
        if (options.PreEmphasisStage == PreEmphasisStage.Signal)
        {
            x = PreEmphasise(x, options);
        }

        int start = options.Framing switch
        {
            VoiceFraming.FftLength => (frame * hop) + ((options.FftLength - window) / 2),
            VoiceFraming.WindowLength => frame * hop,
            _ => (frame * hop) - (window / 2),
        };
        double[] cut = [.. Enumerable.Range(start, window).Select(n => x[Mirror(n, count)])];
        if (options.RemoveFrameMean)
        {
            double mean = cut.Average();
            cut = [.. cut.Select(value => value - mean)];
        }

        if (options.PreEmphasisStage == PreEmphasisStage.Frame)
        {
            cut = PreEmphasise(cut, options);
        }

        var padded = new double[options.FftLength];
        for (int n = 0; n < window; n++)
        {
            padded[n] = cut[n] * Window(options.Window, n, window) * options.SpectrumScale;
        }

        double[] bins = [.. Enumerable.Range(0, (options.FftLength / 2) + 1).Select(k => DirectDft.Magnitude(padded, k))];
        bins = options.Spectrum == SpectrumKind.Power ? [.. bins.Select(bin => bin * bin)] : bins;
        bins = options.MelBins > 0 ? Mel(options, bins) : bins;
        return options.Compression switch
        {
            SpectrumCompression.None => bins,
            SpectrumCompression.Log => [.. bins.Select(bin => Math.Log(bin + options.LogFloor))],
            _ => [.. bins.Select(bin => Math.Log(Math.Max(bin, options.LogFloor)))],
        };
    }

    /// <summary>The centre of a mel filter, in Hz.</summary>
    public static double MelCentre(VoiceOptions options, int filter)
    {
        double low = ToMel(options.MelFilters, options.MelLowHz);
        double high = ToMel(options.MelFilters, options.MelHighHz == 0 ? options.SampleRateHz / 2.0 : options.MelHighHz);
        return ToHz(options.MelFilters, low + ((filter + 1) * (high - low) / (options.MelBins + 1)));
    }

    private static double[] Mel(VoiceOptions options, double[] bins)
    {
        var mels = new double[options.MelBins];
        for (int m = 0; m < mels.Length; m++)
        {
            (double left, double centre, double right) = (MelCentre(options, m - 1), MelCentre(options, m), MelCentre(options, m + 1));
            for (int k = 0; k < bins.Length; k++)
            {
                double hz = (double)k * options.SampleRateHz / options.FftLength;
                double weight = options.MelFilters == MelFilters.Kaldi
                    ? Triangle(ToMel(MelFilters.Kaldi, hz), ToMel(MelFilters.Kaldi, left), ToMel(MelFilters.Kaldi, centre), ToMel(
                        MelFilters.Kaldi, right))
                    : Triangle(hz, left, centre, right);
                mels[m] += bins[k] * weight * (options.MelFilters == MelFilters.Slaney ? 2 / (right - left) : 1);
            }
        }

        return mels;
    }

    private static double Triangle(double x, double left, double centre, double right) =>
        x <= left || x >= right ? 0 : x < centre ? (x - left) / (centre - left) : (right - x) / (right - centre);

    // Malcolm Slaney's Auditory Toolbox: 15 mels to 1 kHz, then 27 for a factor of 6.4.
    private static double ToMel(MelFilters filters, double hz) => filters != MelFilters.Slaney
        ? 2_595 * Math.Log10(1 + (hz / 700))
        : hz < 1_000 ? hz * 3 / 200 : 15 + (27 * Math.Log(hz / 1_000) / Math.Log(6.4));

    private static double ToHz(MelFilters filters, double mel) => filters != MelFilters.Slaney
        ? 700 * (Math.Pow(10, mel / 2_595) - 1)
        : mel < 15 ? mel * 200 / 3 : 1_000 * Math.Pow(6.4, (mel - 15) / 27);

    private static double Window(VoiceWindow shape, int n, int length) => shape switch
    {
        VoiceWindow.Hamming => 0.54 - (0.46 * Math.Cos(2 * Math.PI * n / length)),
        VoiceWindow.HammingSymmetric => 0.54 - (0.46 * Math.Cos(2 * Math.PI * n / (length - 1))),
        VoiceWindow.Hann => 0.5 - (0.5 * Math.Cos(2 * Math.PI * n / length)),
        VoiceWindow.HannSymmetric => 0.5 - (0.5 * Math.Cos(2 * Math.PI * n / (length - 1))),
        _ => Math.Pow(0.5 - (0.5 * Math.Cos(2 * Math.PI * n / (length - 1))), 0.85),
    };

    private static double[] PreEmphasise(double[] x, VoiceOptions options)
    {
        double before = options.PreEmphasisEdge switch
        {
            PreEmphasisEdge.Zero => 0,
            PreEmphasisEdge.Replicate => x[0],
            _ => x[1],
        };
        return [.. x.Select((value, n) => value - (options.PreEmphasis * (n == 0 ? before : x[n - 1])))];
    }

    private static double[] RemoveDc(double[] x)
    {
        var y = new double[x.Length];
        for (int n = 0; n < x.Length; n++)
        {
            y[n] = n == 0 ? x[0] : x[n] - x[n - 1] + (0.99 * y[n - 1]);
        }

        return y;
    }

    private static int Mirror(int n, int count) => n < 0 ? -n : n >= count ? (2 * (count - 1)) - n : n;
}
