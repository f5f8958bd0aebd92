using System.Globalization;
using System.Text;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Numerics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Tests.Retrieval;

public sealed class GalleryTests : IDisposable
{
    private const int Dimension = 9, Features = 23;

    private readonly TemporaryFolder _folder = new();

    private static string[] Contents { get; } =
        ["embeddings.npy", "standard_deviations.npy", "reconstructions.npy", "rows.jsonl", "gallery.json"];

    private string Folder => _folder["gallery"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FeaturePrecision.Float32)]
    [InlineData(FeaturePrecision.Float16)]
    public void Search_OfAGallery_IsTheSearchOfItsRowsInMemory(FeaturePrecision precision)
    {
        EmbeddingSet all = Random(0, 1300), queries = Random(9000, 5);
        Make(precision, Random(0, 700), Random(700, 600));
        using var gallery = Gallery.Open(Folder);
        EmbeddingSet kept = gallery.Read([.. Enumerable.Range(0, 1300)]);

        Assert.Equal(all.Rows, gallery.Rows);
        if (precision == FeaturePrecision.Float32)
        {
            Assert.Equal(all.Values, kept.Values);
            Assert.Equal(all.StandardDeviations, kept.StandardDeviations);
            Assert.Equal(all.Reconstructions, kept.Reconstructions);
        }

        foreach (RankingMetric metric in Enum.GetValues<RankingMetric>())
        {
            var mapped = new Ranker(gallery, metric);
            var inMemory = new Ranker(kept, metric);
            RankedRow[][] found = mapped.Search(queries, 6);
            Assert.Equal(inMemory.Search(queries, 6), found);
            for (int again = 0; again < 12; again++)
            {
                Assert.Equal(found[0], mapped.Search(One(queries), 6)[0]);
            }
        }
    }

    [Fact]
    public void Read_Float16_IsRoundedToTheNearest()
    {
        EmbeddingSet set = Random(0, 400);
        Make(FeaturePrecision.Float16, set);
        using var gallery = Gallery.Open(Folder);

        EmbeddingSet kept = gallery.Read([.. Enumerable.Range(0, 400)]);

        Assert.Equal(set.Values.Select(value => (float)(Half)value), kept.Values);
        Assert.All(set.Values.Zip(kept.Values), pair =>
            Assert.True(Math.Abs(pair.First - pair.Second) <= Math.Max(Math.Abs(pair.First) * Math.Pow(2, -11), Math.Pow(2, -25))));
    }

    /// <summary>Each matrix is longer than the mebibyte that is converted and written at once.</summary>
    [Theory]
    [InlineData(FeaturePrecision.Float32)]
    [InlineData(FeaturePrecision.Float16)]
    public void Append_ManyRows_AreKeptAsTheyAre(FeaturePrecision precision)
    {
        const int Count = 60_000;
        EmbeddingSet set = Random(0, Count);
        Make(precision, set);
        using var gallery = Gallery.Open(Folder);

        EmbeddingSet kept = gallery.Read([.. Enumerable.Range(0, Count)]);

        Assert.Equal(Rounded(set.Values), kept.Values);
        Assert.Equal(Rounded(set.StandardDeviations!), kept.StandardDeviations);
        Assert.Equal(Rounded(set.Reconstructions!), kept.Reconstructions);

        float[] Rounded(float[] values) =>
            precision == FeaturePrecision.Float32 ? values : [.. values.Select(value => (float)(Half)value)];
    }

    [Fact]
    public void Read_RowThatIsNotThere_IsRefused()
    {
        Make(FeaturePrecision.Float32, Random(0, 5));
        using var gallery = Gallery.Open(Folder);

        Assert.Throws<ArgumentOutOfRangeException>(() => gallery.Read([5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => gallery.Read([-1]));
        Assert.Throws<ArgumentNullException>(() => gallery.Read(null!));
    }

    [Fact]
    public void Folder_OfFloat32_IsAnEmbeddingFolderToo()
    {
        EmbeddingSet set = Random(0, 20);
        Make(FeaturePrecision.Float32, Random(0, 8), Random(8, 12));

        EmbeddingSet read = EmbeddingFile.Read(Folder);

        Assert.Equal(set.Values, read.Values);
        Assert.Equal(set.Rows, read.Rows);
    }

    [SkippableFact]
    public void Folder_OfFloat16_OpensInNumpy()
    {
        Tool.Require(Python.Has("numpy"), "Python with numpy");
        Make(FeaturePrecision.Float16, Random(0, 8), Random(8, 12));

        string seen = Python.Run(
            "import sys, numpy as np; print(*[(m.shape, m.dtype.name) for m in (np.load(sys.argv[1] + '/' + n + '.npy', mmap_mode='r') "
            + "for n in ('embeddings', 'standard_deviations', 'reconstructions'))])",
            Folder);

        Assert.Equal("((20, 9), 'float16') ((20, 9), 'float16') ((20, 23), 'float16')", seen);
    }

    [Fact]
    public void Append_WhileAReaderIsOpen_DoesNotChangeWhatItSees()
    {
        Make(FeaturePrecision.Float32, Random(0, 100));
        using var before = Gallery.Open(Folder);
        var ranker = new Ranker(before, RankingMetric.Euclidean);
        EmbeddingSet later = Random(100, 50);
        RankedRow[] first = ranker.Search(later[7], 3);

        using (var writer = GalleryWriter.Open(Folder))
        {
            writer.Append(later);
            Assert.Equal(150, writer.Count);
        }

        Assert.Equal(first, ranker.Search(later[7], 3));
        Assert.Equal(100, before.Rows.Count);
        using var after = Gallery.Open(Folder);
        Assert.Equal(new RankedRow(107, 0), new Ranker(after, RankingMetric.Euclidean).Search(later[7], 3)[0]);
    }

    [Theory]
    [InlineData("embeddings.npy", 100)]
    [InlineData("standard_deviations.npy", 100)]
    [InlineData("reconstructions.npy", 100)]
    [InlineData("rows.jsonl", 100)]
    [InlineData("gallery.json", 140)]
    public void Append_StoppedAnywhere_LeavesTheOldOrTheNewAndTheNextMendsIt(string stopAfter, int count)
    {
        Make(FeaturePrecision.Float16, Random(0, 100));
        using (var writer = GalleryWriter.Open(Folder, reached => { if (reached == stopAfter) throw new OperationCanceledException(); }))
        {
            Assert.Throws<OperationCanceledException>(() => writer.Append(Random(100, 40)));
        }

        using (var stopped = Gallery.Open(Folder))
        {
            Assert.Equal(Random(0, count).Rows, stopped.Rows);
            Assert.Equal(count, stopped.Read([.. Enumerable.Range(0, count)]).Count);
        }

        using (var writer = GalleryWriter.Open(Folder))
        {
            writer.Append(Random(count, 30));
        }

        // Nothing of the stopped append is left: the same bytes as if it had never been.
        string stoppedFolder = Folder;
        Make(FeaturePrecision.Float16, _folder["straight"], Random(0, count), Random(count, 30));
        foreach (string file in Contents)
        {
            Assert.Equal(File.ReadAllBytes(_folder["straight", file]), File.ReadAllBytes(Path.Combine(stoppedFolder, file)));
        }
    }

    [Theory]
    [InlineData(FeaturePrecision.Float32)]
    [InlineData(FeaturePrecision.Float16)]
    public void Forget_APerson_LeavesTheOthersAndNoByteOfTheRows(FeaturePrecision precision)
    {
        Make(precision, Random(0, 100));
        byte[][] traces = Traces(precision, Random(30, 3)); // p10
        Assert.All(traces, trace => Assert.Contains(Files(), file => File.ReadAllBytes(file).AsSpan().IndexOf(trace) >= 0));
        using var before = Gallery.Open(Folder);
        using (var writer = GalleryWriter.Open(Folder))
        {
            Assert.Equal(3, writer.Forget(row => row.Identity == "p10"));
            Assert.Equal(97, writer.Count);
            Assert.Equal(0, writer.Forget(row => row.Identity == "p10"));
            writer.Append(Random(100, 7));
            Assert.Throws<ArgumentException>(() => writer.Append(Random(29, 1)));
        }

        Assert.All(traces, trace => Assert.DoesNotContain(Files(), file => File.ReadAllBytes(file).AsSpan().IndexOf(trace) >= 0));
        Assert.Equal(Random(0, 100).Rows, before.Rows); // first asked for now: an open gallery does not change

        // The same bytes as if the person had never been.
        Make(precision, _folder["straight"], Random(0, 30), Random(33, 67), Random(100, 7));
        Assert.All(Contents, file =>
            Assert.Equal(File.ReadAllBytes(_folder["straight", file]), File.ReadAllBytes(Path.Combine(Folder, file))));
    }

    /// <summary>Before the commit, and after it and after each of the five files that move.</summary>
    [Fact]
    public void Forget_StoppedAnywhere_LeavesAllOrTheOthersAndTheNextWriterEndsIt()
    {
        byte[][] traces = Traces(FeaturePrecision.Float32, Random(30, 3));
        for (int stopAt = 1; stopAt <= 6; stopAt++)
        {
            Make(FeaturePrecision.Float32, _folder[$"{stopAt}"], Random(0, 100));
            int reached = 0;
            using (var writer = GalleryWriter.Open(
                _folder[$"{stopAt}"], _ => { if (++reached == stopAt) throw new OperationCanceledException(); }))
            {
                Assert.Throws<OperationCanceledException>(() => writer.Forget(row => row.Identity == "p10"));
                Assert.Equal(97, writer.Count);
            }

            using (var stopped = Gallery.Open(_folder[$"{stopAt}"]))
            {
                EmbeddingSet all = Random(0, 100);
                EmbeddingSet expected = all.Where(row => row.Identity != "p10");
                Assert.Equal(expected.Rows, stopped.Rows);
                Assert.Equal(expected.Values, stopped.Read([.. Enumerable.Range(0, 97)]).Values);
                Assert.Equal(expected.Values, EmbeddingFile.Read(_folder[$"{stopAt}"]).Values);
            }

            GalleryWriter.Open(_folder[$"{stopAt}"]).Dispose();
            Assert.All(traces, trace => Assert.DoesNotContain(
                Directory.GetFiles(_folder[$"{stopAt}"], "*", SearchOption.AllDirectories),
                file => File.ReadAllBytes(file).AsSpan().IndexOf(trace) >= 0));
            Assert.False(Directory.Exists(_folder[$"{stopAt}", "embeddings.next"]));
        }
    }

    [Fact]
    public void Forget_StoppedBeforeItsCommit_ChangesNothing()
    {
        Make(FeaturePrecision.Float32, Random(0, 100));
        using var writer = GalleryWriter.Open(Folder);

        Assert.Throws<OperationCanceledException>(() => writer.Forget(_ => throw new OperationCanceledException()));

        Directory.CreateDirectory(_folder["gallery", "embeddings.0123456789abcdef.partial"]); // of a process that was killed
        using var reader = Gallery.Open(Folder);
        Assert.Equal(Random(0, 100).Values, reader.Read([.. Enumerable.Range(0, 100)]).Values);
        writer.Append(Random(100, 5));
        Assert.False(Directory.Exists(_folder["gallery", "embeddings.0123456789abcdef.partial"]));
    }

    /// <summary>A stopped append has left bytes after the committed ones; they are the person's too.</summary>
    [Fact]
    public void Forget_AfterAStoppedAppendOfThePerson_LeavesNoByteEither()
    {
        Make(FeaturePrecision.Float32, Random(0, 31));
        using (var writer = GalleryWriter.Open(Folder, reached => { if (reached == "rows.jsonl") throw new OperationCanceledException(); }))
        {
            Assert.Throws<OperationCanceledException>(() => writer.Append(Random(31, 2)));
            Assert.Equal(1, writer.Forget(row => row.Identity == "p10"));
        }

        byte[][] traces = Traces(FeaturePrecision.Float32, Random(30, 3));
        Assert.All(traces, trace => Assert.DoesNotContain(Files(), file => File.ReadAllBytes(file).AsSpan().IndexOf(trace) >= 0));
    }

    [Fact]
    public async Task Open_WhileRowsAreForgottenAndAppended_SeesOneStateOrTheOther()
    {
        Make(FeaturePrecision.Float32, Random(0, 100));
        using var stop = new CancellationTokenSource();
        Task writing = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var writer = GalleryWriter.Open(Folder);
                writer.Forget(row => row.Identity == "p32"); // the last of 96, 97, 98
                writer.Append(Random(96, 3));
            }
        });
        EmbeddingSet all = Random(0, 100);
        for (int i = 0; i < 300; i++)
        {
            using var gallery = Gallery.Open(Folder);
            Assert.All(gallery.Rows.Zip(Chunks(gallery)), row =>
                Assert.Equal(all[int.Parse(row.First.Clip[1..], CultureInfo.InvariantCulture)].ToArray(), row.Second));
            Assert.Contains(gallery.Count, new[] { 97, 100 });
        }

        await stop.CancelAsync();
        await writing;

        static IEnumerable<float[]> Chunks(Gallery gallery) =>
            gallery.Read([.. Enumerable.Range(0, gallery.Count)]).Values.Chunk(Dimension);
    }

    [Fact]
    public void Append_HeadersCannotBeWrittenAfterTheCommit_IsDone()
    {
        Make(FeaturePrecision.Float32, Random(0, 10));
        string matrix = Path.Combine(Folder, "embeddings.npy"), away = matrix + ".away";

        using (var writer = GalleryWriter.Open(Folder, file =>
        {
            if (file == "gallery.json")
            {
                File.Move(matrix, away); // the commit is made, and the disk fails
            }
        }))
        {
            writer.Append(Random(10, 5));
            Assert.Equal(15, writer.Count);
            File.Move(away, matrix);
            Assert.Throws<ArgumentException>(() => writer.Append(Random(10, 5))); // they are there
        }

        using (var reader = Gallery.Open(Folder))
        {
            Assert.Equal(Random(0, 15).Values, reader.Read([.. Enumerable.Range(0, 15)]).Values);
        }

        GalleryWriter.Open(Folder).Dispose(); // mends the header that numpy reads
        Assert.Equal(15, EmbeddingFile.Read(Folder).Count);
    }

    [Fact]
    public void Open_TwoWriters_OneIsRefused()
    {
        Make(FeaturePrecision.Float32, Random(0, 10));
        using var one = GalleryWriter.Open(Folder);

        var e = Assert.Throws<IOException>(() => GalleryWriter.Open(Folder));

        Assert.StartsWith($"{Path.Combine(Folder, "gallery.lock")}: cannot be taken: ", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("; one writer at a time changes a gallery.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Append_WhatDoesNotFit_IsRefusedAndNothingChanges()
    {
        Make(FeaturePrecision.Float16, Random(0, 10));
        byte[] before = File.ReadAllBytes(_folder["gallery", "gallery.json"]);
        using var writer = GalleryWriter.Open(Folder);
        EmbeddingSet next = Random(10, 3);
        string Refused(EmbeddingSet set) =>
            Assert.Throws<ArgumentException>(() => writer.Append(set)).Message.Replace(" (Parameter 'set')", "", StringComparison.Ordinal);

        Assert.Equal("'set' has 3 values a row; the gallery's rows have 9.", Refused(new EmbeddingSet(new float[9], 3, next.Rows)));
        Assert.Equal("'set' has no standard deviations; the gallery keeps them.", Refused(new EmbeddingSet(next.Values, 9, next.Rows)));
        Assert.Equal(
            "'set' has 0 reconstructed features a row; the gallery's rows have 23.",
            Refused(new EmbeddingSet(next.Values, 9, next.Rows, next.StandardDeviations)));
        Assert.Equal("The face of 'p3/c9' is in the gallery already; expected once.", Refused(Random(9, 3)));
        Assert.Equal(
            "The face of 'p4/c12' is in the set twice; expected once.",
            Refused(new EmbeddingSet(
                next.Values, 9, [next.Rows[0], next.Rows[2], next.Rows[2]], next.StandardDeviations, next.Reconstructions)));
        next.Values[9 + 4] = float.NaN;
        Assert.Equal("Value 4 of the face of 'p3/c11' for embeddings.npy is NaN, which is not finite.", Refused(next));
        next.Values[9 + 4] = 1e5f;
        Assert.Equal(
            "Value 4 of the face of 'p3/c11' for embeddings.npy is 100000, which float16 cannot hold (at most 65504 in size).",
            Refused(next));
        Assert.Equal(before, File.ReadAllBytes(_folder["gallery", "gallery.json"]));
        next.Values[9 + 4] = 0;
        writer.Append(next);
        Assert.Equal(13, writer.Count);
    }

    [Fact]
    public void Open_NoGallery_SaysWhatIsExpected()
    {
        string file = _folder["gallery", "gallery.json"];
        string message = $"{file}: there is no such file; expected a gallery folder, as 'cmvae gallery create' makes it.";

        Assert.Equal(message, Assert.Throws<FileNotFoundException>(() => Gallery.Open(Folder)).Message);
        Assert.Equal(message, Assert.Throws<FileNotFoundException>(() => GalleryWriter.Open(Folder)).Message);
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public void Create_WhereThereIsOne_IsRefused()
    {
        Make(FeaturePrecision.Float32, Random(0, 10));

        var e = Assert.Throws<InvalidDataException>(() => GalleryWriter.Create(Folder, new GalleryOptions { Dimension = 3 }));

        Assert.Equal($"{Folder}: holds 'gallery.json' already; expected a folder without embeddings, to make a gallery in.", e.Message);
    }

    [Fact]
    public void Options_OutOfRange_NamesAllFaults()
    {
        var options = new GalleryOptions { Dimension = 0, ReconstructionLength = -1, Precision = (FeaturePrecision)5 };

        Assert.Equal(
            "'Dimension' is 0; must be 1 to 268435456. 'ReconstructionLength' is -1; must be 0 to 268435456. "
            + "'Precision' is 5; must be one of Float32, Float16.",
            Assert.Throws<ArgumentException>(() => GalleryWriter.Create(Folder, options)).Message);
    }

    [Fact]
    public void Open_DamagedFiles_SaysWhichAndWhat()
    {
        Make(FeaturePrecision.Float32, Random(0, 10));
        string matrix = _folder["gallery", "embeddings.npy"], rows = _folder["gallery", "rows.jsonl"],
            commit = _folder["gallery", "gallery.json"];
        byte[] matrixBytes = File.ReadAllBytes(matrix), rowsBytes = File.ReadAllBytes(rows), commitBytes = File.ReadAllBytes(commit);

        File.WriteAllBytes(matrix, matrixBytes[..^1]);
        Assert.Equal($"{matrix}: has 487 bytes; expected at least 488, 10 x 9 float32 and the header: the file is cut short.", Refused());

        File.WriteAllBytes(matrix, matrixBytes[..100]);
        Assert.Equal($"{matrix}: ends within its header; expected a whole .npy file.", Refused());

        NpyFile.Write(matrix, new float[11 * 9], 11, 9);
        Assert.Equal(
            $"{matrix}: is a matrix of 11 x 9 with a header of 128 bytes; expected at most 10 x 9 and 128, "
            + "as gallery.json beside it has: the files are not of one gallery.",
            Refused());

        NpyFile.Write(matrix, new float[10 * 8], 10, 8);
        Assert.Equal(
            $"{matrix}: is a matrix of 10 x 8 with a header of 128 bytes; expected at most 10 x 9 and 128, "
            + "as gallery.json beside it has: the files are not of one gallery.",
            Refused());

        File.WriteAllBytes(matrix, matrixBytes);
        File.WriteAllBytes(rows, rowsBytes[..^1]);
        Assert.Equal(
            $"{rows}: has {rowsBytes.Length - 1} bytes; expected at least {rowsBytes.Length}, "
            + "as gallery.json beside it has: the file is cut short.",
            Refused());

        File.WriteAllBytes(rows, rowsBytes);
        File.WriteAllText(commit, Encoding.UTF8.GetString(commitBytes).Replace("float32", "float16", StringComparison.Ordinal));
        Assert.Equal($"{matrix}: 'descr' is '<f4'; expected '<f2', little-endian float16.", Refused());

        File.WriteAllText(
            commit, Encoding.UTF8.GetString(commitBytes).Replace("\"row_count\": 10", "\"row_count\": -1", StringComparison.Ordinal));
        Assert.Equal($"{commit}: line 7: 'row_count' is -1; expected a whole number from 0 to 2147483647.", Refused());

        File.WriteAllText(
            commit,
            Encoding.UTF8.GetString(commitBytes)
                .Replace($"\"rows_bytes\": {rowsBytes.Length}", "\"rows_bytes\": 12", StringComparison.Ordinal));
        Assert.Throws<InvalidDataException>(() => GalleryWriter.Open(Folder));
        using (var gallery = Gallery.Open(Folder))
        {
            Assert.Throws<InvalidDataException>(() => gallery.Rows);
        }

        File.WriteAllBytes(commit, commitBytes);
        File.Delete(matrix);
        Assert.Equal(
            $"{matrix}: there is no such file; expected a gallery's matrix.",
            Assert.Throws<FileNotFoundException>(() => Gallery.Open(Folder)).Message);

        string Refused() => Assert.Throws<InvalidDataException>(() => Gallery.Open(Folder)).Message;
    }

    [Fact]
    public void Ranker_NumberThatIsNotFinite_IsRefused()
    {
        Make(FeaturePrecision.Float32, Random(0, 10));
        byte[] bytes = File.ReadAllBytes(_folder["gallery", "embeddings.npy"]);
        BitConverter.GetBytes(float.NaN).CopyTo(bytes, 128 + (4 * ((9 * 3) + 2)));
        File.WriteAllBytes(_folder["gallery", "embeddings.npy"], bytes);
        using var gallery = Gallery.Open(Folder);

        var e = Assert.Throws<InvalidDataException>(() => new Ranker(gallery));

        Assert.Equal($"{Folder}: has NaN in row 3 as value 2; expected a finite number.", e.Message);
    }

    [Fact]
    public void Ranker_MetricThatNeedsWhatIsNotKept_IsRefused()
    {
        using (GalleryWriter.Create(Folder, new GalleryOptions { Dimension = 3 }))
        {
        }

        using var gallery = Gallery.Open(Folder);

        Assert.Equal(
            "The metric ms-vae needs reconstructions; the gallery keeps none. (Parameter 'gallery')",
            Assert.Throws<ArgumentException>(() => new Ranker(gallery, RankingMetric.MsVae)).Message);
        Assert.Empty(new Ranker(gallery).Search([1, 2, 3], 4));
    }

    [Fact]
    public void Search_AfterDispose_IsRefused()
    {
        Make(FeaturePrecision.Float32, Random(0, 10));
        var gallery = Gallery.Open(Folder);
        var ranker = new Ranker(gallery);
        gallery.Dispose();

        Assert.Throws<ObjectDisposedException>(() => ranker.Search(new float[9], 1));
        Assert.Throws<ObjectDisposedException>(() => gallery.Read([1]));
    }

    private void Make(FeaturePrecision precision, params EmbeddingSet[] sets) => Make(precision, Folder, sets);

    private static void Make(FeaturePrecision precision, string folder, params EmbeddingSet[] sets)
    {
        using var writer = GalleryWriter.Create(folder, GalleryOptions.For(sets[0], precision));
        foreach (EmbeddingSet set in sets)
        {
            writer.Append(set);
        }
    }

    private string[] Files() => Directory.GetFiles(Folder, "*", SearchOption.AllDirectories);

    // What only these rows have: two numbers of each matrix, and the clip's name.
    private static byte[][] Traces(FeaturePrecision precision, EmbeddingSet set) =>
    [
        .. set.Rows.Select(row => Encoding.UTF8.GetBytes($"\"{row.Clip}\"")),
        .. Enumerable.Range(0, set.Count).SelectMany(i => new[]
        {
            Bytes(precision, set[i][3..7].ToArray()),
            Bytes(precision, set.StandardDeviations![((i * Dimension) + 1)..((i * Dimension) + 5)]),
            Bytes(precision, set.Reconstructions![((i * Features) + 8)..((i * Features) + 12)]),
        }),
    ];

    private static byte[] Bytes(FeaturePrecision precision, float[] values) =>
    [
        .. values.SelectMany(value => precision == FeaturePrecision.Float32
            ? BitConverter.GetBytes(value)
            : BitConverter.GetBytes((Half)value)),
    ];

    private static EmbeddingSet One(EmbeddingSet set) => new(
        set[0].ToArray(), Dimension, [set.Rows[0]], set.StandardDeviations![..Dimension], set.Reconstructions![..Features]);

    // Row i of every set is the same clip with the same numbers.
    private static EmbeddingSet Random(int first, int count)
    {
        float[] Values(string what, int length) =>
            [.. Enumerable.Range(first, count).SelectMany(i => Numbers(SeededRandom.For(i, what), length))];
        return new EmbeddingSet(
            Values("means", Dimension),
            Dimension,
            [
                .. Enumerable.Range(first, count).Select(i => new EmbeddingRow
                {
                    Identity = $"p{i / 3}",
                    Clip = $"c{i}",
                    Modality = Modality.Face,
                    Split = CorpusSplit.Test,
                    Gender = "f",
                }),
            ],
            [.. Values("deviations", Dimension).Select(MathF.Abs)],
            Values("features", Features));
    }

    private static float[] Numbers(SeededRandom random, int length) =>
        [.. Enumerable.Range(0, length).Select(_ => (float)random.NextGaussian())];
}
