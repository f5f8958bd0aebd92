using System.Xml.Linq;
using CrossModalVae.Pictures.Drawing;

namespace CrossModalVae.Pictures.Tests;

public class RankingSheetTests
{
    private static readonly string FaceFile = Directory
        .GetFiles(Repository.File("tests", "fixtures", "grid"), "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();

    private static readonly RankingSheetRow Row = new(
        new("s1", Modality.Voice, FaceFile), [new(1, "s2", 0.9, FaceFile), new(2, "s1", 0.5, FaceFile), new(3, "s3", -0.25, null)]);

    [Fact]
    public void Draw_Ranking_FramesRightAndWrongDifferently()
    {
        Picture picture = RankingSheet.Draw([Row, Row with { Probe = new("s3", Modality.Face, FaceFile) }]);

        Assert.Equal(2, picture.Svg("right").Length);
        Assert.Equal(4, picture.Svg("wrong").Length);
        Assert.All(picture.Svg("right"), frame => Assert.Equal((Palette.Green.Hex, "5"), (frame.Attribute("stroke")!.Value, frame.Attribute("stroke-width")!.Value)));
        Assert.All(picture.Svg("wrong"), frame => Assert.Equal((Colour.Grey.Hex, "1"), (frame.Attribute("stroke")!.Value, frame.Attribute("stroke-width")!.Value)));
        Assert.Equal(6, picture.Svg("face").Length); // two answers and one probe or inset a row
        Assert.Equal(["1 · 0.900", "2 · 0.500", "3 · −0.250"], picture.Texts("score").Take(3));
        Assert.Equal(["s2", "s1", "s3"], picture.Texts("identity").Take(3));
        Assert.Equal(["no face", "no face"], picture.Texts("no-face"));
        Assert.Equal(["voice", "face"], picture.Texts("probe-modality"));
        Assert.Empty(picture.Collisions());
    }

    [Fact]
    public void Draw_Png_ShowsThePhotographAndTheGreenFrame()
    {
        Picture picture = RankingSheet.Draw([Row]);

        PixelPoint[] right = Assert.Single(picture.Svg("right")).Points();
        Assert.Equal(Palette.Green, picture.Pixel(right[0].X, (right[0].Y + right[2].Y) / 2));
        XElement face = picture.Svg("face")[1]; // after the probe's inset
        Colour middle = picture.Pixel(face.Number("x") + (face.Number("width") / 2), face.Number("y") + (face.Number("height") / 2));
        Assert.NotEqual(Colour.White, middle);
        Assert.StartsWith("data:image/png;base64,iVBORw0KGgo", face.Attribute(XName.Get("href", "http://www.w3.org/1999/xlink"))!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_LongIdentities_AreCutToTheirTile()
    {
        const string Long = "an identity with a name that no tile can hold";

        Picture picture = RankingSheet.Draw([new(new(Long, Modality.Face, null), [.. Enumerable.Range(1, 10).Select(i => new RankingSheetMatch(i, Long, -123456.789, null))])]);

        Assert.All(picture.Texts("identity"), text => Assert.EndsWith("…", text, StringComparison.Ordinal));
        Assert.Empty(picture.Collisions());
    }

    [Fact]
    public void Draw_BadRows_AreRefused()
    {
        Assert.Equal("'rows' is empty; must have at least one entry to draw. (Parameter 'rows')", Refusal());
        Assert.Equal("'Matches' is empty; must have at least one entry to draw. (Parameter 'Matches')", Refusal(Row with { Matches = [] }));
        Assert.Equal(
            "'Matches' has Score NaN at entry 0; must be finite. (Parameter 'Matches')", Refusal(Row with { Matches = [new(1, "s1", double.NaN, null)] }));

        static string Refusal(params RankingSheetRow[] rows) => Assert.Throws<ArgumentException>(() => RankingSheet.Draw(rows)).Message;
    }

    [Fact]
    public void Draw_MissingFile_NamesIt()
    {
        string absent = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("n"), "absent.jpg");

        FileNotFoundException e = Assert.Throws<FileNotFoundException>(() => RankingSheet.Draw([Row with { Probe = new("s1", Modality.Face, absent) }]));

        Assert.Contains("absent.jpg", e.Message, StringComparison.Ordinal);
    }
}
