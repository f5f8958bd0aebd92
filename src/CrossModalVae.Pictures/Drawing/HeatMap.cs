using CrossModalVae.Audio;
using ScottPlot.Colormaps;
using SkiaSharp;

namespace CrossModalVae.Pictures.Drawing;

/// <summary>A spectrogram's levels as colours, brighter for louder, which readers with any colour blindness tell apart.</summary>
internal sealed class HeatMap
{
    private const double DecibelRange = 70; // below the loudest
    private const double DeviationRange = 2.5; // either side of the mean

    private static readonly Magma Colours = new();

    private readonly VoiceSpectrum _spectrum;

    public HeatMap(VoiceSpectrum spectrum)
    {
        _spectrum = spectrum;
        High = spectrum.IsDecibel ? spectrum.Levels.Max() : DeviationRange;
        Low = spectrum.IsDecibel ? High - DecibelRange : -DeviationRange;
    }

    /// <summary>The level of the darkest colour.</summary>
    public double Low { get; }

    /// <summary>The level of the brightest colour.</summary>
    public double High { get; }

    /// <summary>Where the frequency axis ends: bins are spread over it by their frequency.</summary>
    public double TopHz => _spectrum.BinHz[^1];

    /// <summary>A frame a column, the highest frequency on top, linear in Hz from 0 to <see cref="TopHz"/>.</summary>
    public SKImage Image(int rows)
    {
        (int frames, int bins) = (_spectrum.FrameCount, _spectrum.BinHz.Count);
        using var bitmap = new SKBitmap(frames, rows, SKColorType.Rgba8888, SKAlphaType.Opaque);
        int bin = 0;
        for (int row = 0; row < rows; row++)
        {
            double hz = TopHz * (row + 0.5) / rows;
            while (bin + 2 < bins && _spectrum.BinHz[bin + 1] < hz)
            {
                bin++;
            }

            (double below, double above) = (_spectrum.BinHz[bin], _spectrum.BinHz[bin + 1]);
            double share = Math.Clamp((hz - below) / (above - below), 0, 1);
            for (int frame = 0; frame < frames; frame++)
            {
                int at = (frame * bins) + bin;
                double level = ((1 - share) * _spectrum.Levels[at]) + (share * _spectrum.Levels[at + 1]);
                bitmap.SetPixel(frame, rows - 1 - row, Colour((level - Low) / (High - Low)));
            }
        }

        return SKImage.FromBitmap(bitmap);
    }

    /// <summary>The colours from the darkest, below, to the brightest.</summary>
    public static SKImage Scale()
    {
        using var bitmap = new SKBitmap(1, 256, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (int row = 0; row < bitmap.Height; row++)
        {
            bitmap.SetPixel(0, row, Colour(1 - (row / 255.0)));
        }

        return SKImage.FromBitmap(bitmap);
    }

    private static SKColor Colour(double share) => Colours.GetColor(Math.Clamp(share, 0, 1)).ToSKColor();
}
