using System.Diagnostics;
using CrossModalVae.Scoring.Tests.Sessions;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Flows;

/// <summary>
/// A million rows pass through a pipeline in the memory of its first 50,000. By itself, since what other tests hold counts too.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[Collection(Name)]
public class MillionRowsTests
{
    private const string Name = "A million rows";
    private const int RowCount = 1_000_000;
    private const int WarmUp = 50_000;
    private const long MostGrowthBytes = 48L << 20; // of the process, the runtime's own fluctuation included; the outputs take 24 MB

    private readonly MLContext _ml = new(1);

    [Fact]
    [Trait("Category", "Slow")]
    public void Transform_AMillionRows_MemoryStaysFlat()
    {
        float[][] features = GoldenEncoder.Voice.Features;
        IDataView input = _ml.Data.LoadFromEnumerable(Rows());
        using OnnxBatchScoringTransformer scorer = _ml.Transforms
            .ApplyOnnxModelBatched(["Mean", "LogVariance"], ["Features"], TestFiles.Golden("mlp-voice.onnx")).Fit(input);
        IDataView output = _ml.Transforms.JointEmbedding(
                "Joint", columns: new JointEmbeddingColumns { VoiceMean = "Mean", FaceMean = "LogVariance" })
            .Fit(scorer.Transform(input)).Transform(scorer.Transform(input));
        using DataViewRowCursor cursor = output.GetRowCursor([output.Schema["Joint"]]);
        ValueGetter<VBuffer<float>> joint = cursor.GetGetter<VBuffer<float>>(output.Schema["Joint"]);
        VBuffer<float> value = default;

        int count = 0;
        long managed = 0, process = 0;
        for (; cursor.MoveNext(); count++)
        {
            joint(ref value);
            if (count == WarmUp)
            {
                (managed, process) = Memory();
            }
        }

        (long managedAtEnd, long processAtEnd) = Memory();
        Assert.Equal(RowCount, count);
        Assert.InRange(managedAtEnd - managed, -MostGrowthBytes, 1 << 20);
        Assert.InRange(processAtEnd - process, -10 * MostGrowthBytes, MostGrowthBytes);

        IEnumerable<Row> Rows()
        {
            var row = new Row();
            for (int i = 0; i < RowCount; i++)
            {
                row.Features = features[i % features.Length];
                yield return row;
            }
        }
    }

    private static (long Managed, long Process) Memory()
    {
        long managed = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        return (managed, process.WorkingSet64);
    }

    private sealed class Row
    {
        [VectorType(6)]
        public float[] Features { get; set; } = [];
    }
}
