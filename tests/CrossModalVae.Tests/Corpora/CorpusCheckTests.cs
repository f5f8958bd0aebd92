using CrossModalVae.Audio;
using CrossModalVae.Corpora;
using CrossModalVae.Numerics;

namespace CrossModalVae.Tests.Corpora;

public sealed class CorpusCheckTests : IDisposable
{
    private const int RateHz = 16_000;

    private static readonly string GridFace = Path.Combine("x01", "brbk7n", "face_01.jpg");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_GridFixture_IsSoundAndCounted()
    {
        Manifest manifest = ManifestReader.Read(Path.Combine(Fixtures.Grid, "manifest.jsonl"));

        CorpusReport report = CorpusCheck.Run(manifest);

        Assert.Empty(report.Faults);
        Assert.True(report.IsSound);
        Assert.Equal(
            (10, 27, 27, 27, 27, 108),
            (report.IdentityCount, report.ClipCount, report.VoiceCount, report.FaceCount, report.PairCount, report.FrameCount));
        Assert.Equal([20, 2, 5], report.Splits.Select(split => split.ClipCount));
        Assert.Equal([4, 2, 4], report.Splits.Select(split => split.IdentityCount));
        Assert.Equal(10, report.IdentitiesPerGender["unknown"]);
        Assert.Equal(27, report.VoicesPerSampleRate[RateHz]);
        Assert.Equal(27 * 3 / 3600.0, report.Hours, 1e-3);
        Assert.Equal(report.Hours, report.Splits.Sum(split => split.Hours), 1e-12);
    }

    [Fact]
    public void Run_SoundClips_AreThoseThatNoFaultConcerns()
    {
        Tone("a.wav", 1, seconds: 1);
        Tone("b.wav", 2, seconds: 1);
        Tone("c.wav", 3, seconds: 1);
        _folder.Write("text.wav", "hello");
        Clip New(string identity, string name, string voice, CorpusSplit split = CorpusSplit.Train) =>
            new() { Identity = identity, Name = name, Voice = voice, Split = split };
        Manifest manifest = Manifest(
            New("p", "1", "a.wav"),
            New("p", "2", "text.wav"),
            New("q", "1", "b.wav"),
            New("r", "1", "b.wav"),
            New("s", "1", "c.wav"),
            New("t", "1", "text.wav"),
            New("u", "1", "a.wav", CorpusSplit.Test),
            New("p", "3", "c.wav"));

        IReadOnlyList<Clip> sound = CorpusCheck.Run(manifest).SoundClips;

        Assert.Empty(sound); // every sound is under two identities
        IReadOnlyList<Clip> most = CorpusCheck.Run(manifest.With([.. manifest.Clips.Take(6)])).SoundClips;
        Assert.Equal(["p/1", "s/1"], most.Select(clip => clip.Key));
        Assert.True(CorpusCheck.Run(manifest.With(most)).IsSound);
    }

    [Fact]
    public void Run_RootThatIsNotThere_IsSaidOnce()
    {
        var clip = new Clip { Identity = "p", Name = "1", Voice = "a.wav", Split = CorpusSplit.Test };
        var manifest = new Manifest(_folder["m.jsonl"], [clip], _folder["none"]);

        var e = Assert.Throws<DirectoryNotFoundException>(() => CorpusCheck.Run(manifest));

        Assert.Equal($"{_folder["none"]}: there is no such folder; expected the files of {_folder["m.jsonl"]}.", e.Message);
    }

    [Fact]
    public void Run_ManyFaults_ReportsAllOfThemInOrderWhateverTheJobs()
    {
        Tone("a.wav", 1, seconds: 1);
        Tone("other.wav", 2, seconds: 1);
        WavFile.Write(_folder["silent.wav"], new float[RateHz], RateHz);
        _folder.Write("text.wav", "hello");
        _folder.Write("broken.jpg", "hello");
        File.Copy(Path.Combine(Fixtures.Grid, GridFace), _folder["face.jpg"]);
        Manifest manifest = Manifest(
            new Clip
            {
                Identity = "p",
                Name = "1",
                Voice = "none.wav",
                Faces = ["none.jpg", "broken.jpg"],
                Split = CorpusSplit.Train,
                Gender = "f",
            },
            new Clip { Identity = "p", Name = "2", Voice = "text.wav", Split = CorpusSplit.Train },
            new Clip { Identity = "p", Name = "3", Voice = "silent.wav", Split = CorpusSplit.Train, Gender = "m" },
            new Clip { Identity = "p", Name = "4", Voice = "a.wav", StartSeconds = 0.75, DurationSeconds = 0.5, Split = CorpusSplit.Train },
            new Clip { Identity = "p", Name = "5", Voice = "a.wav", StartSeconds = 2, Split = CorpusSplit.Test },
            new Clip { Identity = "q", Name = "1", Voice = "other.wav", Faces = ["face.jpg"], Split = CorpusSplit.Test },
            new Clip { Identity = "r", Name = "1", Voice = "other.wav", Faces = ["face.jpg"], Split = CorpusSplit.Test });

        var told = new List<string>();

        CorpusReport report = CorpusCheck.Run(manifest, jobs: 4, faults: told.Add);

        Assert.Equal(report.Faults, CorpusCheck.Run(manifest, jobs: 1).Faults);
        Assert.False(report.IsSound);
        Assert.Equal(11, report.FaultCount);
        Assert.Empty(report.SoundClips); // p has two splits and two genders; q and r share a sound and a face
        Assert.Equal(report.Faults, told);
        Assert.StartsWith($"Clip 'p/1': {_folder["none.wav"]}: ", report.Faults[0], StringComparison.Ordinal);
        Assert.StartsWith($"Clip 'p/1': {_folder["none.jpg"]}: ", report.Faults[1], StringComparison.Ordinal);
        Assert.StartsWith($"Clip 'p/1': {_folder["broken.jpg"]}: ", report.Faults[2], StringComparison.Ordinal);
        Assert.StartsWith($"Clip 'p/2': {_folder["text.wav"]}: ", report.Faults[3], StringComparison.Ordinal);
        Assert.Equal($"Clip 'p/3': {_folder["silent.wav"]}: every sample is 0; expected a voice.", report.Faults[4]);
        Assert.Equal($"Clip 'p/4': {_folder["a.wav"]}: has 0.25 s from 0.75 s on; expected 0.5 s, as 'duration_s' says.", report.Faults[5]);
        Assert.StartsWith($"Clip 'p/5': {_folder["a.wav"]}: ends at 1 s", report.Faults[6], StringComparison.Ordinal);
        Assert.Equal(
            [
                "Clip 'r/1': other.wav: is the same sound as other.wav of clip 'q/1', another identity; "
                + "expected one identity for one sound.",
                "Clip 'r/1': face.jpg: is the same picture as face.jpg of clip 'q/1', another identity; "
                + "expected one identity for one picture.",
                "Identity 'p' has gender f in clip '1' and m in clip '3'; expected one.",
                "Identity 'p' is in the train split with clip '1' and in the test split with clip '5'; expected one split, "
                + "because a person seen in training cannot be tested on.",
            ],
            report.Faults.Skip(7));
    }

    [Fact]
    public void Run_SameFilesWithinAnIdentity_AreCountedAndLegal()
    {
        Tone("a.wav", 1, seconds: 2);
        File.Copy(_folder["a.wav"], _folder["copy.wav"]);
        Manifest manifest = Manifest(
            new Clip { Identity = "p", Name = "1", Voice = "a.wav", Split = CorpusSplit.Train },
            new Clip { Identity = "p", Name = "2", Voice = "copy.wav", Split = CorpusSplit.Train },
            new Clip { Identity = "p", Name = "3", Voice = "a.wav", StartSeconds = 1, DurationSeconds = 0.5, Split = CorpusSplit.Train });

        CorpusReport report = CorpusCheck.Run(manifest);

        Assert.Empty(report.Faults);
        CorpusNotice notice = Assert.Single(report.Notices);
        Assert.Equal("sounds that stand in an identity more than once", notice.What);
        Assert.Equal(1, notice.Count);
        Assert.Equal(["copy.wav"], notice.Examples);
        Assert.Equal(4.5 / 3600, report.Hours, 1e-12);
    }

    [Fact]
    public void Run_FilesThatAreNotQuiteRight_AreCountedAsNotices()
    {
        foreach ((string name, int seed) in new[] { ("piped.wav", 1), ("odd.wav", 2), ("block.wav", 3), ("cut.wav", 4), ("twice.wav", 5) })
        {
            Tone(name, seed, seconds: 1);
        }

        Change("piped.wav", bytes => Array.Clear(bytes, 40, 4));
        Change("block.wav", bytes => bytes[32] = 1);
        File.WriteAllBytes(_folder["odd.wav"], [.. File.ReadAllBytes(_folder["odd.wav"]), 7]);
        Change("odd.wav", bytes => bytes[40]++);
        File.WriteAllBytes(_folder["cut.wav"], File.ReadAllBytes(_folder["cut.wav"])[..20_001]);
        File.WriteAllBytes(_folder["twice.wav"], [.. File.ReadAllBytes(_folder["twice.wav"]), .. "data"u8, 4, 0, 0, 0, 1, 2, 3, 4]);
        Manifest manifest = Manifest(
            [
                .. new[] { "piped.wav", "odd.wav", "block.wav", "cut.wav", "twice.wav" }
                    .Select(name => new Clip { Identity = "p", Name = name, Voice = name, Split = CorpusSplit.Train }),
            ]);
        var reading = new SoundReading { ToleratesTruncation = true };

        CorpusReport strict = CorpusCheck.Run(manifest), tolerant = CorpusCheck.Run(manifest, reading: reading);

        Assert.Equal(
            $"Clip 'p/cut.wav': {_folder["cut.wav"]}: byte 36: the 'data' chunk promises 32000 bytes; the file holds 19957 more.",
            Assert.Single(strict.Faults));
        Assert.Empty(tolerant.Faults);
        Assert.Equal([_folder["cut.wav"]], reading.Tolerated);
        Assert.Equal(
            [
                "voices whose header states 0 bytes of samples, read to the end of the file: piped.wav",
                "voices with bytes after the last whole sample, left out: odd.wav",
                "voices whose header states a wrong block size, inferred from channels and bits: block.wav",
                "voices that end early, tolerated: read as far as they go: cut.wav",
                "voices with several data chunks, read one after the other: twice.wav",
            ],
            tolerant.Notices.Select(notice => $"{notice.What}: {string.Join(' ', notice.Examples)}"));
    }

    [Fact]
    public void Run_ProgressAndCancellation_AreHeard()
    {
        Tone("a.wav", 1, seconds: 1);
        Manifest manifest = Manifest(new Clip { Identity = "p", Name = "1", Voice = "a.wav", Split = CorpusSplit.Train });
        var progress = new Counter();

        CorpusCheck.Run(manifest, jobs: 1, progress);

        Assert.Equal([1], progress.Seen);
        Assert.ThrowsAny<OperationCanceledException>(
            () => CorpusCheck.Run(manifest, cancellationToken: new CancellationToken(canceled: true)));
        Assert.Throws<ArgumentOutOfRangeException>(() => CorpusCheck.Run(manifest, jobs: 0));
    }

    [Fact]
    public void Run_MoreFaultsThanAReportKeeps_TellsEveryOneInOrder()
    {
        const int Count = CorpusCheck.MostKeptFaults + 500;
        Manifest manifest = Manifest(
            [
                .. Enumerable.Range(0, Count)
                    .Select(i => new Clip { Identity = "p", Name = $"{i}", Voice = $"none-{i}.wav", Split = CorpusSplit.Train }),
            ]);
        var told = new List<string>();

        CorpusReport report = CorpusCheck.Run(manifest, jobs: 3, faults: told.Add);

        Assert.Equal(Count, report.FaultCount);
        Assert.Equal(CorpusCheck.MostKeptFaults, report.Faults.Count);
        Assert.Equal(report.Faults, told.Take(CorpusCheck.MostKeptFaults));
        Assert.Equal(
            Enumerable.Range(0, Count).Select(i => $"Clip 'p/{i}':"),
            told.Select(fault => fault[..(fault.IndexOf(": ", StringComparison.Ordinal) + 1)]));
    }

    private Manifest Manifest(params Clip[] clips)
    {
        ManifestWriter.Write(_folder["manifest.jsonl"], clips);
        return ManifestReader.Read(_folder["manifest.jsonl"]);
    }

    private void Change(string name, Action<byte[]> change)
    {
        byte[] bytes = File.ReadAllBytes(_folder[name]);
        change(bytes);
        File.WriteAllBytes(_folder[name], bytes);
    }

    private void Tone(string name, int seed, int seconds)
    {
        var random = new SeededRandom(seed);
        WavFile.Write(_folder[name], [.. Enumerable.Range(0, seconds * RateHz).Select(_ => (float)random.NextDouble(-0.5, 0.5))], RateHz);
    }

    private sealed class Counter : IProgress<int>
    {
        public List<int> Seen { get; } = [];

        public void Report(int value) => Seen.Add(value);
    }
}
