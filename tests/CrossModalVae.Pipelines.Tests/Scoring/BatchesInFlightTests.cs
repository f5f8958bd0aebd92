using CrossModalVae.Scoring;
using CrossModalVae.Scoring.Tests.Sessions;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Scoring;

/// <summary>What a reader must not notice of several batches being scored at once.</summary>
public class BatchesInFlightTests
{
    private const int RowCount = 1000;
    private const int BatchSize = 3; // 334 batches, the last of one row
    private static readonly GoldenEncoder Golden = GoldenEncoder.Voice;
    private readonly MLContext _ml = new(1);

    [Fact]
    public void MoveNext_ManyBatches_KeepsRowsAndScoresTogetherAndInOrder()
    {
        using var encoder = new OnnxEncoder(TestFiles.Golden("mlp-voice.onnx"));
        IDataView output = Scored(encoder, Rows(RowCount));
        using DataViewRowCursor cursor = output.GetRowCursor(output.Schema);
        ValueGetter<int> id = cursor.GetGetter<int>(output.Schema["Id"]);
        ValueGetter<VBuffer<float>> mean = cursor.GetGetter<VBuffer<float>>(output.Schema["Mean"]);
        float[][] alone = [.. Golden.Features.Select(row => encoder.Score(row, 1)[0])];

        int expected = 0;
        VBuffer<float> values = default;
        for (; cursor.MoveNext(); expected++)
        {
            int found = -1;
            id(ref found);
            mean(ref values);
            Assert.Equal(expected, found);
            Assert.Equal(expected, cursor.Position);
            AssertClose(alone[expected % alone.Length], [.. values.DenseValues()]);
        }

        Assert.Equal(RowCount, expected);
    }

    [Fact]
    public void MoveNext_FirstRow_ReadsOneBatchOnly()
    {
        int read = 0;
        using var encoder = new OnnxEncoder(TestFiles.Golden("mlp-voice.onnx"));
        IDataView output = Scored(encoder, Rows(RowCount).Select(row => Counted(row, ref read)));
        using DataViewRowCursor cursor = output.GetRowCursor(output.Schema);

        Assert.True(cursor.MoveNext());

        Assert.Equal(BatchSize, read);
    }

    [Fact]
    public void Dispose_MidIteration_EndsTheWorkAndReadsNoFurther()
    {
        int read = 0;
        using var encoder = new OnnxEncoder(TestFiles.Golden("mlp-voice.onnx"));
        IDataView output = Scored(encoder, Rows(RowCount).Select(row => Counted(row, ref read)));
        DataViewRowCursor cursor = output.GetRowCursor(output.Schema);
        ValueGetter<VBuffer<float>> mean = cursor.GetGetter<VBuffer<float>>(output.Schema["Mean"]);
        for (int r = 0; r < 2 * BatchSize; r++)
        {
            Assert.True(cursor.MoveNext());
        }

        cursor.Dispose();

        // The second batch was handed out; in flight besides it at most two a processor.
        Assert.InRange(read, 2 * BatchSize, (2 + (2 * Environment.ProcessorCount)) * BatchSize);
        VBuffer<float> values = default;
        Assert.Equal(
            "The cursor is not at a row; call MoveNext first and stop where it is false.",
            Assert.Throws<InvalidOperationException>(() => mean(ref values)).Message);
        Assert.Throws<ObjectDisposedException>(() => cursor.MoveNext());
        cursor.Dispose();
    }

    [Fact]
    public void MoveNext_InputFailsAhead_HandsOutTheBatchesBeforeItAndThenThrowsItsError()
    {
        const int Bad = 4 * BatchSize;
        using var encoder = new OnnxEncoder(TestFiles.Golden("mlp-voice.onnx"));
        IDataView output = Scored(
            encoder, Rows(RowCount).Select(row => row.Id == Bad ? throw new InvalidDataException("Row 12 is torn.") : row));
        using DataViewRowCursor cursor = output.GetRowCursor(output.Schema);

        for (int r = 0; r < Bad; r++)
        {
            Assert.True(cursor.MoveNext());
            Assert.Equal(r, cursor.Position);
        }

        Assert.Equal("Row 12 is torn.", Assert.Throws<InvalidDataException>(() => cursor.MoveNext()).Message);
        Assert.Equal(
            "The cursor ended with an error; open another one.", Assert.Throws<InvalidOperationException>(() => cursor.MoveNext()).Message);
    }

    [Fact]
    public void Dispose_EncoderWhileACursorRuns_EndsTheCursorWithAnError()
    {
        var encoder = new OnnxEncoder(TestFiles.Golden("mlp-voice.onnx"));
        IDataView output = Scored(encoder, Rows(RowCount));
        using DataViewRowCursor cursor = output.GetRowCursor(output.Schema);
        for (int r = 0; r < 2 * BatchSize; r++)
        {
            Assert.True(cursor.MoveNext());
        }

        encoder.Dispose();

        Assert.Throws<ObjectDisposedException>(() =>
        {
            while (cursor.MoveNext())
            {
            }
        });
    }

    [Fact]
    public void GetRowCursor_TwoAtOnce_DoNotDisturbOneAnother()
    {
        using var encoder = new OnnxEncoder(TestFiles.Golden("mlp-voice.onnx"));
        IDataView output = Scored(encoder, Rows(RowCount));
        using DataViewRowCursor ahead = output.GetRowCursor(output.Schema);
        using DataViewRowCursor behind = output.GetRowCursor(output.Schema);
        for (int r = 0; r < 10 * BatchSize; r++)
        {
            Assert.True(ahead.MoveNext());
        }

        Assert.True(behind.MoveNext());
        VBuffer<float> values = default;
        behind.GetGetter<VBuffer<float>>(output.Schema["Mean"])(ref values);
        AssertClose(Golden.Mean[0], [.. values.DenseValues()]);
        ahead.GetGetter<VBuffer<float>>(output.Schema["Mean"])(ref values);
        AssertClose(Golden.Mean[((10 * BatchSize) - 1) % 7], [.. values.DenseValues()]);
    }

    [Fact]
    public void Score_ManyBatches_GivesTheRowsInOrder()
    {
        using var encoder = new OnnxEncoder(TestFiles.Golden("mlp-voice.onnx"));
        float[] rows = [.. Enumerable.Range(0, RowCount).SelectMany(r => Golden.Features[r % Golden.Features.Length])]; // [1000, 6]

        float[] mean = encoder.Score(rows, RowCount, new OnnxBatchOptions { BatchSize = BatchSize })[0]; // [1000, D]

        int length = Golden.Mean[0].Length;
        Assert.Equal(RowCount * length, mean.Length);
        for (int r = 0; r < RowCount; r++)
        {
            AssertClose(Golden.Mean[r % Golden.Mean.Length], mean[(r * length)..((r + 1) * length)]);
        }
    }

    // float32 against float32 of another order of additions: six inputs, two layers.
    private static void AssertClose(float[] expected, float[] actual)
    {
        const float Tolerance = 1e-5f;
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], Tolerance);
        }
    }

    private static Row Counted(Row row, ref int read)
    {
        read++;
        return row;
    }

    private static IEnumerable<Row> Rows(int count) => Enumerable.Range(0, count)
        .Select(id => new Row { Id = id, Features = Golden.Features[id % Golden.Features.Length] });

    private IDataView Scored(OnnxEncoder encoder, IEnumerable<Row> rows)
    {
        IDataView input = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.ApplyOnnxModelBatched(["Mean"], ["Features"], encoder, new OnnxBatchOptions { BatchSize = BatchSize })
            .Fit(input)
            .Transform(input);
    }

    private sealed class Row
    {
        public int Id { get; set; }

        [VectorType(6)]
        public float[] Features { get; set; } = [];
    }
}
