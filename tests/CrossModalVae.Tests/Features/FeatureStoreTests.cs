using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CrossModalVae.Corpora;
using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Files;
using CrossModalVae.Numerics;
using CrossModalVae.Recipes;

namespace CrossModalVae.Tests.Features;

public sealed class FeatureStoreTests : IDisposable
{
    // FeaturePrecision.Float16's promise; its own test is FeatureCodecTests.
    private const float Float16Relative = 1f / 2048;
    private const float Float16Absolute = 1f / (1 << 25);

    private readonly GridCopy _corpus = new();

    public void Dispose() => _corpus.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_Float32_IsWhatTheFrontEndsGiveBitForBit(bool unpooled)
    {
        Recipe recipe = unpooled ? GridCopy.Unpooled : GridCopy.Pooled;
        using FeatureStore store = Prepare(recipe);

        FeatureTable stored = store.Read(_corpus.Manifest, clip => clip.Identity != "s1");

        FeatureTable computed = new FeatureExtractor(recipe).Extract(_corpus.Manifest, clip => clip.Identity != "s1");
        Assert.Equal(computed.Clips, stored.Clips);
        Assert.Equal(computed.Voice, stored.Voice);
        Assert.Equal(computed.Face, stored.Face);
        Assert.Equal((computed.VoiceLength, computed.FaceLength), (stored.VoiceLength, stored.FaceLength));
    }

    [Fact]
    public void Read_Float16_IsWithinItsRounding()
    {
        using FeatureStore store = Prepare(GridCopy.Unpooled, FeaturePrecision.Float16);

        FeatureTable stored = store.Read(_corpus.Manifest);

        FeatureTable computed = new FeatureExtractor(GridCopy.Unpooled).Extract(_corpus.Manifest);
        for (int i = 0; i < computed.Voice.Length; i++)
        {
            Assert.InRange(
                Math.Abs(stored.Voice[i] - computed.Voice[i]), 0, Math.Max(Float16Absolute, Float16Relative * Math.Abs(computed.Voice[i])));
        }
    }

    [Fact]
    public void Open_Store_SaysWhatItHolds()
    {
        using FeatureStore store = Prepare(GridCopy.Unpooled, FeaturePrecision.Float16);

        Assert.Equal(27, store.Count);
        Assert.Equal(FeaturePrecision.Float16, store.Precision);
        Assert.Equal([297, 257], store.VoiceShape);
        Assert.Equal([3, 5, 7], store.FaceShape);
        Assert.Equal((297 * 257, 105), (store.VoiceLength, store.FaceLength));
        Assert.Equal(RecipeHash.ComputeFeatures(GridCopy.Unpooled), store.FeatureHash);
    }

    [Fact]
    public void ReadVoice_MissingModality_IsFalseAndLeavesTheDestination()
    {
        using FeatureStore store = Prepare(GridCopy.Pooled);
        var voice = new float[store.VoiceLength];
        var face = new float[store.FaceLength];
        voice[0] = 7;

        Assert.False(store.ReadVoice(_corpus.Manifest.Clips[3], voice));
        Assert.True(store.ReadFace(_corpus.Manifest.Clips[3], face));
        Assert.False(store.ReadFace(_corpus.Manifest.Clips[5], face));
        Assert.Equal(7, voice[0]);
        Assert.Equal(
            $"'features' has 3 places; must have {store.VoiceLength}. (Parameter 'features')",
            Assert.Throws<ArgumentException>(() => store.ReadVoice(_corpus.Manifest.Clips[0], new float[3])).Message);
    }

    [Fact]
    public void RequireRecipe_OtherHyperParameters_AreWelcomeOtherFeaturesAreNot()
    {
        using FeatureStore store = Prepare(GridCopy.Pooled);

        store.RequireRecipe(GridCopy.Pooled with
        {
            Name = "other",
            Model = new() { LatentDimension = 5 },
            Training = new() { Epochs = 3 },
            Ranking = new() { Count = 3 },
        });
        var error = Assert.Throws<InvalidDataException>(
            () => store.RequireRecipe(GridCopy.Pooled with { Name = "wide", Voice = GridCopy.Pooled.Voice with { HopSeconds = 0.02 } }));

        Assert.Equal(
            $"{_corpus["f"]}: was prepared with voice.hop_s 0.01; "
            + "expected 0.02, as recipe 'wide' has it: prepare the features for this recipe.",
            error.Message);
    }

    [Fact]
    public void RequireRecipe_OptionThatRecipesLeaveOutAtItsDefault_IsNamedToo()
    {
        Recipe fast = GridCopy.Pooled with { Name = "fast", Face = new() { Decoding = FaceDecoding.Fast } };
        using FeatureStore store = Prepare(GridCopy.Pooled);
        new FeatureStoreBuilder(fast).Build(_corpus.Manifest, _corpus["fast"]);
        using FeatureStore other = FeatureStore.Open(_corpus["fast"]);

        AssertRefused(
            $"{_corpus["f"]}: was prepared with face.decoding at its default; expected \"fast\", "
            + "as recipe 'fast' has it: prepare the features for this recipe.",
            () => store.RequireRecipe(fast));
        AssertRefused(
            $"{_corpus["fast"]}: was prepared with face.decoding \"fast\"; expected at its default, as recipe 'pooled' "
            + "has it: prepare the features for this recipe.",
            () => other.RequireRecipe(GridCopy.Pooled));
    }

    [Fact]
    public void Read_OtherSplitsNamesAndPartsOfTheCorpus_AreWelcome()
    {
        using FeatureStore store = Prepare(GridCopy.Pooled);
        var part = new Manifest(
            _corpus.Manifest.FilePath,
            [
                .. _corpus.Manifest.Clips.Skip(10)
                    .Reverse()
                    .Select(clip => clip with { Split = CorpusSplit.Validation, Gender = "f", Age = 30 }),
            ]);

        FeatureTable table = store.Read(part);

        FeatureTable computed = new FeatureExtractor(GridCopy.Pooled).Extract(part);
        Assert.Equal(part.Clips, table.Clips);
        Assert.Equal(computed.Voice, table.Voice);
        Assert.Equal(computed.Face, table.Face);
    }

    [Fact]
    public void Read_ClipThatWasNotPrepared_IsRefused()
    {
        using FeatureStore store = Prepare(GridCopy.Pooled);
        Clip first = _corpus.Manifest.Clips[0];

        AssertRefused(
            $"{_corpus["f"]}: has no clip '{first.Identity}/new'; expected every clip of the manifest: prepare the features anew.",
            () => store.Read(With(first with { Name = "new" })));
        foreach (Clip changed in new[]
        {
            first with { DurationSeconds = 2 },
            first with { StartSeconds = 0.25 },
            first with { Faces = [first.Faces[1]] },
            first with { Voice = null },
        })
        {
            AssertRefused(
                $"{_corpus["f"]}: clip '{first.Key}' was prepared from other files or times than {_corpus.Manifest.FilePath} has; "
                + "expected the same: prepare the features anew.",
                () => store.Read(With(changed)));
        }
    }

    [Fact]
    public void Read_FileChangedSince_IsRefusedAndAFileThatIsGoneIsNot()
    {
        using FeatureStore store = Prepare(GridCopy.Pooled);
        FeatureTable before = store.Read(_corpus.Manifest);
        Clip clip = _corpus.Manifest.Clips[4];
        string face = _corpus.Manifest.FacePaths(clip)[1];
        File.SetLastWriteTimeUtc(face, File.GetLastWriteTimeUtc(face).AddSeconds(1));

        AssertRefused(
            $"{_corpus["f"]}: a file of clip '{clip.Key}' has changed since its features were prepared ({clip.Voice}, "
            + $"{string.Join(", ", clip.Faces)}); expected its size and time of change to be as they were: prepare the features anew.",
            () => store.Read(_corpus.Manifest));
        File.Delete(face);
        Assert.Equal(before.Voice, store.Read(_corpus.Manifest).Voice);
    }

    [Fact]
    public void Read_LinkedFiles_AreFollowed()
    {
        string voice = _corpus.Manifest.VoicePath(_corpus.Manifest.Clips[0])!;
        string target = _corpus["target.wav"];
        File.Move(voice, target);
        File.CreateSymbolicLink(voice, target);
        using FeatureStore store = Prepare(GridCopy.Pooled);
        store.Read(_corpus.Manifest);

        File.SetLastWriteTimeUtc(target, File.GetLastWriteTimeUtc(target).AddSeconds(1));

        Assert.Throws<InvalidDataException>(() => store.Read(_corpus.Manifest));
    }

    [Fact]
    public void Open_NotTheFileItShouldBe_SaysWhatItIs()
    {
        Prepare(GridCopy.Pooled).Dispose();
        byte[] whole = File.ReadAllBytes(_corpus["f"]);
        FeatureStoreLayout layout = Layout(whole);

        AssertOpen([], "is empty; expected a feature store, as 'cmvae prepare' writes it.");
        AssertOpen(
            Encoding.UTF8.GetBytes("{\"schema\":1}"),
            "is no feature store: it begins with \"{\\\"schema\"; expected \"cmvaefst\", as 'cmvae prepare' writes it.");
        AssertOpen(whole[..12], "the header is cut short or damaged: its checksum is not that of its text; prepare the features anew.");
        AssertOpen(whole[..700], "the header is cut short or damaged: its checksum is not that of its text; prepare the features anew.");
        AssertOpen(
            With(whole, 100, 1), "the header is cut short or damaged: its checksum is not that of its text; prepare the features anew.");
        AssertOpen(
            whole[..^1],
            $"has {whole.Length - 1} bytes; expected {whole.Length}, as its header has it: "
            + "the file is cut short; prepare the features anew.");
        AssertOpen(
            [.. whole, 0],
            $"has {whole.Length + 1} bytes; expected {whole.Length}, as its header has it: the file is longer "
            + "than it was written; prepare the features anew.");
        AssertOpen(
            With(whole, layout.RecordAt(3) + 40, 1),
            "record 3 is damaged: its checksum is not that of its content; prepare the features anew.");
        AssertOpen(
            WithHeader(whole, "feature-store/1", "feature-store/2"),
            "line 2: 'schema' is \"crossmodalvae/feature-store/2\"; expected \"crossmodalvae/feature-store/1\".");
        AssertOpen(
            WithHeader(whole, "\"face_offset\": 2048", "\"face_offset\": 1024"),
            "line 11: 'face_offset' is 1024; expected 2048, as shape and precision have it.");
        AssertOpen(
            WithHeader(whole, "[512]", "[268435456, 268435456]"),
            "line 9: 'voice_shape' is an array of 2 items; expected at most 268435455 features a clip.");
    }

    [Fact]
    public void Open_StoreStillBeingPrepared_IsNeverTakenForAWholeOne()
    {
        string partial = FeatureStoreBuilder.PartialPath(_corpus["f"]);
        var snapshots = new List<byte[]>();
        new FeatureStoreBuilder(GridCopy.Pooled, new FeatureStoreOptions { Jobs = 3 })
            .Build(_corpus.Manifest, _corpus["f"], new Snapshots(partial, snapshots));
        byte[] whole = File.ReadAllBytes(_corpus["f"]);
        FeatureStoreLayout layout = Layout(whole);

        Assert.Equal(27, snapshots.Count);
        for (int s = 0; s < snapshots.Count; s++)
        {
            int done = 0;
            for (int i = 0; i < layout.RowCount; i++)
            {
                Assert.True(FeatureStoreRecord.TryRead(
                    snapshots[s].AsSpan((int)layout.RecordAt(i), FeatureStoreRecord.Bytes), out FeatureStoreRecord record));
                if (record.IsDone)
                {
                    done++;
                    Assert.True(RowOf(snapshots[s], i).SequenceEqual(RowOf(whole, i)));
                }
            }

            Assert.InRange(done, s + 1, Math.Min(27, s + 3)); // what has been reported, and what the other two cores have just finished
            if (done < 27)
            {
                AssertOpen(
                    snapshots[s],
                    $"has the features of {done} of its 27 rows; expected all: 'cmvae prepare' goes on where it was stopped.");
            }
        }

        ReadOnlySpan<byte> RowOf(byte[] file, int index) => file.AsSpan((int)layout.RowAt(index), (int)layout.RowBytes);
    }

    [Fact]
    public void Open_NoFile_SaysWhetherItIsBeingPrepared()
    {
        string partial = FeatureStoreBuilder.PartialPath(_corpus["f"]);

        Assert.Equal(
            $"{_corpus["f"]}: there is no such file; expected a feature store.",
            Assert.Throws<FileNotFoundException>(() => FeatureStore.Open(_corpus["f"])).Message);
        File.WriteAllBytes(partial, []);
        Assert.Equal(
            $"{_corpus["f"]}: is still being prepared, in {partial}; 'cmvae prepare' goes on with it where it was stopped.",
            Assert.Throws<FileNotFoundException>(() => FeatureStore.Open(_corpus["f"])).Message);
    }

    [Fact]
    public void Read_DamagedRow_NamesTheClip()
    {
        Prepare(GridCopy.Pooled).Dispose();
        byte[] whole = File.ReadAllBytes(_corpus["f"]);
        FeatureStoreLayout layout = Layout(whole);
        File.WriteAllBytes(_corpus["f"], With(whole, layout.RowAt(6) + layout.FaceOffset + 20, 4));
        using FeatureStore store = FeatureStore.Open(_corpus["f"]);
        string expected = $"{_corpus["f"]}: the face features of clip '{_corpus.Manifest.Clips[6].Key}' are damaged: their checksum is not "
            + "the one that was written; prepare the features anew.";

        Assert.True(store.ReadVoice(_corpus.Manifest.Clips[6], new float[store.VoiceLength]));
        AssertRefused(expected, () => store.ReadFace(_corpus.Manifest.Clips[6], new float[store.FaceLength]));
        AssertRefused(expected, () => store.Read(_corpus.Manifest));
    }

    [Fact]
    public void Read_Disposed_Throws()
    {
        FeatureStore store = Prepare(GridCopy.Pooled);
        store.Dispose();
        store.Dispose();

        Assert.Throws<ObjectDisposedException>(() => store.Read(_corpus.Manifest));
    }

    [SkippableFact]
    public void File_FromItsDescriptionAlone_IsReadByNumpy()
    {
        Tool.Require(Python.Has("numpy"), "Python with numpy");
        using FeatureStore store = Prepare(GridCopy.Unpooled, FeaturePrecision.Float16);
        Clip clip = _corpus.Manifest.Clips[9];
        var voice = new float[store.VoiceLength];
        var face = new float[store.FaceLength];
        store.ReadVoice(clip, voice);
        store.ReadFace(clip, face);

        // The program of data-schemas/feature-store.md.
        string output = Python.Run(
            """
            import sys, json, struct, hashlib, numpy as np
            path, identity, clip = sys.argv[1:]
            with open(path, "rb") as f:
                magic, length, crc = struct.unpack("<8sII", f.read(16))
                header = json.loads(f.read(length))
            page = lambda n: -(-n // 4096) * 4096
            n, kind = header["row_count"], np.dtype("<f4" if header["precision"] == "float32" else "<f2")
            records_at = page(16 + length)
            rows_at = page(records_at + 64 * n)
            record = np.dtype([
                ("key", "V16"), ("entry", "V16"), ("sources", "V16"), ("voice_crc", "<u4"),
                ("face_crc", "<u4"), ("state", "<u4"), ("crc", "<u4")])
            records = np.memmap(path, record, "r", records_at, (n,))
            def rows(offset, shape):
                step = header["row_bytes"]
                flat = np.memmap(path, np.uint8, "r", rows_at, (n, step))[:, offset:offset + int(np.prod(shape)) * kind.itemsize]
                return lambda i: flat[i].view(kind).reshape(shape)
            voice, face = rows(0, header["voice_shape"]), rows(header["face_offset"], header["face_shape"])
            key = hashlib.sha256(f"{identity}\0{clip}\0".encode()).digest()[:16]
            row = [bytes(k) for k in records["key"]].index(key)
            assert magic == b"cmvaefst" and records["state"][row] == 7
            total = lambda values: repr(float(values.astype(np.float64).sum()))
            print(row, voice(row).shape, face(row).shape, total(voice(row)), total(face(row)))
            """,
            _corpus["f"],
            clip.Identity,
            clip.Name);

        string[] words = output.Split(' ');
        Assert.StartsWith("9 (297, 257) (3, 5, 7) ", output, StringComparison.Ordinal);
        Assert.Equal(voice.Sum(v => (double)v), double.Parse(words[^2], CultureInfo.InvariantCulture), 6); // numpy sums in another order
        Assert.Equal(face.Sum(v => (double)v), double.Parse(words[^1], CultureInfo.InvariantCulture), 6);
    }

    private static void AssertRefused(string expected, Action action) =>
        Assert.Equal(expected, Assert.Throws<InvalidDataException>(action).Message);

    private static byte[] With(byte[] bytes, long position, byte flipped)
    {
        byte[] changed = [.. bytes];
        changed[position] ^= flipped;
        return changed;
    }

    private static byte[] WithHeader(byte[] whole, string old, string replacement)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(whole.AsSpan(8));
        string text = Encoding.UTF8.GetString(whole, FeatureStoreHeader.PrefixBytes, length);
        Assert.Contains(old, text, StringComparison.Ordinal);
        byte[] changed = Encoding.UTF8.GetBytes(text.Replace(old, replacement, StringComparison.Ordinal));
        byte[] file = [.. whole];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), changed.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(12), Crc32C.Compute(changed));
        changed.CopyTo(file, FeatureStoreHeader.PrefixBytes);
        return file;
    }

    private static FeatureStoreLayout Layout(byte[] whole) => FeatureStoreHeader.Read(new MemoryStream(whole), "whole").Layout;

    private Manifest With(Clip first) => new(_corpus.Manifest.FilePath, [first, .. _corpus.Manifest.Clips.Skip(1)]);

    private FeatureStore Prepare(Recipe recipe, FeaturePrecision precision = FeaturePrecision.Float32)
    {
        new FeatureStoreBuilder(recipe, new FeatureStoreOptions { Precision = precision }).Build(_corpus.Manifest, _corpus["f"]);
        return FeatureStore.Open(_corpus["f"]);
    }

    private void AssertOpen(byte[] content, string expected)
    {
        File.WriteAllBytes(_corpus["g"], content);

        AssertRefused($"{_corpus["g"]}: {expected}", () => FeatureStore.Open(_corpus["g"]).Dispose());
    }

    /// <summary>Copies the file that is worked on whenever a clip is done, past the lock that keeps other .NET processes away.</summary>
    private sealed class Snapshots(string path, List<byte[]> taken) : IProgress<int>
    {
        public void Report(int value)
        {
            int file = Open(path, 0);
            Assert.True(file >= 0);
            using var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(file, ownsHandle: true);
            var content = new byte[RandomAccess.GetLength(handle)];
            RandomAccess.Read(handle, content, 0);
            taken.Add(content);
        }

        [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi)]
        private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
    }
}
