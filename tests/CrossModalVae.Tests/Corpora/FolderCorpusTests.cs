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
                "hidden files and folders, left out: 1 (b/2/.hidden.jpg)",
                "clips without a voice: 1 (a/only-face)",
                "clips with more than one voice file, left out: 1 (a/two-voices: 1.wav and 2.wav)",
                "clips without a face: 1 (b/1)",
                "people of whom no clip is left, left out: 1 (c)",
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
    public void Write_ManifestElsewhere_HasTheCorpusAsItsRoot()
    {
        Make("corpus/a/1/x.wav");
        string path = _folder["out", "manifest.jsonl"];

        new FolderCorpus(new FolderCorpusOptions { Root = _folder["corpus"] }).Write(path);

        Manifest manifest = ManifestReader.Read(path);
        Assert.Equal($"{{\"root\":\"{_folder["corpus"]}\"}}", File.ReadLines(path).First().Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(_folder["corpus"], manifest.Folder);
        Assert.Equal("a/1/x.wav", manifest.Clips[0].Voice);
        Assert.True(File.Exists(manifest.VoicePath(manifest.Clips[0])));
    }

    [Fact]
    public void Write_VoicesOfEveryKind_AreTaken()
    {
        Make("a/1/x.m4a", "a/2/x.FLAC", "a/3/x.mp3", "a/4/x.Ogg", "a/5/x.mp4", "b c/6/ä ö.wav", "b c/6/f 1.JPEG", "b c/6/f 2.Png");

        (CorpusBuildReport report, Manifest manifest) = Write(["{identity}/{clip}/*"], ["{identity}/{clip}/*"]);

        Assert.Equal(
            ["a/1/x.m4a", "a/2/x.FLAC", "a/3/x.mp3", "a/4/x.Ogg", "a/5/x.mp4", "b c/6/ä ö.wav"],
            manifest.Clips.Select(clip => clip.Voice));
        Assert.Equal(["b c/6/f 1.JPEG", "b c/6/f 2.Png"], manifest.Clips[5].Faces);
        Assert.Equal(["clips without a face: 5 (a/1 a/2 a/3 a/4 a/5)"], Notices(report));
    }

    [Fact]
    public void Write_ClipWithVoicesOfSeveralKinds_TakesWavThenSoundThenVideo()
    {
        Make("a/1/x.wav", "a/1/x.m4a", "a/1/x.mp4", "a/2/x.mp4", "a/2/y.flac", "a/3/1.flac", "a/3/2.flac", "a/3/v.mp4");

        (CorpusBuildReport report, Manifest manifest) = Write(["{identity}/{clip}/*"], []);

        Assert.Equal(["a/1/x.wav", "a/2/y.flac"], manifest.Clips.Select(clip => clip.Voice));
        Assert.Equal(
            [
                "voice files beside a clip's voice, left out: 3 (a/1/x.m4a a/2/x.mp4)",
                "clips with more than one voice file, left out: 1 (a/3: 1.flac and 2.flac and v.mp4)",
            ],
            Notices(report));
    }

    [SkippableFact]
    public void Write_LinksHiddenNamesAndNestedFolders_AreFollowedOrCounted()
    {
        Skip.If(OperatingSystem.IsWindows(), "links need a right there");
        Make("real/x.wav", "corpus/a/1/y.jpg", "corpus/.git/1/x.wav", "corpus/a/2/x.wav", "corpus/a/2/deep/z.jpg", "corpus/b /1/x.wav");
        File.CreateSymbolicLink(_folder["corpus", "a", "1", "gone.wav"], _folder["nowhere.wav"]);
        File.CreateSymbolicLink(_folder["corpus", "a", "1", "self.wav"], _folder["corpus", "a", "1", "self.wav"]);
        Directory.CreateSymbolicLink(_folder["corpus", "a", "3"], _folder["real"]);
        Directory.CreateSymbolicLink(_folder["corpus", "a", "up"], _folder["corpus"]);
        string path = _folder["m.jsonl"];

        CorpusBuildReport report = new FolderCorpus(new FolderCorpusOptions { Root = _folder["corpus"] }).Write(path);

        Assert.Equal(["a/1", "a/2", "a/3"], ManifestReader.Read(path).Clips.Select(clip => clip.Key));
        Assert.Equal("corpus/a/3/x.wav", ManifestReader.Read(path).Clips[2].Voice);
        Assert.Equal(
            [
                "hidden files and folders, left out: 2 (.git a/up/.git)",
                "links that lead nowhere, left out: 2 (a/1/gone.wav a/1/self.wav)",
                "folders that no pattern fits, left out: 3 (a/2/deep a/up/a a/up/b )",
                "names that a manifest cannot hold (a backslash, a control character, blanks at an end), left out: 1 (b /1/x.wav)",
                "clips without a voice: 1 (a/1)",
                "clips without a face: 2 (a/2 a/3)",
                "people of whom no clip is left, left out: 1 (b )",
            ],
            Notices(report));
    }

    [SkippableFact]
    public void Write_FolderThatMayNotBeRead_IsCounted()
    {
        Skip.If(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "whoever may read everything meets no such folder");
        Make("a/1/x.wav", "b/1/x.wav");
        Allow(UnixFileMode.None);

        (CorpusBuildReport report, Manifest manifest) = Write(["{identity}/{clip}/*"], []);

        Allow(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal(["a/1"], manifest.Clips.Select(clip => clip.Key));
        Assert.Equal(["folders that may not be read, left out: 1 (b)", "people of whom no clip is left, left out: 1 (b)"], Notices(report));

        void Allow(UnixFileMode mode)
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(_folder["b"], mode);
            }
        }
    }

    [SkippableFact]
    public void Write_NoClipIsLeft_SaysWhatIsWrong()
    {
        Skip.If(OperatingSystem.IsWindows(), "links need a right there");
        Make("a/1/x.wav", "a/1/y.wav", "a/2/z.txt");
        File.CreateSymbolicLink(_folder["a", "2", "x.wav"], _folder["nowhere.wav"]);

        var e = Assert.Throws<InvalidDataException>(
            () => new FolderCorpus(new FolderCorpusOptions { Root = _folder.Root }).Write(_folder["m.jsonl"]));

        Assert.Equal(
            $"{_folder.Root}: has no clip: links that lead nowhere, left out: 1 (a/2/x.wav); "
            + "files that no pattern fits, left out: 1 (a/2/z.txt); "
            + "clips with more than one voice file, left out: 1 (a/1: x.wav and y.wav); "
            + "people of whom no clip is left, left out: 1 (a); "
            + "expected files named {identity}/{clip}/*, where voices are wav, flac, mp3, m4a or whatever else ffmpeg reads, "
            + "faces are jpg, jpeg or png.",
            e.Message);
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
            $"{empty}: has no clip; expected files named {{identity}}/{{clip}}/*, where voices are wav, flac, mp3, m4a or whatever else "
            + "ffmpeg reads, faces are jpg, jpeg or png.",
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
