using System.Text;
using CrossModalVae.Corpora;

namespace CrossModalVae.Tests.Corpora;

public sealed class ManifestReaderTests : IDisposable
{
    private const string Good = """{"identity":"a","clip":"1","voice":"a/1.wav","faces":"""
        + """["a/1.jpg","a/2.jpg"],"gender":"f","nationality":"Canada","age":31.5,"split":"train","start_s":0.5,"duration_s":6}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_FullLine_EveryFieldArrives()
    {
        Manifest manifest = Read(Good + "\n");

        Clip clip = Assert.Single(manifest.Clips);
        Assert.Equal("a", clip.Identity);
        Assert.Equal("1", clip.Name);
        Assert.Equal("a/1.wav", clip.Voice);
        Assert.Equal(["a/1.jpg", "a/2.jpg"], clip.Faces);
        Assert.Equal("f", clip.Gender);
        Assert.Equal("Canada", clip.Nationality);
        Assert.Equal(31.5, clip.Age);
        Assert.Equal(CorpusSplit.Train, clip.Split);
        Assert.Equal(0.5, clip.StartSeconds);
        Assert.Equal(6.0, clip.DurationSeconds);
        Assert.Equal(_folder["a", "1.wav"], manifest.VoicePath(clip));
    }

    [Fact]
    public void Read_AbsentAndNullFields_AreUnknownAndNeverZero()
    {
        Manifest manifest = Read(
            """{"identity":"a","clip":"1","voice":"a.wav","split":"test"}"""
            + "\n"
            + """{"identity":"a","clip":"2","voice":null,"faces":"""
            + """["a.jpg"],"gender":null,"nationality":null,"age":null,"split":"validation","duration_s":null}""");

        Assert.Empty(manifest.Clips[0].Faces);
        Assert.Null(manifest.Clips[0].DurationSeconds);
        Assert.Equal(0, manifest.Clips[0].StartSeconds);
        Assert.Null(manifest.Clips[1].Voice);
        Assert.Null(manifest.Clips[1].Gender);
        Assert.Null(manifest.Clips[1].Age);
    }

    [Theory]
    [InlineData("/mnt/vox", "/mnt/vox")]
    [InlineData("../vox", "../vox")]
    [InlineData(".", ".")]
    public void Read_RootInTheFirstLine_IsWhereTheFilesAre(string root, string folder)
    {
        Manifest manifest = Read($"{{\"root\": \"{root}\"}}\n{Good}\n");

        Clip clip = Assert.Single(manifest.Clips);
        string expected = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder, _folder.Root));
        Assert.Equal(expected, Path.TrimEndingDirectorySeparator(manifest.Folder));
        Assert.Equal(Path.Combine(expected, "a", "1.wav"), manifest.VoicePath(clip));
        Assert.Equal(expected, Path.TrimEndingDirectorySeparator(manifest.With([]).Folder));
    }

    [Fact]
    public void Read_RootThatIsGiven_ComesBeforeTheFirstLine()
    {
        string path = _folder.Write("m.jsonl", $"{{\"root\":\"/elsewhere\"}}\n{Good}\n");

        Assert.Equal(_folder.Root, ManifestReader.Read(path, _folder.Root).Folder);
        var e = Assert.Throws<DirectoryNotFoundException>(() => ManifestReader.Read(path, _folder["none"]));

        Assert.Equal($"{_folder["none"]}: there is no such folder; expected the one that {path} has its files in.", e.Message);
    }

    [Theory]
    [InlineData("{\"root\":\"\"}\n", "line 1: 'root' is \"\"; expected a path without control characters")]
    [InlineData("{\"root\":null}\n", "line 1: 'root' is null; expected a path without control characters")]
    [InlineData("{\"root\":\"/x\",\"split\":\"test\"}\n", "line 1: ")]
    public void Read_RootThatIsNone_NamesTheLine(string text, string message)
    {
        string path = _folder.Write("m.jsonl", text + Good);

        var e = Assert.Throws<InvalidDataException>(() => ManifestReader.Read(path));

        Assert.StartsWith($"{path}: {message}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_RootAloneOrInALaterLine_IsRefused()
    {
        string alone = _folder.Write("alone.jsonl", "{\"root\":\"/x\"}\n");
        string later = _folder.Write("later.jsonl", Good + "\n{\"root\":\"/x\"}\n");

        Assert.Equal(
            $"{alone}: is empty; expected at least one clip.",
            Assert.Throws<InvalidDataException>(() => ManifestReader.Read(alone)).Message);
        Assert.StartsWith(
            $"{later}: line 2: ", Assert.Throws<InvalidDataException>(() => ManifestReader.Read(later)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CarriageReturnsAndByteOrderMark_AreAsIfNotThere()
    {
        string second = Good.Replace("\"clip\":\"1\"", "\"clip\":\"2\"", StringComparison.Ordinal);
        string path = _folder.Write("m.jsonl", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes($"{Good}\r\n{second}\r\n")]);

        Manifest manifest = ManifestReader.Read(path);

        Assert.Equal(["1", "2"], manifest.Clips.Select(clip => clip.Name));
        Assert.Equal("a", manifest.Clips[0].Identity);
    }

    [Theory]
    [InlineData("""{"identity":"a","clip":"1","voice":"a.wav","split":"train","gendre":"f"}""",
        "'gendre' is not a known field; did you mean 'gender'?")]
    [InlineData("""{"identity":"a","clip":"1","voice":"a.wav","split":"train","colour":"f"}""",
        "'colour' is not a known field; expected one of 'identity', 'clip', 'voice', 'faces', 'face_boxes', 'gender', "
        + "'nationality', 'age', 'split', 'start_s', 'duration_s'.")]
    [InlineData("""{"identity":"a","clip":"1","voice":"a.wav","split":"train","age":"31"}""",
        "'age' is \"31\"; expected a number of at least 0 or null.")]
    [InlineData("""{"identity":"a","clip":"1","voice":"a.wav","split":"train","start_s":-1}""",
        "'start_s' is -1; expected a number of at least 0.")]
    [InlineData("""{"identity":"a","clip":"1","voice":"a.wav","split":"train","duration_s":0}""",
        "'duration_s' is 0; expected a number above 0 or null.")]
    [InlineData("""{"identity":"a","clip":"1","voice":"a.wav","split":"trian"}""",
        "'split' is \"trian\"; expected one of \"train\", \"validation\", \"test\"; did you mean \"train\"?")]
    [InlineData("""{"identity":"a","clip":"1","voice":"a.wav"}""",
        "'split' is missing; expected one of \"train\", \"validation\", \"test\".")]
    [InlineData("""{"identity":"a","clip":"1","voice":"a.wav","split":"train","gender":"x"}""",
        "'gender' is \"x\"; expected one of \"m\", \"f\", null.")]
    [InlineData("""{"identity":"a/b","clip":"1","voice":"a.wav","split":"train"}""",
        "'identity' is \"a/b\"; expected a name without '/', control characters or blanks at its ends.")]
    [InlineData("""{"identity":"a","clip":"1","split":"train"}""", "found an object; expected 'voice' or 'faces' or both.")]
    [InlineData("""{"identity":"a","clip":"1","voice":null,"faces":[],"split":"train"}""",
        "found an object; expected 'voice' or 'faces' or both.")]
    [InlineData("""{"identity":"a","clip":"1","faces":["b.jpg","b.jpg"],"split":"train"}""",
        "'faces[1]' is \"b.jpg\", which the array already has; expected every item once.")]
    [InlineData("""{"identity":"a","clip":"1","faces":["a.jpg","b.jpg"],"face_boxes":[null],"split":"train"}""",
        "'face_boxes' is an array of 1 item; expected as many items as 'faces' has, 2.")]
    [InlineData("""{"identity":"a","clip":"1","faces":["a.jpg"],"face_boxes":[[1,2,30]],"split":"train"}""",
        "'face_boxes[0]' is an array of 3 items; expected [left, top, width, height] of whole numbers of at least 0.")]
    [InlineData("""{"identity":"a","clip":"1","faces":["a.jpg"],"face_boxes":[[1,2,30,7]],"split":"train"}""",
        "'face_boxes[0]' is an array of 4 items; expected [left, top, width, height] with a width and a height of at least 8.")]
    [InlineData("""{"identity":"a","identity":"b","clip":"1","voice":"a.wav","split":"train"}""",
        "'identity' is given twice, first on line 2; expected once.")]
    [InlineData("""{"identity":"a","clip":"1","voice":"a.wav","split":"train","a\nb":1}""",
        "'a\\nb' is not a known field; expected one of 'identity', 'clip', 'voice', 'faces', 'face_boxes', 'gender', "
        + "'nationality', 'age', 'split', 'start_s', 'duration_s'.")]
    [InlineData("[1]", "found an array of 1 item; expected an object.")]
    [InlineData("", "is blank; expected one JSON object a line.")]
    public void Read_BrokenLine_NamesFileLineFieldFoundAndExpected(string line, string message)
    {
        string path = _folder.Write("m.jsonl", $"{Good}\n{line}\n{Good}\n");

        var e = Assert.Throws<InvalidDataException>(() => ManifestReader.Read(path));

        Assert.Equal($"{path}: line 2: {message}", e.Message);
    }

    [Theory]
    [InlineData("/data/a.wav")]
    [InlineData("../a.wav")]
    [InlineData("a/../../b.wav")]
    [InlineData("a/..")]
    [InlineData("..")]
    [InlineData("C:/a.wav")]
    [InlineData("a\\b.wav")]
    [InlineData("")]
    [InlineData("a.wav\n")]
    public void Read_PathOutsideTheCorpus_IsRefused(string voice)
    {
        string escaped = voice.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        string path = _folder.Write("m.jsonl", $$"""{"identity":"a","clip":"1","voice":"{{escaped}}","split":"train"}""");

        var e = Assert.Throws<InvalidDataException>(() => ManifestReader.Read(path));

        Assert.Equal(
            $"{path}: line 1: 'voice' is \"{escaped}\"; expected a path relative to the manifest's folder that stays inside it "
            + "(forward slashes, no '..', no drive).",
            e.Message);
    }

    [Theory]
    [InlineData("..a/b.wav")]
    [InlineData("a..b.wav")]
    [InlineData("a b/ü.wav")]
    public void Read_OddButInnerPath_IsAccepted(string voice)
    {
        Manifest manifest = Read($$"""{"identity":"a","clip":"1","voice":"{{voice}}","split":"train"}""");

        Assert.Equal(voice, manifest.Clips[0].Voice);
    }

    [Fact]
    public void Read_DuplicateClip_NamesBothLines()
    {
        string other = Good.Replace("\"clip\":\"1\"", "\"clip\":\"2\"", StringComparison.Ordinal);
        string path = _folder.Write("m.jsonl", $"{Good}\n{other}\n{Good}\n");

        var e = Assert.Throws<InvalidDataException>(() => ManifestReader.Read(path));

        Assert.Equal($"{path}: line 3: clip '1' of identity 'a' is given twice, first on line 1; expected once.", e.Message);
    }

    [Fact]
    public void Read_EmptyFile_IsRefused()
    {
        string path = _folder.Write("m.jsonl", "");

        var e = Assert.Throws<InvalidDataException>(() => ManifestReader.Read(path));

        Assert.Equal($"{path}: is empty; expected at least one clip.", e.Message);
    }

    [Fact]
    public void Read_MissingFile_SaysSo()
    {
        var e = Assert.Throws<FileNotFoundException>(() => ManifestReader.Read(_folder["none.jsonl"]));

        Assert.Equal($"{_folder["none.jsonl"]}: there is no such file; expected a file of manifest-lines.", e.Message);
    }

    [Fact]
    public void Read_Folder_SaysSo()
    {
        var e = Assert.Throws<IOException>(() => ManifestReader.Read(_folder.Root));

        Assert.Equal($"{_folder.Root}: is a folder; expected a file of manifest-lines.", e.Message);
    }

    [Fact]
    public void Read_InvalidUtf8_NamesTheLine()
    {
        string path = _folder.Write("m.jsonl", [.. Encoding.UTF8.GetBytes(Good + "\n{\"identity\":\""), 0xC3, 0x28, .. "\"}"u8]);

        var e = Assert.Throws<InvalidDataException>(() => ManifestReader.Read(path));

        Assert.Equal($"{path}: line 2: is not valid UTF-8; expected JSON in UTF-8.", e.Message);
    }

    [Fact]
    public void Read_TornLine_NamesTheLine()
    {
        string path = _folder.Write("m.jsonl", Good + "\n{\"identity\":\"a\",");

        var e = Assert.Throws<InvalidDataException>(() => ManifestReader.Read(path));

        Assert.StartsWith($"{path}: line 2, byte ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_LineLongerThanTheBuffer_IsWhole()
    {
        string[] faces = [.. Enumerable.Range(0, 20_000).Select(i => $"faces/{i}.jpg")];
        string long1 = $$"""{"identity":"a","clip":"long","faces":["{{string.Join("\",\"", faces)}}"],"split":"train"}""";

        Manifest manifest = Read($"{Good}\n{long1}\n{Good.Replace("\"1\"", "\"3\"", StringComparison.Ordinal)}");

        Assert.Equal(["1", "long", "3"], manifest.Clips.Select(clip => clip.Name));
        Assert.Equal(faces, manifest.Clips[1].Faces);
    }

    private Manifest Read(string text) => ManifestReader.Read(_folder.Write("m.jsonl", text));
}
