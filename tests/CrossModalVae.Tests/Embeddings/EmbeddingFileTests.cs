using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;

namespace CrossModalVae.Tests.Embeddings;

public sealed class EmbeddingFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

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
            + "r = [json.loads(l) for l in open(sys.argv[1] + '/rows.jsonl', encoding='utf-8')]; print(m.shape, m.dtype, m[1, 2], len(r), r[0]['identity'])",
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

        Assert.Equal($"{rows}: line 2: 'modality' is \"jiont\"; expected one of \"voice\", \"face\", \"joint\"; did you mean \"joint\"?", e.Message);
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

        Assert.Equal($"{_folder["embeddings.npy"]}: value 1 of row 1 (joint of b/x/2) is NaN; expected a finite number.", read.Message);
        Assert.Equal("Value 1 of row 1 (joint of b/x/2) is NaN; must be finite. (Parameter 'set')", write.Message);
    }

    [Fact]
    public void Write_RowThatBreaksTheSchema_LeavesNoMatrix()
    {
        EmbeddingFile.Write(_folder.Root, Sample());
        var broken = new EmbeddingSet([1f], 1, [new EmbeddingRow { Identity = "a", Clip = "1", Modality = Modality.Face, Split = CorpusSplit.Test, Gender = "x" }]);

        Assert.Throws<ArgumentException>(() => EmbeddingFile.Write(_folder.Root, broken));

        Assert.Throws<FileNotFoundException>(() => EmbeddingFile.Read(_folder.Root));
    }

    private static EmbeddingSet Sample() => new(
        [1f, 2f, 0.1f, 4f, 5f, 6.5f],
        3,
        [
            new EmbeddingRow { Identity = "a", Clip = "1", Modality = Modality.Voice, Split = CorpusSplit.Train, Gender = "f", Nationality = "Côte d'Ivoire", Age = 30.5 },
            new EmbeddingRow { Identity = "b", Clip = "x/2", Modality = Modality.Joint, Split = CorpusSplit.Test },
        ]);
}
