using CrossModalVae.Audio;
using CrossModalVae.Corpora;
using CrossModalVae.Synthesis.Faces;
using CrossModalVae.Synthesis.Voices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace CrossModalVae.Synthesis.Tests;

public sealed class SyntheticCorpusTests : IDisposable
{
    private static readonly SyntheticCorpusOptions Small = new()
    {
        Identities = 6,
        ClipsPerIdentity = 2,
        FramesPerClip = 2,
        MinimumSeconds = 0.5,
        MaximumSeconds = 0.7,
        FaceSize = 48,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Generate_Twice_IsByteIdenticalWhateverTheThreads()
    {
        SyntheticCorpus.Generate(Small with { ThreadCount = 1 }, _folder["one"]);
        SyntheticCorpus.Generate(Small with { ThreadCount = 4 }, _folder["four"]);

        Dictionary<string, byte[]> one = Files("one");
        Dictionary<string, byte[]> four = Files("four");
        Assert.Equal((6 * 2) + (6 * 2 * 2) + 3, one.Count);
        Assert.Equal(one.Keys.Order(), four.Keys.Order());
        Assert.All(one, file => Assert.Equal(file.Value, four[file.Key]));
    }

    [Fact]
    public void Generate_OtherSeed_MakesOtherPeople()
    {
        SyntheticCorpus.Generate(Small, _folder["1"]);
        SyntheticCorpus.Generate(Small with { Seed = 2 }, _folder["2"]);

        Dictionary<string, byte[]> first = Files("1");
        Dictionary<string, byte[]> second = Files("2");
        Assert.All(first, file => Assert.NotEqual(file.Value, second[file.Key]));
    }

    [Fact]
    public void Generate_EveryFile_IsReadable()
    {
        Manifest made = SyntheticCorpus.Generate(Small, _folder["c"]);
        Manifest read = ManifestReader.Read(_folder["c", "manifest.jsonl"]);

        Assert.Equal(
            made.Clips.Select(c => (c.Key, c.Voice, c.Gender, c.Age, c.Split)),
            read.Clips.Select(c => (c.Key, c.Voice, c.Gender, c.Age, c.Split)));
        Assert.Equal(12, read.Clips.Count);
        foreach (Clip clip in read.Clips)
        {
            AudioClip voice = WavFile.Read(read.VoicePath(clip)!);
            Assert.Equal(16_000, voice.SampleRateHz);
            Assert.InRange(clip.DurationSeconds!.Value, 0.5, 0.7);
            Assert.Equal(clip.DurationSeconds.Value * 16_000, voice.Samples.Length, 1e-6);
            foreach (string face in read.FacePaths(clip))
            {
                using Image<Rgb24> image = Image.Load<Rgb24>(face);
                Assert.Equal((48, 48), (image.Width, image.Height));
            }
        }
    }

    [Fact]
    public void Generate_Splits_NeverShareAnIdentity()
    {
        Manifest manifest = SyntheticCorpus.Generate(Small with { Identities = 10, TrainShare = 0.5, ValidationShare = 0.2 }, _folder["c"]);

        Assert.All(manifest.Clips.GroupBy(c => c.Identity), person => Assert.Single(person.Select(c => c.Split).Distinct()));
        Assert.Equal(
            [(CorpusSplit.Train, 10), (CorpusSplit.Validation, 4), (CorpusSplit.Test, 6)],
            manifest.Clips.GroupBy(c => c.Split).OrderBy(g => g.Key).Select(g => (g.Key, g.Count())));
    }

    [Theory]
    [InlineData(6, 2, 2, 2)] // from here on two people a split, whom scores can compare
    [InlineData(7, 3, 2, 2)]
    [InlineData(10, 6, 2, 2)]
    [InlineData(12, 7, 2, 3)]
    [InlineData(20, 14, 2, 4)] // as the shares say
    [InlineData(100, 70, 10, 20)]
    public void Sample_FewIdentities_GivesEverySplitTwo(int identities, int train, int validation, int test)
    {
        IdentityTraits[] people = TraitSampler.Sample(new SyntheticCorpusOptions { Identities = identities });

        Assert.Equal(
            [(CorpusSplit.Train, train), (CorpusSplit.Validation, validation), (CorpusSplit.Test, test)],
            people.GroupBy(person => person.Split).OrderBy(split => split.Key).Select(split => (split.Key, split.Count())));
    }

    [Fact]
    public void Sample_SplitWithoutShare_StaysEmpty()
    {
        IdentityTraits[] people = TraitSampler.Sample(
            new SyntheticCorpusOptions { Identities = 9, TrainShare = 0.9, ValidationShare = 0.1 });

        Assert.Equal(2, people.Count(person => person.Split == CorpusSplit.Validation));
        Assert.DoesNotContain(people, person => person.Split == CorpusSplit.Test);
    }

    [Fact]
    public void Generate_AfterLosingFiles_MakesThemAgainTheSame()
    {
        SyntheticCorpus.Generate(Small, _folder["c"]);
        Dictionary<string, byte[]> before = Files("c");
        File.Delete(_folder["c", "manifest.jsonl"]);
        File.Delete(_folder["c", "wav", "syn00003", "001.wav"]);
        File.Delete(_folder["c", "faces", "syn00002", "000", "01.jpg"]);

        SyntheticCorpus.Generate(Small, _folder["c"]);

        Dictionary<string, byte[]> after = Files("c");
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        Assert.All(before, file => Assert.Equal(file.Value, after[file.Key]));
    }

    [Fact]
    public void Generate_Cancelled_LeavesNoManifestAndResumes()
    {
        using var cancel = new CancellationTokenSource();
        var progress = new Reporter(p =>
        {
            if (p.DoneClips == 3)
            {
                cancel.Cancel();
            }
        });
        SyntheticCorpus.Generate(Small, _folder["whole"]);

        Assert.ThrowsAny<OperationCanceledException>(
            () => SyntheticCorpus.Generate(Small with { ThreadCount = 1 }, _folder["cut"], progress, cancel.Token));
        Assert.False(File.Exists(_folder["cut", "manifest.jsonl"]));
        Assert.DoesNotContain(Files("cut").Keys, name => name.EndsWith(".partial", StringComparison.Ordinal));
        SyntheticCorpus.Generate(Small, _folder["cut"]);

        Dictionary<string, byte[]> whole = Files("whole");
        Assert.All(Files("cut"), file => Assert.Equal(whole[file.Key], file.Value));
    }

    [Fact]
    public void Generate_OtherOptionsInTheSameFolder_IsRefused()
    {
        SyntheticCorpus.Generate(Small with { Identities = 1 }, _folder["c"]);

        var e = Assert.Throws<InvalidOperationException>(() => SyntheticCorpus.Generate(Small, _folder["c"]));

        Assert.Equal(
            $"{_folder["c", "synthetic-card.json"]}: describes a corpus made with other options; "
            + "choose another folder, or delete this one to make it anew.",
            e.Message);
    }

    [Fact]
    public void Generate_IntoAnotherCorpus_IsRefused()
    {
        string manifest = _folder.Write("c/manifest.jsonl", "{}\n");

        var e = Assert.Throws<InvalidOperationException>(() => SyntheticCorpus.Generate(Small, Path.GetDirectoryName(manifest)!));

        Assert.Equal($"{manifest}: exists without synthetic-card.json, so it is another corpus; choose an empty folder.", e.Message);
        Assert.Equal("{}\n", File.ReadAllText(manifest));
    }

    [Fact]
    public void Generate_WhereAFileCannotBeWritten_NamesIt()
    {
        string wav = _folder.Write("c/wav", "in the way");

        var e = Assert.Throws<IOException>(() => SyntheticCorpus.Generate(Small, Path.GetDirectoryName(wav)!));

        Assert.Contains(".wav: cannot be written: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ManyFaults_ListsThemAll()
    {
        var options = new SyntheticCorpusOptions
        {
            Identities = 0,
            MinimumSeconds = 4,
            FaceSize = 8,
            TrainShare = 0.95,
            Correlations = new SyntheticCorrelations { Build = 1.5 },
        };

        var e = Assert.Throws<ArgumentException>(options.Validate);

        Assert.Equal(
            "'Identities' is 0; must be >= 1. 'MaximumSeconds' is 3.6; must lie between MinimumSeconds and 60. "
            + "'FaceSize' is 8; must be 32 to 512. "
            + "'ValidationShare' is 0.1; must lie between 0 and 1 - TrainShare. "
            + "'Correlations.Build' is 1.5; must be >= 0 and < 1.",
            e.Message);
    }

    [Fact]
    public void Truth_OfACorpus_IsWhatItWasMadeFrom()
    {
        var options = Small with
        {
            Seed = -7,
            Correlations = new SyntheticCorrelations { Size = 0.3 },
            Identities = 3,
            ClipsPerIdentity = 1,
        };
        SyntheticCorpus.Generate(options, _folder["c"]);

        Assert.True(SyntheticTruth.Exists(_folder["c"]));
        SyntheticTruth truth = SyntheticTruth.Read(_folder["c"]);

        Assert.Equal(options, truth.Options);
        IdentityTraits[] people = TraitSampler.Sample(options);
        Assert.Equal(people, truth.Identities.Values);
        Assert.Equal(new IdealMatcher(options.Correlations).Score(people[0].Voice, people[2].Face), truth.Score("syn00000", "syn00002"));
        var e = Assert.Throws<ArgumentException>(() => truth.Score("syn00000", "id10001"));
        Assert.StartsWith(
            "'id10001' is no identity of this synthetic corpus; must be one of the 3 in traits.jsonl.",
            e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Truth_TraitsGivenTwice_IsRefused()
    {
        SyntheticCorpus.Generate(Small with { Identities = 1, ClipsPerIdentity = 1 }, _folder["c"]);
        string path = _folder["c", "traits.jsonl"];
        File.AppendAllText(path, File.ReadAllText(path));

        var e = Assert.Throws<InvalidDataException>(() => SyntheticTruth.Read(_folder["c"]));

        Assert.Equal($"{path}: line 2: identity 'syn00000' is given twice; expected once.", e.Message);
    }

    [Fact]
    public void Truth_OfAnotherGenerator_IsRefused()
    {
        SyntheticCorpus.Generate(Small with { Identities = 1, ClipsPerIdentity = 1 }, _folder["c"]);
        string path = _folder["c", "synthetic-card.json"];
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"generator\": 1", "\"generator\": 99", StringComparison.Ordinal));

        var e = Assert.Throws<InvalidDataException>(() => SyntheticTruth.Read(_folder["c"]));

        Assert.Contains("generator", e.Message, StringComparison.Ordinal);
        Assert.Contains("99", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Exists_FolderOfAnotherCorpus_IsFalse() => Assert.False(SyntheticTruth.Exists(_folder.Root));

    // Light, noise and length must not reveal which sound belongs to which picture.
    [Fact]
    public void Nuisance_OfTheTwoModalitiesOfAClip_IsIndependent()
    {
        const int Clips = 2_000;
        VoiceConditions[] voices =
        [
            .. Enumerable.Range(0, Clips).Select(i => VoiceConditions.Draw(3, 4, SyntheticCorpus.VoiceRandom(1, $"syn{i / 4:D5}", i % 4))),
        ];
        FaceConditions[] faces =
        [
            .. Enumerable.Range(0, Clips).Select(i => FaceConditions.Draw(SyntheticCorpus.FaceRandom(1, $"syn{i / 4:D5}", i % 4))),
        ];
        Func<VoiceConditions, double>[] sounds =
        [
            v => v.Seconds,
            v => v.Effort,
            v => v.LevelDecibels,
            v => v.SignalToNoiseDecibels,
            v => v.NoiseColour,
            v => v.HighPassHz,
            v => v.LowPassHz,
            v => v.Equaliser[0].Decibels, v => v.Echoes[0].Gain,
        ];
        Func<FaceConditions, double>[] pictures =
        [
            f => f.LightDirection.X, f => f.LightDirection.Y, f => f.LightColour.X, f => f.AmbientColour.X, f => f.BackgroundTop.X,
            f => f.Clothes.X, f => f.Zoom,
            f => f.Shift.X, f => f.Shift.Y, f => f.Pose.X, f => f.Pose.Y, f => f.Pose.Z, f => f.Smile, f => f.Blur, f => f.SensorNoise,
            f => f.JpegQuality,
        ];

        // 144 correlations of standard error 0.022: none beyond 4.5 of them.
        Assert.All(sounds, s =>
            Assert.All(pictures, p => Assert.InRange(Statistics.Correlation([.. voices.Select(s)], [.. faces.Select(p)]), -0.1, 0.1)));
    }

    [Fact]
    public void Nuisance_OfTwoClipsOfAPerson_IsIndependent()
    {
        double[] first =
        [
            .. Enumerable.Range(0, 2_000).Select(i => (double)FaceConditions.Draw(SyntheticCorpus.FaceRandom(1, $"syn{i:D5}", 0)).Pose.X),
        ];
        double[] second =
        [
            .. Enumerable.Range(0, 2_000).Select(i => (double)FaceConditions.Draw(SyntheticCorpus.FaceRandom(1, $"syn{i:D5}", 1)).Pose.X),
        ];

        Assert.InRange(Statistics.Correlation(first, second), -0.1, 0.1);
    }

    private Dictionary<string, byte[]> Files(string name) => Directory.EnumerateFiles(_folder[name], "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(_folder[name], path), File.ReadAllBytes);

    private sealed class Reporter(Action<SyntheticProgress> report) : IProgress<SyntheticProgress>
    {
        public void Report(SyntheticProgress value) => report(value);
    }
}
