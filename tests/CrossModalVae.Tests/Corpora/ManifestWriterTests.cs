using CrossModalVae.Corpora;
using CrossModalVae.Faces;

namespace CrossModalVae.Tests.Corpora;

public sealed class ManifestWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_Clips_GivesTheFormatOfTheDesign()
    {
        string path = _folder["m.jsonl"];
        Clip clip = new()
        {
            Identity = "id10009",
            Name = "AtavJVP4bCk/00007",
            Voice = "wav/é.wav",
            Faces = ["a.jpg"],
            Gender = "m",
            Nationality = "Canada",
            Split = CorpusSplit.Train,
            DurationSeconds = 6.1,
        };

        int count = ManifestWriter.Write(
            path, [clip, new Clip { Identity = "x", Name = "1", Faces = ["b.jpg"], Split = CorpusSplit.Test, Age = 33 }]);

        Assert.Equal(2, count);
        Assert.Equal(
            """{"identity":"id10009","clip":"AtavJVP4bCk/00007","voice":"wav/é.wav","faces":"""
            + """["a.jpg"],"gender":"m","nationality":"Canada","age":null,"split":"train","start_s":0,"duration_s":6.1}"""
            + "\n"
            + """{"identity":"x","clip":"1","voice":null,"faces":"""
            + """["b.jpg"],"gender":null,"nationality":null,"age":33,"split":"test","start_s":0,"duration_s":null}"""
            + "\n",
            File.ReadAllText(path));
    }

    [Fact]
    public void Write_ThenRead_GivesTheSameClips()
    {
        Manifest grid = ManifestReader.Read(Path.Combine(Fixtures.Grid, "manifest.jsonl"));
        string path = _folder["m.jsonl"];

        ManifestWriter.Write(path, grid.Clips);

        Assert.Equal(File.ReadAllBytes(grid.FilePath), File.ReadAllBytes(path));
    }

    [Fact]
    public void Write_FaceBoxes_ComeBack()
    {
        string path = _folder["m.jsonl"];
        Clip clip = new()
        {
            Identity = "a",
            Name = "1",
            Faces = ["a.jpg", "b.jpg"],
            FaceBoxes = [null, new FaceBox(1, 0, 80, 90)],
            Split = CorpusSplit.Test,
        };

        ManifestWriter.Write(path, [clip]);

        Assert.EndsWith(""""duration_s":null,"face_boxes":[null,[1,0,80,90]]}"""" + "\n", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal(clip.FaceBoxes, ManifestReader.Read(path).Clips[0].FaceBoxes);
    }

    [Fact]
    public void Write_AsManyBoxesAsNot_Refuses()
    {
        Clip clip = new() { Identity = "a", Name = "1", Faces = ["a.jpg", "b.jpg"], FaceBoxes = [null], Split = CorpusSplit.Test };

        var e = Assert.Throws<ArgumentException>(() => ManifestWriter.Write(_folder["m.jsonl"], [clip]));

        Assert.Equal("Clip '1' of identity 'a' has 1 face boxes and 2 frames; expected as many, or no boxes.", e.Message);
    }

    [Fact]
    public void Write_AbsolutePath_WritesNothing()
    {
        string path = _folder.Write("m.jsonl", "old");

        var e = Assert.Throws<ArgumentException>(
            () => ManifestWriter.Write(path, [new Clip { Identity = "a", Name = "1", Voice = "/data/a.wav", Split = CorpusSplit.Test }]));

        Assert.Equal(
            $"What was to be written does not follow manifest-line.schema.json: {path}: line 1: "
            + "'voice' is \"/data/a.wav\"; expected a path relative to the "
            + "manifest's folder that stays inside it (forward slashes, no '..', no drive). (Parameter 'text')",
            e.Message);
        Assert.Equal("old", File.ReadAllText(path));
    }

    [Fact]
    public void Write_DuplicateOrNothing_WritesNothing()
    {
        string path = _folder["m.jsonl"];
        Clip clip = new() { Identity = "a", Name = "1", Voice = "a.wav", Split = CorpusSplit.Test };

        var twice = Assert.Throws<ArgumentException>(() => ManifestWriter.Write(path, [clip, clip]));
        var none = Assert.Throws<ArgumentException>(() => ManifestWriter.Write(path, []));

        Assert.Equal("Clip '1' of identity 'a' is given twice; expected once. (Parameter 'clips')", twice.Message);
        Assert.Equal("There is no clip to write; expected at least one. (Parameter 'clips')", none.Message);
        Assert.Empty(Directory.GetFiles(_folder.Root));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void WriteAndRead_AsManyClipsAsVoxCeleb1_ArriveWhole()
    {
        const int Count = 153_516;
        string path = _folder["m.jsonl"];
        IEnumerable<Clip> clips = Enumerable.Range(0, Count).Select(i => new Clip
        {
            Identity = $"id{10001 + (i / 123)}",
            Name = $"AtavJVP4bCk/{i:00000}",
            Voice = $"wav/id{10001 + (i / 123)}/AtavJVP4bCk/{i:00000}.wav",
            Faces = [.. Enumerable.Range(0, 8).Select(f => $"unzippedFaces/Some_Name/1.6/AtavJVP4bCk/{(i * 8) + f:0000000}.jpg")],
            Gender = "f",
            Nationality = "Canada",
            Split = CorpusSplit.Train,
            DurationSeconds = 6.25,
        });

        ManifestWriter.Write(path, clips);
        Manifest back = ManifestReader.Read(path);

        Assert.Equal(Count, back.Clips.Count);
        Assert.Equal(8 * Count, back.Clips.Sum(clip => clip.Faces.Count));
    }
}
