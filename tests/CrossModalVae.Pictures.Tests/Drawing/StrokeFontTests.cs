using CrossModalVae.Pictures.Drawing;

namespace CrossModalVae.Pictures.Tests.Drawing;

public class StrokeFontTests
{
    private const double Size = 20; // so that a unit of the glyphs is a pixel

    [Fact]
    public void Characters_Ascii_AreAllThere()
    {
        Assert.Empty(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Except(StrokeFont.Characters));
        Assert.Empty("−°±×·…–—→←↑↓≤≥".Except(StrokeFont.Characters));
    }

    [Fact]
    public void Strokes_EveryCharacter_StaysInItsBox()
    {
        foreach (char character in StrokeFont.Characters)
        {
            double width = StrokeFont.Width(character.ToString(), Size);
            foreach (PixelPoint point in StrokeFont.Strokes(character.ToString(), Size).SelectMany(stroke => stroke))
            {
                Assert.True(point.X >= 0 && point.X <= width, $"'{character}' leaves its width at {point.X}");
                Assert.True(point.Y >= -0.8 * Size && point.Y <= 0.23 * Size, $"'{character}' leaves its line at {point.Y}");
            }
        }
    }

    [Fact]
    public void Strokes_EveryCharacter_LooksDifferent()
    {
        string[] looks = [.. StrokeFont.Characters.Select(character => string.Join('|', StrokeFont.Strokes(character.ToString(), Size).Select(stroke => string.Join(' ', stroke))))];

        Assert.Equal(looks.Length, looks.Distinct().Count());
    }

    [Fact]
    public void Width_Digits_AreEquallyWideAndAddUp()
    {
        Assert.Single(Enumerable.Range(0, 10).Select(digit => StrokeFont.Width(digit.ToString(System.Globalization.CultureInfo.InvariantCulture), Size)).Distinct());
        Assert.Equal(StrokeFont.Width("a", Size) + StrokeFont.Width("bc", Size), StrokeFont.Width("abc", Size), 1e-9);
    }

    [Fact]
    public void Strokes_UnknownCharacter_IsABox()
    {
        PixelPoint[] box = Assert.Single(StrokeFont.Strokes("Ж", Size));

        Assert.Equal(5, box.Length);
        Assert.Equal(box[0], box[4]);
    }

    [Theory]
    [InlineData("abc", 1000, "abc")]
    [InlineData("abcdefghij", 60, "abcd…")]
    [InlineData("abc", 1, "…")]
    public void Fit_Text_IsCutWithAnEllipsis(string text, double width, string expected)
    {
        Assert.Equal(expected, StrokeFont.Fit(text, Size, width));
    }
}
