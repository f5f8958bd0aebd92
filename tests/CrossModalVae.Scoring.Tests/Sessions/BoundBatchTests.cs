using CrossModalVae.Scoring.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Scoring.Tests.Sessions;

/// <summary>What a CUDA device's batches pass through, here with the CPU's memory in place of page-locked memory.</summary>
public sealed class BoundBatchTests : IDisposable
{
    private const int BatchSize = 4;
    private static readonly GoldenEncoder Golden = GoldenEncoder.Voice;
    private readonly OnnxEncoder _encoder = new(TestFiles.Golden("mlp-voice.onnx"));

    public void Dispose() => _encoder.Dispose();

    [Fact]
    public void Run_FullAndShorterBatches_GivesWhatScoreGives()
    {
        OnnxTensor input = _encoder.Inputs[0];
        using var batch = new BoundBatch(_encoder.Session, input, _encoder.Outputs, BatchSize, OrtAllocator.DefaultInstance);
        int first = 0;
        foreach (int count in (int[])[BatchSize, 1, 3, BatchSize, 2])
        {
            float[] rows = [.. Enumerable.Range(first, count).SelectMany(i => Golden.Features[i % Golden.Features.Length])];
            float[][] results = [.. _encoder.Outputs.Select(output => new float[(1 + count) * output.Length])];

            batch.Run(rows, count, results, first: 1); // behind a row that is not its own

            IReadOnlyList<float[]> expected = _encoder.Score(rows, count);
            for (int o = 0; o < results.Length; o++)
            {
                int length = _encoder.Outputs[o].Length;
                Assert.All(results[o][..length], value => Assert.Equal(0f, value));
                Assert.All(expected[o].Zip(results[o][length..]), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
            }

            first += count;
        }
    }

    [Fact]
    public void Run_OutputsInAnotherOrder_FillsTheirArrays()
    {
        OnnxTensor[] outputs = [.. _encoder.Outputs.Reverse()];
        using var batch = new BoundBatch(_encoder.Session, _encoder.Inputs[0], outputs, BatchSize, OrtAllocator.DefaultInstance);
        float[] row = Golden.Features[0];
        float[][] results = [.. outputs.Select(output => new float[output.Length])];

        batch.Run(row, 1, results, first: 0);

        Assert.Equal(_encoder.Score(row, 1).Reverse().SelectMany(values => values), results.SelectMany(values => values));
    }

    [Fact]
    public void Run_EncoderDisposed_SaysSo()
    {
        using var batch = new BoundBatch(_encoder.Session, _encoder.Inputs[0], _encoder.Outputs, BatchSize, OrtAllocator.DefaultInstance);
        _encoder.Dispose();

        Assert.Throws<ObjectDisposedException>(() => batch.Run(Golden.Features[0], 1, [new float[64], new float[64]], 0));
    }

    [Fact]
    public void CreatePinnedAllocator_OnTheCpu_IsNone() => Assert.Null(_encoder.Session.CreatePinnedAllocator());
}
