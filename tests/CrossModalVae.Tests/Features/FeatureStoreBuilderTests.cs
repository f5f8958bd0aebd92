using CrossModalVae.Audio;
using CrossModalVae.Corpora;
using CrossModalVae.Features;
using CrossModalVae.Numerics;
using CrossModalVae.Recipes;

namespace CrossModalVae.Tests.Features;

public sealed class FeatureStoreBuilderTests : IDisposable
{
    private readonly GridCopy _corpus = new();

    public static TheoryData<bool, FeaturePrecision> Kinds => new()
    {
        { false, FeaturePrecision.Float32 },
        { false, FeaturePrecision.Float16 },
        { true, FeaturePrecision.Float32 },
        { true, FeaturePrecision.Float16 },
    };

    public void Dispose() => _corpus.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Build_AnyNumberOfJobs_GivesTheSameBytes(bool unpooled, FeaturePrecision precision)
    {
        Recipe recipe = unpooled ? GridCopy.Unpooled : GridCopy.Pooled;

        FeatureStoreReport one = Build(recipe, "one", precision, jobs: 1);
        FeatureStoreReport five = Build(recipe, "five", precision, jobs: 5);

        Assert.Equal(new FeatureStoreReport(27, 27, 27, new FileInfo(_corpus["one"]).Length), one);
        Assert.Equal(one, five);
        Assert.Equal(File.ReadAllBytes(_corpus["one"]), File.ReadAllBytes(_corpus["five"]));
        Assert.False(File.Exists(FeatureStoreBuilder.PartialPath(_corpus["one"])));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Build_StoppedAndGoneOnWith_KeepsWhatIsDoneAndEndsInTheSameBytes(bool unpooled, FeaturePrecision precision)
    {
        Recipe recipe = unpooled ? GridCopy.Unpooled : GridCopy.Pooled;
        Build(recipe, "whole", precision);
        foreach (int done in new[] { 1, 9, 20 })
        {
            Stop(recipe, "f", precision, done); // each goes on with the one before
        }

        Assert.False(File.Exists(_corpus["f"]));
        FeatureStoreReport report = Build(recipe, "f", precision);

        Assert.Equal(27 - 20, report.ComputedCount);
        Assert.Equal(File.ReadAllBytes(_corpus["whole"]), File.ReadAllBytes(_corpus["f"]));
    }

    [Fact]
    public void Build_DoneBefore_ComputesNothing()
    {
        Build(GridCopy.Pooled, "f");
        byte[] before = File.ReadAllBytes(_corpus["f"]);

        FeatureStoreReport report = Build(GridCopy.Pooled with { Name = "sweep-2", Training = new() { LearningRate = 0.5 } }, "f");

        Assert.Equal(0, report.ComputedCount);
        Assert.Equal(before, File.ReadAllBytes(_corpus["f"]));
    }

    [Theory]
    [InlineData("row")] // a row that the disk lost after its record had been written
    [InlineData("record")]
    [InlineData("end")]
    public void Build_PartDamagedByALossOfPower_IsComputedAgain(string damage)
    {
        Build(GridCopy.Pooled, "whole");
        FeatureStoreLayout layout = Layout("whole");
        Stop(GridCopy.Pooled, "f", FeaturePrecision.Float32, 20);
        using (FileStream partial = File.Open(FeatureStoreBuilder.PartialPath(_corpus["f"]), FileMode.Open))
        {
            if (damage == "end")
            {
                partial.SetLength(layout.RowAt(10));
            }
            else
            {
                partial.Position = damage == "row" ? layout.RowAt(4) + 8 : layout.RecordAt(4) + 57;
                int value = partial.ReadByte();
                partial.Position--;
                partial.WriteByte((byte)(value ^ 0x10));
            }
        }

        FeatureStoreReport report = Build(GridCopy.Pooled, "f");

        Assert.Equal(damage == "end" ? 17 : 8, report.ComputedCount);
        Assert.Equal(File.ReadAllBytes(_corpus["whole"]), File.ReadAllBytes(_corpus["f"]));
    }

    [Fact]
    public void Build_StoppedBeforeTheHeaderWasThere_BeginsAnew()
    {
        Build(GridCopy.Pooled, "whole");
        byte[] torn = File.ReadAllBytes(_corpus["whole"]);
        torn.AsSpan(500).Clear();
        foreach (byte[] left in new byte[][] { [], new byte[10_000], torn })
        {
            File.Delete(_corpus["f"]);
            File.WriteAllBytes(FeatureStoreBuilder.PartialPath(_corpus["f"]), left);

            Build(GridCopy.Pooled, "f");

            Assert.Equal(File.ReadAllBytes(_corpus["whole"]), File.ReadAllBytes(_corpus["f"]));
        }
    }

    [Fact]
    public void Build_FileChangedSinceItWasRead_IsReadAgain()
    {
        Stop(GridCopy.Pooled, "f", FeaturePrecision.Float32, 20);
        Clip changed = _corpus.Manifest.Clips[2];
        File.Copy(_corpus.Manifest.VoicePath(_corpus.Manifest.Clips[15])!, _corpus.Manifest.VoicePath(changed)!, overwrite: true);

        FeatureStoreReport report = Build(GridCopy.Pooled, "f");

        Build(GridCopy.Pooled, "whole");
        Assert.Equal(8, report.ComputedCount);
        Assert.Equal(File.ReadAllBytes(_corpus["whole"]), File.ReadAllBytes(_corpus["f"]));
    }

    [Fact]
    public void Build_BrokenFiles_NamesTheFirstAndGoesOnOnceItIsMended()
    {
        Build(GridCopy.Pooled, "whole");
        string voice = _corpus.Manifest.VoicePath(_corpus.Manifest.Clips[12])!;
        string face = _corpus.Manifest.FacePaths(_corpus.Manifest.Clips[14])[0];
        File.Move(voice, _corpus["voice"]);
        File.Move(face, _corpus["face"]);

        var error = Assert.Throws<FileNotFoundException>(() => Build(GridCopy.Pooled, "f", jobs: 4));
        bool whole = File.Exists(_corpus["f"]);
        File.Move(_corpus["voice"], voice);
        File.Move(_corpus["face"], face);
        FeatureStoreReport report = Build(GridCopy.Pooled, "f");

        Assert.Contains(voice, error.Message, StringComparison.Ordinal);
        Assert.False(whole);
        Assert.InRange(report.ComputedCount, 2, 27 - 12); // both broken ones; other threads may have done the rest beyond the first
        Assert.Equal(File.ReadAllBytes(_corpus["whole"]), File.ReadAllBytes(_corpus["f"]));
    }

    [Fact]
    public void Build_Float16AndLargeValues_RefusesInsteadOfInfinity()
    {
        // Magnitudes in 16-bit scale without compression: a loud clip's lowest bins lie above float16's largest number.
        var error = Assert.Throws<InvalidDataException>(
            () => Build(new Recipe { Name = "loud", Voice = new() { RemoveDc = false, PreEmphasis = 0 } }, "f", FeaturePrecision.Float16));

        Assert.Matches(
            @"^Clip 's\d+/\w+': voice feature \d+ is \d+(\.\d+)?, "
            + @"which float16 cannot hold \(at most 65504 in size\); prepare in float32\.$",
            error.Message);
    }

    [Fact]
    public void Build_PathHoldsAnotherStore_IsRefused()
    {
        Build(GridCopy.Pooled, "f");
        byte[] before = File.ReadAllBytes(_corpus["f"]);
        var fewer = new Manifest(_corpus.Manifest.FilePath, [.. _corpus.Manifest.Clips.Take(20)]);

        AssertRefused(
            $"{_corpus["f"]}: was prepared with face.colour \"grey\"; expected \"rgb\", as recipe 'unpooled' "
            + "has it: prepare the features for this recipe.",
            () => Build(GridCopy.Unpooled, "f"));
        AssertRefused(
            $"{_corpus["f"]}: is a feature store in float32; expected float16: choose another file, or delete it.",
            () => Build(GridCopy.Pooled, "f", FeaturePrecision.Float16));
        AssertRefused(
            $"{_corpus["f"]}: is a feature store of 27 clips; "
            + $"expected 20, as {_corpus.Manifest.FilePath} has: choose another file, or delete it.",
            () => new FeatureStoreBuilder(GridCopy.Pooled).Build(fewer, _corpus["f"]));
        Assert.Equal(before, File.ReadAllBytes(_corpus["f"]));
    }

    [Fact]
    public void Build_WorkOfAnotherStore_IsRefused()
    {
        Stop(GridCopy.Pooled, "f", FeaturePrecision.Float32, 5);
        string partial = FeatureStoreBuilder.PartialPath(_corpus["f"]);
        var moved = new Manifest(
            _corpus.Manifest.FilePath, [.. _corpus.Manifest.Clips.Select((clip, i) => i == 7 ? clip with { StartSeconds = 0.5 } : clip)]);

        AssertRefused(
            $"{_corpus["f"]}: preparing it was begun for another recipe, precision, number of clips or training split; "
            + $"expected the same to go on with: choose another file, or delete {partial}.",
            () => Build(GridCopy.Pooled, "f", FeaturePrecision.Float16));
        AssertRefused(
            $"{_corpus["f"]}: preparing it was begun for another corpus: clip '{moved.Clips[7].Key}' was not there or had other files or "
            + $"times; expected the same to go on with: choose another file, or delete {partial}.",
            () => new FeatureStoreBuilder(GridCopy.Pooled).Build(moved, _corpus["f"]));
        File.WriteAllText(partial, "notes of my own");
        AssertRefused(
            $"{_corpus["f"]}: preparing it was begun for another recipe, precision, number of clips or training split; "
            + $"expected the same to go on with: choose another file, or delete {partial}.",
            () => Build(GridCopy.Pooled, "f"));
        Assert.Equal("notes of my own", File.ReadAllText(partial));
    }

    [Fact]
    public void Build_AnotherProcessAtIt_IsRefused()
    {
        Stop(GridCopy.Pooled, "f", FeaturePrecision.Float32, 5);
        string partial = FeatureStoreBuilder.PartialPath(_corpus["f"]);
        using (File.Open(partial, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var error = Assert.Throws<IOException>(() => Build(GridCopy.Pooled, "f"));

            Assert.StartsWith($"{partial}: cannot be read: ", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(22, Build(GridCopy.Pooled, "f").ComputedCount);
    }

    [Fact]
    public void Build_PlaceThatTakesNoFiles_IsOneSentence()
    {
        // /proc takes no files, not even from root.
        var error = Assert.Throws<IOException>(() => new FeatureStoreBuilder(GridCopy.Pooled).Build(_corpus.Manifest, "/proc/cmvae/f"));

        Assert.StartsWith("/proc/cmvae/f: cannot be written: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_RecipeWithoutInformation_IsRefusedBeforeAnyWork()
    {
        Recipe recipe = GridCopy.Unpooled with { Voice = GridCopy.Unpooled.Voice with { Pooling = TimePooling.Mean } };

        var error = Assert.Throws<InvalidDataException>(() => Build(recipe, "f"));

        Assert.Contains(
            "normalises each frequency bin over the time of its own clip and then pools over time",
            error.Message,
            StringComparison.Ordinal);
        Assert.False(File.Exists(FeatureStoreBuilder.PartialPath(_corpus["f"])));
    }

    [Fact]
    public void Options_OutOfRange_ReportEveryFault()
    {
        var error = Assert.Throws<ArgumentException>(
            () => new FeatureStoreBuilder(GridCopy.Pooled, new FeatureStoreOptions { Precision = (FeaturePrecision)9, Jobs = 0 }));

        Assert.Equal("'Precision' is 9; must be Float32 or Float16. 'Jobs' is 0; must be >= 1.", error.Message);
    }

    private static void AssertRefused(string expected, Action action) =>
        Assert.Equal(expected, Assert.Throws<InvalidDataException>(action).Message);

    private FeatureStoreReport Build(Recipe recipe, string name, FeaturePrecision precision = FeaturePrecision.Float32, int? jobs = null) =>
        new FeatureStoreBuilder(recipe, new FeatureStoreOptions { Precision = precision, Jobs = jobs })
            .Build(_corpus.Manifest, _corpus[name]);

    /// <summary>Runs until so many clips are done, and cancels.</summary>
    private void Stop(Recipe recipe, string name, FeaturePrecision precision, int done)
    {
        using var source = new CancellationTokenSource();
        var builder = new FeatureStoreBuilder(recipe, new FeatureStoreOptions { Precision = precision, Jobs = 1 });
        Assert.Throws<OperationCanceledException>(
            () => builder.Build(_corpus.Manifest, _corpus[name], new CancelAt(done, source), source.Token));
    }

    private FeatureStoreLayout Layout(string name)
    {
        using FileStream stream = File.OpenRead(_corpus[name]);
        return FeatureStoreHeader.Read(stream, name).Layout;
    }

    private sealed class CancelAt(int done, CancellationTokenSource source) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value == done)
            {
                source.Cancel();
            }
        }
    }
}
