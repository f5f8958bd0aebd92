using CrossModalVae.Pictures.Drawing;
using SkiaSharp;

namespace CrossModalVae.Pictures.Tests.Drawing;

public class LetteringTests
{
    private const double Size = 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Font_EveryMachine_IsTheEmbeddedOne(bool bold)
    {
        using SKFont font = Lettering.Font(Size, bold);

        Assert.Equal(("Arimo", bold), (font.Typeface.FamilyName, font.Typeface.IsBold));
        Assert.True(font.Typeface.ContainsGlyphs(string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code))));
        Assert.True(font.Typeface.ContainsGlyphs("−°±×·…–—→←↑↓≤≥\uFFFDäßЖΩ"));
    }

    [Fact]
    public void Width_Digits_AreEquallyWideAndThoseOfArial()
    {
        Assert.All("0123456789", digit => Assert.Equal(0.556 * Size, Lettering.Width(digit.ToString(), Size), 0.01));
        Assert.Equal(Lettering.Width("a", Size) + Lettering.Width("bc", Size), Lettering.Width("abc", Size), 0.01);
        Assert.True(Lettering.Width("abc", Size, bold: true) > Lettering.Width("abc", Size));
    }

    [Theory]
    [InlineData("abc", 1000, "abc")]
    [InlineData("abcdefghij", 65, "abcd…")]
    [InlineData("abc", 1, "…")]
    [InlineData("", 1, "")]
    public void Fit_Text_IsCutWithAnEllipsis(string text, double width, string expected)
    {
        Assert.Equal(expected, Lettering.Fit(text, Size, width));
    }

    [Fact]
    public void Fit_LettersOfTwoUnits_AreNotCutInTwo()
    {
        string fitted = Lettering.Fit(string.Concat(Enumerable.Repeat("\U0001F600", 20)), Size, 100);

        Assert.Equal(fitted, Lettering.Legal(fitted)); // no lone surrogate
        Assert.EndsWith("\U0001F600…", fitted, StringComparison.Ordinal);
        Assert.InRange(Lettering.Width(fitted, Size), 50, 100);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\0b\u001Fc\n", "a\uFFFDb\uFFFDc\uFFFD")]
    [InlineData("\uFFFF", "\uFFFD")]
    [InlineData("\U0001F600", "\U0001F600")]
    public void Legal_Text_IsWhatXmlCanHold(string text, string expected)
    {
        Assert.Equal(expected, Lettering.Legal(text));
    }

    [Fact]
    public void Legal_LoneSurrogate_BecomesTheReplacementCharacter()
    {
        Assert.Equal("a\uFFFDb", Lettering.Legal("a\uD83Db")); // not in a theory: test runners cannot pass it on
    }

    [Fact]
    public void Shown_LetterThatTheFontLacks_IsTheReplacementCharacter()
    {
        Assert.Equal("a\uFFFD\uFFFD→é", Lettering.Shown("a漢\U0001F600→é"));
    }
}
