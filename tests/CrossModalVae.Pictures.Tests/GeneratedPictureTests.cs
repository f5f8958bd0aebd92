using CrossModalVae.Audio;
using CrossModalVae.Faces;
using ScottPlot;

namespace CrossModalVae.Pictures.Tests;

public class GeneratedPictureTests
{
    // Two frames of four bins: silent but for one loud bin, 6 kHz in the second frame.
    private static readonly VoiceSpectrum Spectrogram = new([0, 0, 0, 0, 0, 0, 0, 80], 2, [0, 2_000, 4_000, 6_000], 0.5);

    private static readonly VoiceSpectrum Spectrum = new([10, 30, 20], 1, [100, 1_000, 4_000], 0.01)
    {
        Low = [5, 25, 10],
        High = [15, 35, 30],
    };

    [Fact]
    public void Spectrogram_LoudBin_IsBrightAtItsTimeAndFrequency()
    {
        Picture picture = SpectrogramPicture.Draw(Spectrogram, new PictureOptions { Subtitle = "a voice" });

        PixelRect frame = picture.Frame();
        Color loud = picture.Pixel(frame.Left + (0.9 * frame.Width), frame.Top + (0.02 * frame.Height));
        Color early = picture.Pixel(frame.Left + (0.1 * frame.Width), frame.Top + (0.02 * frame.Height));
        Color low = picture.Pixel(frame.Left + (0.9 * frame.Width), frame.Bottom - (0.1 * frame.Height));
        Assert.True(loud.R + loud.G > 400, $"{loud}");
        Assert.True(early.R + early.G < 80 && low.R + low.G < 80, $"{early} {low}");
        Assert.Equal(["time (s)", "frequency (Hz)"],
            new[] { picture.Panels[0].Plot.Axes.Bottom.Label.Text, picture.Panels[0].Plot.Axes.Left.Label.Text });
        Assert.Contains("dB", picture.Texts());
        Assert.Contains("−70", picture.Texts());
        Assert.Empty(picture.Collisions());
    }

    [Fact]
    public void Spectrogram_DeviationsOfAClip_AreNamedSo()
    {
        Picture picture = SpectrogramPicture.Draw(Spectrogram with { IsDecibel = false });

        Assert.Contains("s.d.", picture.Texts());
        Assert.DoesNotContain("dB", picture.Texts());
    }

    [Fact]
    public void Spectrum_Curves_StandAtTheirFrequenciesWithTheirNames()
    {
        Picture picture = SpectrumPicture.Draw([new("generated", Spectrum), new("true voice", Spectrum with { Low = null, High = null })]);

        (double X, double Y)[] curve = Assert.Single(picture.Curves("generated"));
        Assert.Equal(3, curve.Length);
        Assert.Equal(10, (curve[1].X - curve[0].X) / (curve[0].X / 1) + 1, 1e-6); // 1,000 Hz to 100 Hz, from 0 on
        Assert.True(curve[1].Y > curve[2].Y && curve[2].Y > curve[0].Y);
        Assert.Contains("generated", picture.LegendTexts());
        Assert.Contains("true voice", picture.LegendTexts());
        Assert.Empty(picture.Collisions());
    }

    [Fact]
    public void Pictures_WhatTheyCannotShow_AreRefused()
    {
        Assert.Equal(
            "The spectrum has 1 frames of 3 bins; must have at least 2 of each. (Parameter 'spectrum')",
            Assert.Throws<ArgumentException>(() => SpectrogramPicture.Draw(Spectrum)).Message);
        Assert.Equal(
            "'a' has 2 frames; must have one, the mean over time. (Parameter 'curves')",
            Assert.Throws<ArgumentException>(() => SpectrumPicture.Draw([new("a", Spectrogram)])).Message);
        Assert.Throws<ArgumentException>(() => SpectrogramPicture.Draw(Spectrogram with { Levels = [0, 0, 0, 0, 0, 0, 0, float.NaN] }));
    }

    [Fact]
    public void Face_OfAFewPixels_IsEnlargedInItsProportions()
    {
        var face = new FaceImage([.. Enumerable.Range(0, 8 * 16).SelectMany(i => i < 64 ? new byte[] { 255, 0, 0 } : [0, 0, 255])], 8, 16);

        Picture picture = FacePicture.Draw(face, 320);

        Assert.Equal((160, 320), (picture.Width, picture.Height));
        Assert.Equal(new Color(255, 0, 0), picture.Pixel(80, 20));
        Assert.Equal(new Color(0, 0, 255), picture.Pixel(80, 300));
    }

    [Fact]
    public void Sheet_Groups_FrameWhatIsRealAndNameEveryTile()
    {
        var face = new FaceImage(new byte[3 * 64], 8, 8);
        SheetGroup group = new(
            "a/1", [new("true face", face) { IsReal = true }, new("from the voice", face), new("voice", Voice: Spectrum)]);

        Picture picture = TileSheet.Draw([group, group with { Heading = "b/2" }, group, group], new PictureOptions { Subtitle = "model" });

        Assert.Equal(4, picture.Elements("rect").Count(rect => rect.Attribute("stroke")?.Value == "#222"));
        Assert.Equal(4, picture.Texts().Count(text => text == "from the voice"));
        Assert.Contains("b/2", picture.Texts());
        Assert.Empty(picture.Collisions());
        Picture rows = TileSheet.Draw([group, group], rowPerGroup: true);
        Assert.True(rows.Width < picture.Width);
    }
}
