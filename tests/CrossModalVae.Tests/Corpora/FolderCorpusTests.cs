using CrossModalVae.Corpora;

namespace CrossModalVae.Tests.Corpora;

public sealed class FolderCorpusTests : IDisposable
{
    private readonly TempFolder _folder = new();

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
                "identity folders without a usable clip: 1 (c)",
                "files beside the clip folders, left out: 1 (a/stray.wav)",
                "clip folders without wav, jpg and png files, left out: 1 (a/nothing)",
                "clips without a voice: 1 (a/only-face)",
                "clip folders with more than one wav file, left out: 1 (a/two-voices)",
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
            $"'manifestPath' is {path}; must lie in {root} or in a folder above it, because a manifest's paths are relative to it and never leave its folder. "
            + "(Parameter 'manifestPath')",
            e.Message);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Write_NoClipOrNoFolder_SaysSo()
    {
        string empty = _folder["empty"];
        Directory.CreateDirectory(empty);

        var none = Assert.Throws<InvalidDataException>(() => new FolderCorpus(new FolderCorpusOptions { Root = empty }).Write(Path.Combine(empty, "m.jsonl")));
        var missing = Assert.Throws<DirectoryNotFoundException>(
            () => new FolderCorpus(new FolderCorpusOptions { Root = _folder["none"] }).Write(_folder["m.jsonl"]));

        Assert.Equal($"{empty}: has no clip; expected folders identity/clip with a wav file, jpg or png frames, or both.", none.Message);
        Assert.Equal($"{_folder["none"]}: there is no such folder; expected a corpus.", missing.Message);
        Assert.Empty(Directory.GetFiles(empty));
    }

    [Fact]
    public void Write_Cancelled_LeavesTheOldManifest()
    {
        Make("a/1/x.wav");
        string path = _folder.Write("manifest.jsonl", "old");

        Assert.Throws<OperationCanceledException>(
            () => new FolderCorpus(new FolderCorpusOptions { Root = _folder.Root }).Write(path, new CancellationToken(canceled: true)));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Write_GridFixture_FindsItsClips()
    {
        string copy = _folder["grid"];
        foreach (string file in Directory.GetFiles(Fixtures.Grid, "*", SearchOption.AllDirectories).Where(file => file.EndsWith(".wav", StringComparison.Ordinal) || file.EndsWith(".jpg", StringComparison.Ordinal)))
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
        Assert.Equal(theirs.Clips.Select(clip => (clip.Key, clip.Voice, string.Join(' ', clip.Faces))), ours.Clips.Select(clip => (clip.Key, clip.Voice, string.Join(' ', clip.Faces))));
    }

    private void Make(params string[] files)
    {
        foreach (string file in files)
        {
            _folder.Write(file, "x");
        }
    }
}
