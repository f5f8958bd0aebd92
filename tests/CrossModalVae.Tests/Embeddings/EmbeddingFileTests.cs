using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Numerics;

namespace CrossModalVae.Tests.Embeddings;

public sealed class EmbeddingFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_WhatWriteWrote_IsTheSameSet()
    {
        EmbeddingSet set = Sample();

        EmbeddingFile.Write(_folder.Root, set);
        EmbeddingSet back = EmbeddingFile.Read(_folder.Root);

        Assert.Equal(set.Values, back.Values);
        Assert.Equal(set.Dimension, back.Dimension);
        Assert.Equal(set.Rows, back.Rows);
        Assert.Equal(
            ["embeddings.npy", "rows.jsonl"], Directory.GetFiles(_folder.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Write_Twice_GivesTheSameBytes()
    {
        EmbeddingFile.Write(_folder["a"], Sample());
        EmbeddingFile.Write(_folder["b"], Sample());

        Assert.Equal(File.ReadAllBytes(_folder["a", "embeddings.npy"]), File.ReadAllBytes(_folder["b", "embeddings.npy"]));
        Assert.Equal(
            """
            {"identity":"a","clip":"1","modality":"voice","split":"train","gender":"f","nationality":"Côte d'Ivoire","age":30.5}
            {"identity":"b","clip":"x/2","modality":"joint","split":"test","gender":null,"nationality":null,"age":null}

            """,
            File.ReadAllText(_folder["b", "rows.jsonl"]));
    }

    [Fact]
    public void Read_PartsThatWriteWrote_AreTheSameAndGoWhereASetHasNone()
    {
        EmbeddingSet set = Sample();
        EmbeddingFile.Write(_folder.Root, new EmbeddingSet(set.Values, set.Dimension, set.Rows, [1, 2, 3, 4, 5, 6], [7, 8, 9, 10]));

        EmbeddingSet back = EmbeddingFile.Read(_folder.Root);
        EmbeddingFile.Write(_folder.Root, set);
        EmbeddingSet without = EmbeddingFile.Read(_folder.Root);

        Assert.Equal([1, 2, 3, 4, 5, 6], back.StandardDeviations!);
        Assert.Equal([7, 8, 9, 10], back.Reconstructions!);
        Assert.Equal(2, back.ReconstructionLength);
        Assert.Null(without.StandardDeviations);
        Assert.Null(without.Reconstructions);
    }

    [Fact]
    public void Write_RowThatIsRefused_LeavesTheOldFolder()
    {
        EmbeddingSet old = Sample();
        EmbeddingFile.Write(_folder.Root, new EmbeddingSet(old.Values, old.Dimension, old.Rows, [1, 2, 3, 4, 5, 6], [7, 8, 9, 10]));
        string[] files = Directory.GetFiles(_folder.Root);

        Assert.Throws<ArgumentException>(() => EmbeddingFile.Write(
            _folder.Root, new EmbeddingSet([1, 2, 3], 3, [old.Rows[0] with { Identity = "" }])));

        EmbeddingSet back = EmbeddingFile.Read(_folder.Root);
        Assert.Equal(old.Values, back.Values);
        Assert.Equal(old.Rows, back.Rows);
        Assert.Equal([1, 2, 3, 4, 5, 6], back.StandardDeviations!);
        Assert.Equal([7, 8, 9, 10], back.Reconstructions!);
        Assert.Equal(files, Directory.GetFileSystemEntries(_folder.Root));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Write_KilledAnywhere_LeavesTheOldOrTheNewAndTheNextMendsIt(bool partsFirst)
    {
        EmbeddingSet plain = Sample();
        var withParts = new EmbeddingSet([7, 8, 9], 3, [plain.Rows[1]], [1, 2, 3], [4, 5]);
        (EmbeddingSet old, EmbeddingSet next) = partsFirst ? (withParts, plain) : (plain, withParts);
        EmbeddingFile.Write(_folder["e"], old);
        EmbeddingFile.Write(_folder["straight"], next);
        var snapshots = new List<string>(); // what a process killed there leaves

        EmbeddingFile.Write(_folder["e"], next, [], () => snapshots.Add(Copy(_folder["e"], _folder[$"killed{snapshots.Count}"])));

        Assert.True(snapshots.Count >= 4);
        foreach (string killed in snapshots)
        {
            AssertSame(next, EmbeddingFile.Read(killed)); // the first change is the commit
            EmbeddingFile.Write(killed, old);
            AssertSame(old, EmbeddingFile.Read(killed));
            EmbeddingFile.Write(killed, next);
            AssertSameFiles(_folder["straight"], killed);
        }

        // Killed before the commit: the old ones, and what was begun goes away with the next.
        EmbeddingFile.Write(_folder["e"], old);
        Copy(_folder["straight"], _folder["e", "embeddings.0123456789abcdef.partial"]);
        AssertSame(old, EmbeddingFile.Read(_folder["e"]));
        EmbeddingFile.Write(_folder["e"], next);
        AssertSameFiles(_folder["straight"], _folder["e"]);
    }

    [Fact]
    public void Write_FolderWithOtherFiles_LeavesThem()
    {
        string notes = _folder.Write("notes.txt", "mine");

        EmbeddingFile.Write(_folder.Root, Sample());
        EmbeddingFile.Write(_folder.Root, Sample());

        Assert.Equal("mine", File.ReadAllText(notes));
        Assert.Equal(3, Directory.GetFileSystemEntries(_folder.Root).Length);
    }

    [Fact]
    public void Read_PartOfAnotherSize_NamesIt()
    {
        EmbeddingFile.Write(_folder.Root, Sample());
        string deviations = _folder["standard_deviations.npy"];
        NpyFile.Write(deviations, new float[4], 2, 2);

        var e = Assert.Throws<InvalidDataException>(() => EmbeddingFile.Read(_folder.Root));

        Assert.Equal($"{deviations}: holds 2 x 2 numbers; expected 2 x 3, as embeddings.npy beside it has.", e.Message);
    }

    [SkippableFact]
    public void Write_Folder_OpensInNumpy()
    {
        Tool.Require(Python.Has("numpy"), "Python with numpy");
        EmbeddingFile.Write(_folder.Root, Sample());

        string seen = Python.Run(
            "import sys, json, numpy as np; m = np.load(sys.argv[1] + '/embeddings.npy'); "
            + "r = [json.loads(l) for l in open(sys.argv[1] + '/rows.jsonl', encoding='utf-8')]; "
            + "print(m.shape, m.dtype, m[1, 2], len(r), r[0]['identity'])",
            _folder.Root);

        Assert.Equal("(2, 3) float32 6.5 2 a", seen);
    }

    [Fact]
    public void Read_OtherNumberOfRows_NamesBothFiles()
    {
        EmbeddingFile.Write(_folder.Root, Sample());
        string rows = _folder["rows.jsonl"];
        File.WriteAllText(rows, File.ReadAllLines(rows)[0] + "\n");

        var e = Assert.Throws<InvalidDataException>(() => EmbeddingFile.Read(_folder.Root));

        Assert.Equal($"{rows}: has 1 rows; expected 2, as {_folder["embeddings.npy"]} has: the two files are not of one run.", e.Message);
    }

    [Fact]
    public void Read_WrongField_NamesTheLine()
    {
        EmbeddingFile.Write(_folder.Root, Sample());
        string rows = _folder["rows.jsonl"];
        File.WriteAllText(rows, File.ReadAllText(rows).Replace("\"joint\"", "\"jiont\"", StringComparison.Ordinal));

        var e = Assert.Throws<InvalidDataException>(() => EmbeddingFile.Read(_folder.Root));

        Assert.Equal(
            $"{rows}: line 2: 'modality' is \"jiont\"; expected one of \"voice\", \"face\", \"joint\"; did you mean \"joint\"?", e.Message);
    }

    [Fact]
    public void ReadAndWrite_NotFinite_NameRowAndValue()
    {
        EmbeddingSet sample = Sample();
        float[] values = [.. sample.Values];
        values[4] = float.NaN;
        EmbeddingFile.Write(_folder.Root, sample);
        NpyFile.Write(_folder["embeddings.npy"], values, 2, 3);

        var read = Assert.Throws<InvalidDataException>(() => EmbeddingFile.Read(_folder.Root));
        var write = Assert.Throws<ArgumentException>(() => EmbeddingFile.Write(_folder.Root, new EmbeddingSet(values, 3, sample.Rows)));

        Assert.Equal(
            $"{_folder["embeddings.npy"]}: has NaN as value 1 of row 1 (joint of 'b/x/2'); expected a finite number.", read.Message);
        Assert.Equal("'set' has NaN as value 1 of row 1 (joint of 'b/x/2'); must be finite. (Parameter 'set')", write.Message);
    }

    private static string Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return to;
    }

    private static void AssertSame(EmbeddingSet expected, EmbeddingSet found)
    {
        Assert.Equal(expected.Values, found.Values);
        Assert.Equal(expected.Rows, found.Rows);
        Assert.Equal(expected.StandardDeviations, found.StandardDeviations);
        Assert.Equal(expected.Reconstructions, found.Reconstructions);
    }

    private static void AssertSameFiles(string expected, string found)
    {
        Assert.Equal(
            Directory.GetFileSystemEntries(expected).Select(Path.GetFileName).Order(StringComparer.Ordinal),
            Directory.GetFileSystemEntries(found).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(expected), file => Assert.Equal(
            File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(found, Path.GetFileName(file)))));
    }

    private static EmbeddingSet Sample() => new(
        [1f, 2f, 0.1f, 4f, 5f, 6.5f],
        3,
        [
            new EmbeddingRow
            {
                Identity = "a",
                Clip = "1",
                Modality = Modality.Voice,
                Split = CorpusSplit.Train,
                Gender = "f",
                Nationality = "Côte d'Ivoire",
                Age = 30.5,
            },
            new EmbeddingRow { Identity = "b", Clip = "x/2", Modality = Modality.Joint, Split = CorpusSplit.Test },
        ]);
}
