using CrossModalVae.Metrics;

namespace CrossModalVae.Pictures.Tests;

/// <summary>Every picture has a subtitle where it is given one: below the title, above the data, nothing on it.</summary>
public class SubtitleTests
{
    private const string Text =
        "a corpus of some name · 160 people, 640 clips · test split · DBSCAN, eps 0.1882 (chosen), 5 samples, cosine";

    private static readonly PictureOptions Options = new() { Subtitle = Text };

    public static TheoryData<string> Kinds => [.. Pictures.Keys];

    private static Dictionary<string, Func<PictureOptions, Picture>> Pictures { get; } = new()
    {
        ["det"] = options => DetPicture.Draw([Series()], options),
        ["roc"] = options => RocPicture.Draw([Series()], options),
        ["matching"] = options => MatchingPicture.Draw([new("model", [new(2, 0.7), new(3, 0.6)])], options),
        ["reliability"] = options => ReliabilityPicture.Draw([new(0.1, 0.2, 300)], options),
        ["k-distance"] = options => KDistancePicture.Draw([0.1, 0.2, 0.5], 5, 0.2, options),
        ["manifold"] = options => ManifoldPicture.Draw([new(0, 0, "a", Modality.Face), new(1, 2, "b", Modality.Voice)], options: options),
        ["loss"] = options => LossPicture.Draw([new("loss", [3, 2, 1], [4, 3, 2])], 3, options),
        ["ranking"] = options => RankingSheet.Draw([new(new("a", Modality.Voice, null), [new(1, "b", 0.5, null)])], options),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Draw_Subtitle_IsWholeAndFree(string kind)
    {
        Picture plain = Pictures[kind](new PictureOptions()), picture = Pictures[kind](Options);

        string[] added = [.. picture.Texts().Where(text => text.Contains("corpus", StringComparison.Ordinal)
            || Text.Contains(text, StringComparison.Ordinal)).Except(plain.Texts())];
        Assert.Equal(Text, string.Join(" · ", added));
        Assert.Empty(picture.Collisions());
    }

    [Fact]
    public void Draw_PartThatIsTooWide_IsCut()
    {
        string name = string.Concat(Enumerable.Repeat("very ", 60));

        Picture picture = KDistancePicture.Draw([0.1, 0.2], 5, 0.2, new PictureOptions { Subtitle = $"{name} · short" });

        Assert.Contains(picture.Texts(), text => text.StartsWith("very very", StringComparison.Ordinal) && text.EndsWith('…'));
        Assert.Contains("short", picture.Texts());
        Assert.Empty(picture.Collisions());
    }

    private static RocSeries Series() => new("four trials", RocCurve.Compute([4, 2, 3, 1], [true, true, false, false]));
}
