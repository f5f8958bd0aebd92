using CrossModalVae.Audio;

namespace CrossModalVae.Pictures;

/// <summary>One voice's mean spectrum, for <see cref="SpectrumPicture"/>.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Spectrum">One frame; with its spread where that is known.</param>
public sealed record SpectrumCurve(string Name, VoiceSpectrum Spectrum);

/// <summary>Mean levels of voices over frequency; a band of one standard deviation over time where it is known.</summary>
public static class SpectrumPicture
{
    private const double BandOpacity = 0.15;

    /// <summary>Draws curves.</summary>
    /// <param name="curves">At least one.</param>
    /// <param name="options">Size and title; null for the default, 760 x 360.</param>
    /// <exception cref="ArgumentException">There is no curve, one has several frames or a level that is not finite, or an option is out of
    /// range.</exception>
    public static Picture Draw(IReadOnlyList<SpectrumCurve> curves, PictureOptions? options = null)
    {
        options = PictureOptions.Checked(options);
        DataCheck.Any(curves, nameof(curves));
        foreach (SpectrumCurve curve in curves)
        {
            if (curve.Spectrum.FrameCount != 1)
            {
                throw new ArgumentException(
                    $"'{curve.Name}' has {curve.Spectrum.FrameCount} frames; must have one, the mean over time.", nameof(curves));
            }

            DataCheck.Finite(Values(curve.Spectrum), curve.Name, nameof(VoiceSpectrum.Levels));
        }

        using var chart = new Chart(
            options,
            (760, 360),
            "Mean spectrum",
            Axis.Covering("frequency (Hz)", [0, curves.Max(curve => curve.Spectrum.BinHz[^1])], fromZero: true),
            Axis.Covering("level (dB)", curves.SelectMany(curve => Values(curve.Spectrum))));
        for (int i = 0; i < curves.Count; i++)
        {
            VoiceSpectrum own = curves[i].Spectrum;
            if (own is { Low: not null, High: not null })
            {
                chart.Panel.Area(
                    Points(own, own.High).Concat(Points(own, own.Low).Reverse()), Palette.Line(i).Color.WithOpacity(BandOpacity));
            }
        }

        for (int i = 0; i < curves.Count; i++)
        {
            chart.Panel.Curve(Points(curves[i].Spectrum, curves[i].Spectrum.Levels), Palette.Line(i), curves[i].Name);
            chart.Legend.Line(curves[i].Name, Palette.Line(i), curves[i].Spectrum.Low is null ? "" : "± 1 s.d. over time");
        }

        return chart.Paint();
    }

    private static IEnumerable<(double X, double Y)> Points(VoiceSpectrum spectrum, IReadOnlyList<float> levels) =>
        spectrum.BinHz.Zip(levels, (hz, level) => (hz, (double)level));

    private static IEnumerable<double> Values(VoiceSpectrum spectrum) =>
        spectrum.Levels.Concat(spectrum.Low ?? []).Concat(spectrum.High ?? []).Select(level => (double)level);
}
