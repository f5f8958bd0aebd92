using CrossModalVae.Augmentation;
using CrossModalVae.Corpora;
using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Files;
using CrossModalVae.Numerics;
using CrossModalVae.Recipes;

namespace CrossModalVae.Tests.Features;

/// <summary>Features that stay in a store on disk and are read row by row.</summary>
public sealed class FeatureStreamTests : IDisposable
{
    private readonly GridCopy _corpus = new();

    public void Dispose() => _corpus.Dispose();

    [Theory]
    [InlineData(FeaturePrecision.Float32)]
    [InlineData(FeaturePrecision.Float16)]
    public void Stream_EveryRow_IsTheTablesInPartsToo(FeaturePrecision precision)
    {
        new FeatureStoreBuilder(GridCopy.Pooled, new FeatureStoreOptions { Precision = precision }).Build(_corpus.Manifest, _corpus["f"]);
        using FeatureStore store = FeatureStore.Open(_corpus["f"]);
        FeatureTable table = store.Read(_corpus.Manifest);

        FeatureSource streamed = store.Stream(_corpus.Manifest);
        FeatureSource part = streamed.Select(clip => clip.Identity != "s1").Select(clip => clip.Identity != "s2");

        AssertSame(table, streamed);
        AssertSame(table.Where(clip => clip.Identity is not ("s1" or "s2")), part);
        Assert.Equal(1, part.ViewCount);
        Assert.InRange(part.Count, 1, table.Count - 2);
    }

    [Fact]
    public void Stream_AugmentedViews_AreTheTables()
    {
        Manifest manifest = Split();
        Recipe recipe = GridCopy.Pooled with { Augmentation = new AugmentationOptions { Views = 2 } };
        new FeatureStoreBuilder(recipe).Build(manifest, _corpus["f"]);
        using FeatureStore store = FeatureStore.Open(_corpus["f"]);
        FeatureTable train = store.Read(manifest, clip => clip.Split == CorpusSplit.Train);
        FeatureTable table = store.Augment(manifest, recipe, AugmentationSources.Generated, train);

        FeatureSource streamed = store.Stream(manifest, recipe, AugmentationSources.Generated, train);

        AssertSame(table, streamed);
        Assert.Equal(3, streamed.ViewCount);
        var other = Assert.Throws<InvalidDataException>(
            () => store.Stream(manifest, recipe, AugmentationSources.Generated, train.Where(clip => clip != train.Clips[0])));
        Assert.Contains("holds augmented views of another training split", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stream_DamagedOrShortenedSinceItWasOpened_IsFoundWhenTheRowIsRead()
    {
        new FeatureStoreBuilder(GridCopy.Pooled).Build(_corpus.Manifest, _corpus["f"]);
        using FeatureStore store = FeatureStore.Open(_corpus["f"]);
        FeatureSource streamed = store.Stream(_corpus.Manifest);
        var buffer = new float[streamed.FaceLength];
        int last = streamed.Count - 1;
        streamed.Row(Modality.Face, 0, last, buffer);
        string expected = $"{_corpus["f"]}: the face features of clip '{streamed.Clips[last].Key}' are damaged: their checksum is not the "
            + "one that was written; prepare the features anew.";
        using var file = new FileStream(_corpus["f"], FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

        file.Position = file.Length - 64 - (sizeof(float) * 4);
        file.Write([0xFF, 0xFF, 0xFF, 0x7F]);
        file.Flush();
        var damaged = Assert.Throws<InvalidDataException>(() => streamed.Row(Modality.Face, 0, last, buffer).Length);
        file.SetLength(file.Length - 4096);
        var cut = Assert.Throws<InvalidDataException>(() => streamed.Row(Modality.Face, 0, last, buffer).Length);

        Assert.Equal((expected, expected), (damaged.Message, cut.Message));
    }

    [Fact]
    public void Stream_MoreNumbersThanAnArrayHolds_IsReadToItsLastRow()
    {
        Recipe recipe = GridCopy.Unpooled with { Face = new FaceOptions { Width = 1, Height = 1 } };
        var extractor = new FeatureExtractor(recipe);
        int count = (int)(int.MaxValue / (long)extractor.VoiceLength) + 2;
        var manifest = new Manifest(
            _corpus["large.jsonl"],
            [.. Enumerable.Range(0, count).Select(i => new Clip
            {
                Identity = $"p{i / 10}", Name = $"{i}", Voice = "absent.wav", Faces = ["absent.jpg"], Split = CorpusSplit.Train,
            })]);
        float[] voice = [.. Enumerable.Range(0, extractor.VoiceLength).Select(i => (float)i)];
        WriteSparse(_corpus["large"], recipe, manifest, voice);
        using FeatureStore store = FeatureStore.Open(_corpus["large"]);

        FeatureSource streamed = store.Stream(manifest);

        Assert.True((long)streamed.Count * streamed.VoiceLength > Array.MaxLength);
        var buffer = new float[streamed.VoiceLength];
        Assert.All(streamed.Row(Modality.Voice, 0, 0, buffer).ToArray(), value => Assert.Equal(0f, value));
        Assert.Equal(voice, streamed.Row(Modality.Voice, 0, count - 1, buffer).ToArray());
        Assert.Equal(1f, streamed.Row(Modality.Face, 0, count - 1, new float[1])[0]);
        Assert.Throws<InvalidOperationException>(() => store.Read(manifest)); // as a table in memory
    }

    // All rows are holes in the file, zeros, but the last.
    private static void WriteSparse(string path, Recipe recipe, Manifest manifest, float[] lastVoice)
    {
        var content = new FeatureStoreContent(recipe, manifest, AugmentationSources.Generated);
        FeatureStoreHeader header = FeatureStoreHeader.Create(recipe, content, FeaturePrecision.Float32, []);
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);
        RandomAccess.SetLength(file, header.Layout.FileBytes);
        byte[] voice = new byte[header.Layout.VoiceBytes], face = new byte[header.Layout.FaceBytes];
        var zeros = (Crc32C.Compute(voice), Crc32C.Compute(face));
        FeatureCodec.Encode(lastVoice, FeaturePrecision.Float32, voice);
        FeatureCodec.Encode([1f], FeaturePrecision.Float32, face);
        int last = manifest.Clips.Count - 1;
        RandomAccess.Write(file, voice, header.Layout.RowAt(last));
        RandomAccess.Write(file, face, header.Layout.RowAt(last) + header.Layout.FaceOffset);
        var record = new byte[FeatureStoreRecord.Bytes];
        for (int i = 0; i <= last; i++)
        {
            (uint ofVoice, uint ofFace) = i < last ? zeros : (Crc32C.Compute(voice), Crc32C.Compute(face));
            Clip clip = manifest.Clips[i];
            new FeatureStoreRecord(
                ClipFingerprint.Key(clip),
                ClipFingerprint.Entry(clip),
                UInt128.Zero,
                ofVoice,
                ofFace,
                FeatureStoreState.Done | FeatureStoreState.Voice | FeatureStoreState.Face).Write(record);
            RandomAccess.Write(file, record, header.Layout.RecordAt(i));
        }

        RandomAccess.Write(file, header.ToBytes(), 0);
    }

    private static void AssertSame(FeatureTable expected, FeatureSource actual)
    {
        Assert.Equal(expected.Clips, actual.Clips);
        Assert.Equal(expected.ViewCount, actual.ViewCount);
        foreach (Modality modality in (Modality[])[Modality.Voice, Modality.Face])
        {
            var buffer = new float[expected.Length(modality)];
            for (int view = 0; view < expected.ViewCount; view++)
            {
                foreach (int row in expected.RowsWith(modality))
                {
                    Assert.Equal(
                        expected.Row(modality, view, row, []).ToArray(), actual.Row(modality, view, row, buffer).ToArray());
                }
            }
        }
    }

    private Manifest Split() => new(
        _corpus.Manifest.FilePath,
        [.. _corpus.Manifest.Clips.Select(clip =>
            clip with { Split = clip.Identity is "s1" or "s2" ? CorpusSplit.Validation : CorpusSplit.Train })]);
}
