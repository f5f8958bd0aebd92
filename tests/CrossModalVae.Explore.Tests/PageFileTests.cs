using System.Text.Json;
using System.Text.RegularExpressions;

namespace CrossModalVae.Explore.Tests;

public sealed partial class PageFileTests : IDisposable
{
    private const string Evil = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WritePage_NamesWithMarkup_StayInTheirElement()
    {
        EmbeddingRow[] rows =
        [
            ExploreData.Row(Evil, "<!--", Modality.Voice),
            ExploreData.Row(Evil, "\u2028]]>", Modality.Face),
            ExploreData.Row("b", "1", Modality.Face),
        ];
        using Explorer explorer = ExploreData.Load(_folder, new EmbeddingSet([1, 0, 0, 1, 1, 1], 2, rows));

        explorer.WritePage(_folder["page.html"]);

        string page = File.ReadAllText(_folder["page.html"]);
        Assert.Equal(2, Regex.Count(page, "</script")); // the data's own and the script's
        using JsonDocument data = Data(page);
        Assert.Equal([Evil, "b"], data.RootElement.GetProperty("people").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(["<!--", "\u2028]]>", "1"], data.RootElement.GetProperty("clips").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public void WritePage_Rankings_AreThoseOfTheServer()
    {
        using Explorer explorer = ExploreData.Load(_folder, ExploreData.People(8, 2));

        explorer.WritePage(_folder["page.html"]);

        using JsonDocument data = Data(File.ReadAllText(_folder["page.html"]));
        JsonElement nearest = data.RootElement.GetProperty("nearest");
        for (int row = 0; row < explorer.RowCount; row++)
        {
            Assert.Equal(
                explorer.Nearest.For(row, CancellationToken.None).Matches.Select(match => match.Row),
                nearest[row].EnumerateArray().Select(match => match[0].GetInt32()));
        }

        Assert.Equal(explorer.Ranks.Ranks, data.RootElement.GetProperty("ranks").EnumerateArray().Select(rank => rank.GetInt32()));
        Assert.False(data.RootElement.GetProperty("faces").GetBoolean());
    }

    [Fact]
    public void WritePage_WithMedia_HasEveryClipsPictureAndSoundWithinTheLimit()
    {
        var manifest = ManifestReader.Read(Path.Combine(Fixtures.Grid, "manifest.jsonl"));
        EmbeddingRow[] rows = [.. manifest.Clips.Select(clip => ExploreData.Row(clip.Identity, clip.Name, Modality.Face))];
        var set = new EmbeddingSet([.. rows.SelectMany((_, i) => new[] { i, 1f })], 2, rows);
        using Explorer explorer = ExploreData.Load(_folder, set, options => options with { Manifest = manifest });

        explorer.WritePage(_folder["all.html"], 50 << 20);
        explorer.WritePage(_folder["some.html"], 200_000);

        using JsonDocument all = Data(File.ReadAllText(_folder["all.html"])), some = Data(File.ReadAllText(_folder["some.html"]));
        Assert.Equal(
            manifest.Clips.Select(clip => $"{clip.Identity}/{clip.Name}").Order(StringComparer.Ordinal),
            all.RootElement.GetProperty("pictures").EnumerateObject().Select(one => one.Name).Order(StringComparer.Ordinal));
        JsonProperty[] sounds = [.. all.RootElement.GetProperty("sounds").EnumerateObject()];
        Assert.Equal(27, sounds.Length);
        Assert.InRange(
            CrossModalVae.Audio.AudioFile.Read(_folder.Write("s.wav", sounds[0].Value.GetBytesFromBase64())).DurationSeconds, 0.5, 2.001);
        Assert.InRange(some.RootElement.GetProperty("sounds").EnumerateObject().Count(), 0, 5);
        string? note = some.RootElement.GetProperty("notes").EnumerateArray().Last().GetString();
        Assert.Contains("are left out, as all that are here take", note, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(_folder["some.html"]).Length, 0, 700_000);
    }

    private static JsonDocument Data(string page) => JsonDocument.Parse(DataElement().Match(page).Groups[1].Value);

    [GeneratedRegex("<script type=\"application/json\" id=\"data\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex DataElement();
}
