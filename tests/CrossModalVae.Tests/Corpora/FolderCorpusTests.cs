using CrossModalVae.Corpora;

namespace CrossModalVae.Tests.Corpora;

public sealed class FolderCorpusTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_EveryKindOfClip_IsWrittenOrCounted()
    {
        Make("b/2/x.wav", "b/2/face_10.jpg", "b/2/face_02.JPG", "b/2/notes.txt", "b/2/.hidden.jpg");
        Make("b/1/voice.WAV");
        Make("a/only-face/1.png");
        Make("a/two-voices/1.wav", "a/two-voices/2.wav");
        Make("a/nothing/readme.txt");
        Make("a/stray.wav");
        Make("c/nothing/readme.txt");
        string path = _folder["manifest.jsonl"];

        CorpusBuildReport report = new FolderCorpus(new FolderCorpusOptions { Root = _folder.Root }).Write(path);
        Manifest manifest = ManifestReader.Read(path);

        Assert.Equal(["a/only-face", "b/1", "b/2"], manifest.Clips.Select(clip => clip.Key));
        Assert.Null(manifest.Clips[0].Voice);
        Assert.Equal(["a/only-face/1.png"], manifest.Clips[0].Faces);
        Assert.Equal("b/1/voice.WAV", manifest.Clips[1].Voice);
        Assert.Equal(["b/2/face_02.JPG", "b/2/face_10.jpg"], manifest.Clips[2].Faces);
        Assert.Equal((2, 3, 2, 2, 1), (report.IdentityCount, report.ClipCount, report.VoiceCount, report.FaceCount, report.PairCount));
        Assert.Equal(
            [
                "files that no pattern fits, left out: 4 (a/stray.wav a/nothing/readme.txt b/2/notes.txt c/nothing/readme.txt)",
                "clips without a voice: 1 (a/only-face)",
                "clips with more than one voice file, left out: 1 (a/two-voices)",
                "clips without a face: 1 (b/1)",
            ],
            report.Notices.Select(notice => $"{notice.What}: {notice.Count} ({string.Join(' ', notice.Examples)})"));
        Assert.All(manifest.Clips, clip => Assert.True(File.Exists(Path.Combine(manifest.Folder, clip.Voice ?? clip.Faces[0]))));
    }

    [Fact]
    public void Write_ManifestAboveTheCorpus_PathsStartWithItsFolder()
    {
        Make("corpus/a/1/x.wav");
        string path = _folder["manifest.jsonl"];

        new FolderCorpus(new FolderCorpusOptions { Root = _folder["corpus"] }).Write(path);

        Assert.Equal("corpus/a/1/x.wav", ManifestReader.Read(path).Clips[0].Voice);
    }

    [Fact]
    public void Write_ManifestElsewhere_IsRefused()
    {
        Make("corpus/a/1/x.wav");
        string path = _folder["out", "manifest.jsonl"];
        string root = _folder["corpus"];

        var e = Assert.Throws<ArgumentException>(() => new FolderCorpus(new FolderCorpusOptions { Root = root }).Write(path));

        Assert.Equal(
            $"'manifestPath' is {path}; must lie in {root} or in a folder above it, because a manifest's paths "
            + "are relative to it and never leave its folder. "
            + "(Parameter 'manifestPath')",
            e.Message);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Write_NoClipOrNoFolder_SaysSo()
    {
        string empty = _folder["empty"];
        Directory.CreateDirectory(empty);

        var none = Assert.Throws<InvalidDataException>(
            () => new FolderCorpus(new FolderCorpusOptions { Root = empty }).Write(Path.Combine(empty, "m.jsonl")));
        var missing = Assert.Throws<DirectoryNotFoundException>(
            () => new FolderCorpus(new FolderCorpusOptions { Root = _folder["none"] }).Write(_folder["m.jsonl"]));

        Assert.Equal(
            $"{empty}: has no clip; expected files named {{identity}}/{{clip}}/*.wav or {{identity}}/{{clip}}/*.jpg or "
            + $"{{identity}}/{{clip}}/*.jpeg or {{identity}}/{{clip}}/*.png.",
            none.Message);
        Assert.Equal($"{_folder["none"]}: there is no such folder; expected a corpus.", missing.Message);
        Assert.Empty(Directory.GetFiles(empty));
    }

    [Fact]
    public void Write_Cancelled_LeavesTheOldManifest()
    {
        Make("a/1/x.wav");
        string path = _folder.Write("manifest.jsonl", "old");

        Assert.Throws<OperationCanceledException>(
            () => new FolderCorpus(new FolderCorpusOptions { Root = _folder.Root })
                .Write(path, cancellationToken: new CancellationToken(canceled: true)));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Write_GridFixture_FindsItsClips()
    {
        string copy = _folder["grid"];
        foreach (string file in Directory.GetFiles(Fixtures.Grid, "*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".wav", StringComparison.Ordinal) || file.EndsWith(".jpg", StringComparison.Ordinal)))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(Fixtures.Grid, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        CorpusBuildReport report = new FolderCorpus(new FolderCorpusOptions { Root = copy }).Write(Path.Combine(copy, "manifest.jsonl"));
        Manifest ours = ManifestReader.Read(Path.Combine(copy, "manifest.jsonl"));
        Manifest theirs = ManifestReader.Read(Path.Combine(Fixtures.Grid, "manifest.jsonl"));

        Assert.Equal((10, 27, 27), (report.IdentityCount, report.ClipCount, report.PairCount));
        Assert.Empty(report.Notices);
        Assert.Equal(
            theirs.Clips.Select(clip => (clip.Key, clip.Voice, string.Join(' ', clip.Faces))),
            ours.Clips.Select(clip => (clip.Key, clip.Voice, string.Join(' ', clip.Faces))));
    }

    [Fact]
    public void Write_Placeholders_NameClipsSplitsAndGenders()
    {
        Make(
            "test/male/s1/v1/001.flac",
            "test/male/s1/v1/002.FLAC",
            "train/F/s2/v9/001.flac",
            "train/F/s2/v9/001-frame-2.png",
            "train/F/s2/v9/001-frame-1.png");
        Make("train/F/s2/v9/notes.txt", "readme.txt", "other/s3/x.flac");

        (CorpusBuildReport report, Manifest manifest) = Write(
            ["{split}/{gender}/{identity}/{video}/{clip}.flac"], ["{split}/{gender}/{identity}/{video}/{clip}-frame-*.png"]);

        Assert.Equal(["s1/v1/001", "s1/v1/002", "s2/v9/001"], manifest.Clips.Select(clip => clip.Key));
        Assert.Equal([CorpusSplit.Test, CorpusSplit.Test, CorpusSplit.Train], manifest.Clips.Select(clip => clip.Split));
        Assert.Equal(["m", "m", "f"], manifest.Clips.Select(clip => clip.Gender));
        Assert.Equal("test/male/s1/v1/002.FLAC", manifest.Clips[1].Voice);
        Assert.Equal(["train/F/s2/v9/001-frame-1.png", "train/F/s2/v9/001-frame-2.png"], manifest.Clips[2].Faces);
        Assert.Equal(
            [
                "files that no pattern fits, left out: 2 (other/s3/x.flac train/F/s2/v9/notes.txt)",
                "clips without a face: 2 (s1/v1/001 s1/v1/002)",
            ],
            Notices(report));
    }

    [Fact]
    public void Write_RavdessNames_LeftmostPlaceholderTakesTheMost()
    {
        Make("Actor_01/03-01-05-02-01-02-01.wav", "Actor_02/03-01-05-02-01-02-02.wav", "Actor_02/03-02-05-02-01-02-02.wav");

        (CorpusBuildReport report, Manifest manifest) = Write(["Actor_{identity}/03-01-{clip}-{*}.wav"], []);

        Assert.Equal(["01/05-02-01-02", "02/05-02-01-02"], manifest.Clips.Select(clip => clip.Key));
        Assert.All(manifest.Clips, clip => Assert.Empty(clip.Faces));
        Assert.Equal(["files that no pattern fits, left out: 1 (Actor_02/03-02-05-02-01-02-02.wav)"], Notices(report));
    }

    [Fact]
    public void Write_FlatNamesAndRepeatedPlaceholders_MustAgree()
    {
        Make("0_george_1.wav", "7_theo_0.wav", "ann/a-ann.wav", "ann/a-bob.wav");

        (_, Manifest flat) = Write(["{clip}_{identity}_0.wav", "{clip}_{identity}_1.wav"], []);
        (_, Manifest repeated) = Write(["{identity}/{clip}-{identity}.wav"], []);

        Assert.Equal(["george/0", "theo/7"], flat.Clips.Select(clip => clip.Key));
        Assert.Equal(["ann/a"], repeated.Clips.Select(clip => clip.Key));
    }

    [Fact]
    public void Write_FacesOnly_IsACorpus()
    {
        Make("a/1/x.jpg", "a/1/y.jpg", "a/1/voice.wav");

        (CorpusBuildReport report, Manifest manifest) = Write([], ["{identity}/{clip}/*.jpg"]);

        Assert.Null(manifest.Clips[0].Voice);
        Assert.Equal((1, 1, 0, 1, 0), (report.IdentityCount, report.ClipCount, report.VoiceCount, report.FaceCount, report.PairCount));
        Assert.Equal(["files that no pattern fits, left out: 1 (a/1/voice.wav)"], Notices(report));
    }

    [Theory]
    [InlineData("dev/f/s1/1.wav", "{split} is \"dev\"; expected one of train, validation, test.")]
    [InlineData("test/x/s1/1.wav", "{gender} is \"x\"; expected m, male, f or female.")]
    public void Write_UnknownSplitOrGender_NamesTheFile(string file, string message)
    {
        Make(file);

        var e = Assert.Throws<InvalidDataException>(() => Write(["{split}/{gender}/{identity}/{clip}.wav"], []));

        Assert.Equal($"{_folder[file]}: {message}", e.Message);
        Assert.False(File.Exists(_folder["manifest.jsonl"]));
    }

    [Fact]
    public void Write_PersonInTwoSplits_IsRefused()
    {
        Make("test/s1/1.wav", "train/s1/2.wav");

        var e = Assert.Throws<InvalidDataException>(() => Write(["{split}/{identity}/{clip}.wav"], []));

        Assert.Equal(
            $"{_folder["train/s1/2.wav"]}: identity 's1' is in the test and in the train split; "
            + "expected one, because a person seen in training cannot be tested on.",
            e.Message);
    }

    [Theory]
    [InlineData("{identity}/x.wav", "Pattern '{identity}/x.wav' has no {clip}; must have {identity} and {clip}.")]
    [InlineData("{identity}/../{clip}.wav",
        "Pattern '{identity}/../{clip}.wav' is no path within the corpus; must be like {identity}/{clip}/*.wav, with forward slashes.")]
    [InlineData("/{identity}/{clip}.wav",
        "Pattern '/{identity}/{clip}.wav' is no path within the corpus; must be like {identity}/{clip}/*.wav, with forward slashes.")]
    [InlineData("{identity}/{klip}.wav",
        "Pattern '{identity}/{klip}.wav' has '{klip}'; must be one of {identity}, {clip}, {video}, {split}, {gender} and *.")]
    [InlineData("{identity}/{clip.wav",
        "Pattern '{identity}/{clip.wav' has '{clip.wav'; must be one of {identity}, {clip}, {video}, {split}, {gender} and *.")]
    public void Options_BrokenPattern_SayWhy(string pattern, string message)
    {
        var e = Assert.Throws<ArgumentException>(
            () => new FolderCorpus(new FolderCorpusOptions { Root = ".", VoicePatterns = [pattern], FacePatterns = [] }));

        Assert.Equal(message, e.Message);
    }

    [Fact]
    public void Options_NoPatternOrHalfASplit_SayWhy()
    {
        var none = Assert.Throws<ArgumentException>(
            () => new FolderCorpus(new FolderCorpusOptions { Root = ".", VoicePatterns = [], FacePatterns = [] }));
        var half = Assert.Throws<ArgumentException>(
            () => new FolderCorpus(new FolderCorpusOptions { Root = ".", VoicePatterns = ["{split}/{identity}/{clip}.wav"] }));

        Assert.Equal("'VoicePatterns' and 'FacePatterns' are empty; must be at least one pattern.", none.Message);
        Assert.Equal("Some patterns have {split} and some have not; must be all or none, because a person has one split.", half.Message);
    }

    [SkippableTheory]
    [InlineData("librispeech", "{identity}/{clip}.wav", 50, 133)]
    [InlineData("fsdd", "{identity}/{clip}.wav", 6, 180)]
    [InlineData("grid", "{identity}/{clip}/audio.wav", 10, 27)]
    public void Write_RealCorpora_FindsEveryClip(string name, string pattern, int identities, int clips)
    {
        string shared = Path.Combine(Fixtures.Shared, name);
        Skip.IfNot(Directory.Exists(shared), $"the sample of {name} is not on this machine");
        foreach (string file in Directory.GetFiles(shared, "*", SearchOption.AllDirectories))
        {
            Make(Path.GetRelativePath(shared, file)); // names alone: no file is opened
        }

        (CorpusBuildReport report, _) = Write([pattern], []);

        Assert.Equal((identities, clips, clips, 0), (report.IdentityCount, report.ClipCount, report.VoiceCount, report.FaceCount));
    }

    private (CorpusBuildReport Report, Manifest Manifest) Write(string[] voices, string[] faces)
    {
        string path = _folder["manifest.jsonl"];
        CorpusBuildReport report =
            new FolderCorpus(new FolderCorpusOptions { Root = _folder.Root, VoicePatterns = voices, FacePatterns = faces }).Write(path);
        return (report, ManifestReader.Read(path));
    }

    private static IEnumerable<string> Notices(CorpusBuildReport report) =>
        report.Notices.Select(notice => $"{notice.What}: {notice.Count} ({string.Join(' ', notice.Examples)})");

    private void Make(params string[] files)
    {
        foreach (string file in files)
        {
            _folder.Write(file, "x");
        }
    }
}
