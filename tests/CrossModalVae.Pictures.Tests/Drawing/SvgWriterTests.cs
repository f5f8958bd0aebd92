using CrossModalVae.Pictures.Drawing;

namespace CrossModalVae.Pictures.Tests.Drawing;

public class SvgWriterTests
{
    [Fact]
    public void Write_OneOfEach_IsThisDocument()
    {
        var scene = new Scene(200, 100.5);
        scene.Add(new StrokeItem([new(0, 0), new(1.005, -0.001)], new LineStyle(Colour.Black, 1.5, [2, 3]), "curve"));
        scene.Add(new FillItem([new(1, 2), new(3, 4), new(5, 6)], Palette.Blue, 0.25, Colour.Ink, 0.75));
        scene.Add(new CircleItem(new(7, 8), 2.5, Palette.Orange, Kind: "mark"));
        scene.Text(10, 20, "a < b & \"c\" → d", 13, TextAnchor.Middle, bold: true);
        scene.Text(11, 21, "up", 12, TextAnchor.End, upwards: true);

        string svg = SvgWriter.Write(scene);

        const string Expected = """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="100.5" viewBox="0 0 200 100.5" font-family="sans-serif">
            <rect width="200" height="100.5" fill="#FFFFFF"/>
            <polyline class="curve" points="0,0 1,0" fill="none" stroke="#000000" stroke-width="1.5" stroke-linecap="butt" stroke-linejoin="round" stroke-dasharray="2 3"/>
            <polygon points="1,2 3,4 5,6" fill="#0072B2" fill-opacity="0.25" stroke="#222222" stroke-width="0.75" stroke-linejoin="round"/>
            <circle class="mark" cx="7" cy="8" r="2.5" fill="#E69F00"/>
            <text x="10" y="20" font-size="13" font-weight="bold" text-anchor="middle" fill="#222222">a &lt; b &amp; "c" → d</text>
            <text x="11" y="21" font-size="12" text-anchor="end" transform="rotate(-90 11 21)" fill="#222222">up</text>
            </svg>

            """;
        Assert.Equal(Expected.ReplaceLineEndings("\n"), svg);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("]]>", "]]&gt;")]
    [InlineData("a\0b\u001Fc", "a\uFFFDb\uFFFDc")]
    [InlineData("\uD83D\uDE00", "\uD83D\uDE00")]
    [InlineData("\uFFFF", "\uFFFD")]
    public void Escape_Text_IsLegalXml(string text, string expected)
    {
        Assert.Equal(expected, SvgWriter.Escape(text));
    }

    [Fact]
    public void Escape_LoneSurrogate_BecomesTheReplacementCharacter()
    {
        Assert.Equal("a\uFFFDb", SvgWriter.Escape("a\uD83Db")); // not in a theory: test runners cannot pass it on
    }
}
