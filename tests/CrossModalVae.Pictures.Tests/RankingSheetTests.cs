using System.Xml.Linq;
using ScottPlot;

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

        XElement[] frames = [.. picture.Elements("rect").Where(rect => rect.Attribute("stroke") is not null && rect.Number("width") == 96)];
        Assert.Equal(2, frames.Count(frame => frame.Attribute("stroke")!.Value == "#009E73" && frame.Number("stroke-width") == 5));
        Assert.Equal(4, frames.Count(frame => frame.Attribute("stroke")!.Value == "#8C8C8C" && frame.Number("stroke-width") == 1));
        Assert.Equal(2, frames.Count(frame => frame.Attribute("stroke")!.Value == "#222" && frame.Number("stroke-width") == 2)); // probes
        Assert.Equal(6, picture.Elements("image").Length); // two answers and one probe or inset a row
        string[] texts = picture.Texts();
        Assert.Equal(
            ["Nearest", "voice", "s1", "1 · 0.900", "s2", "2 · 0.500", "s1", "no face", "3 · −0.250", "s3", "face", "s3"], texts.Take(12));
        Assert.Equal(["the same identity", "another identity; beneath: rank · score, identity"], texts.TakeLast(2));
        XElement[] scores = [.. picture.Elements("text").Where(text => text.Value.StartsWith('2'))];
        Assert.Equal("bold", scores[0].Attribute("font-weight")!.Value); // the same person's, in bold
        Assert.Null(scores[1].Attribute("font-weight"));
        Assert.Empty(picture.Collisions());
    }

    [Fact]
    public void Draw_Headings_StandAboveTheirRowsAndFit()
    {
        const string Best = "Best of 640 voices: the right person stands at rank 1 of 640 clips, the best of their 4; by chance about 128";

        Picture picture = RankingSheet.Draw(
            [Row with { Heading = Best }, Row with { Heading = "Worst" }],
            new PictureOptions { Subtitle = "corpus · 160 people · cosine" });

        string[] texts = picture.Texts();
        Assert.Equal(["Nearest", "corpus · 160 people · cosine", Best, "voice", "s1"], texts.Take(5));
        Assert.Equal(1, texts.Count(text => text == "Worst"));
        Assert.Empty(picture.Collisions());
        XElement heading = Assert.Single(picture.Elements("text"), text => text.Value == Best);
        XElement probe = picture.Elements("text").First(text => text.Value == "voice");
        Assert.True(PictureReading.Box(heading).Bottom < PictureReading.Box(probe).Top - 96);
    }

    [Fact]
    public void Draw_Png_ShowsThePhotographAndTheGreenFrame()
    {
        Picture picture = RankingSheet.Draw([Row]);

        XElement right = Assert.Single(picture.Elements("rect"), rect => rect.Attribute("stroke")?.Value == "#009E73");
        (double left, double top) = (right.Number("x"), right.Number("y"));
        Assert.Equal(Palette.Green, picture.Pixel(left, top + 48));
        Color middle = picture.Pixel(left + 48, top + 48);
        Assert.NotEqual(Palette.White, middle);
        Assert.NotEqual(Palette.Faint, middle);
        Assert.Equal(Palette.Faint, picture.Pixel(left + 108 + 20, top + 20)); // no face
        XElement image = picture.Elements("image")[0];
        Assert.Equal((92, 92), (image.Number("width"), image.Number("height"))); // the inset, in pixels of the standard scale
        Assert.StartsWith(
            "data:image/png;base64,iVBORw0KGgo",
            image.Attribute(XName.Get("href", "http://www.w3.org/1999/xlink"))!.Value,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_Twice_GivesTheSameBytes()
    {
        Assert.Equal(RankingSheet.Draw([Row]).ToPng(), RankingSheet.Draw([Row]).ToPng());
        Assert.Equal(RankingSheet.Draw([Row]).ToSvg(), RankingSheet.Draw([Row]).ToSvg());
    }

    [Fact]
    public void Draw_LongIdentities_AreCutToTheirTile()
    {
        const string Long = "an identity with a name that no tile can hold";

        RankingSheetMatch[] matches = [.. Enumerable.Range(1, 10).Select(i => new RankingSheetMatch(i, Long, -123456.789, null))];
        Picture picture = RankingSheet.Draw([new(new(Long, Modality.Face, null), matches)]);

        string[] identities = [.. picture.Texts().Where(text => text.StartsWith("an ", StringComparison.Ordinal))];
        Assert.Equal(11, identities.Length);
        Assert.All(identities, text => Assert.EndsWith("…", text, StringComparison.Ordinal));
        Assert.Empty(picture.Collisions());
    }

    [Fact]
    public void Draw_BadRows_AreRefused()
    {
        Assert.Equal("'rows' is empty; must have at least one entry to draw. (Parameter 'rows')", Refusal());
        Assert.Equal("'Matches' is empty; must have at least one entry to draw. (Parameter 'Matches')", Refusal(Row with { Matches = [] }));
        Assert.Equal(
            "'Matches' has Score NaN at entry 0; must be finite. (Parameter 'Matches')",
            Refusal(Row with { Matches = [new(1, "s1", double.NaN, null)] }));

        static string Refusal(params RankingSheetRow[] rows) => Assert.Throws<ArgumentException>(() => RankingSheet.Draw(rows)).Message;
    }

    [Fact]
    public void Draw_MissingFile_NamesIt()
    {
        string absent = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("n"), "absent.jpg");

        FileNotFoundException e = Assert.Throws<FileNotFoundException>(
            () => RankingSheet.Draw([Row with { Probe = new("s1", Modality.Face, absent) }]));

        Assert.Contains("absent.jpg", e.Message, StringComparison.Ordinal);
    }
}
