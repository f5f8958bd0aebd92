using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Scoring.Tests.Sessions;

public class OnnxEncoderTests
{
    // float32 against numpy's float32: eight inputs, two layers; the order of additions differs.
    private const float GoldenTolerance = 1e-5f;

    [Fact]
    public void Constructor_GoodGraph_TellsItsTensors()
    {
        using var encoder = new OnnxEncoder(TestFiles.Golden("mlp-voice.onnx"));

        Assert.Equal([new OnnxTensor("voice_features", 6)], encoder.Inputs);
        Assert.Equal([new OnnxTensor("voice_mean", 4), new OnnxTensor("voice_log_variance", 4)], encoder.Outputs);
        Assert.Empty(encoder.Metadata);
        Assert.Equal(ExecutionDevice.Cpu, encoder.Device);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void Score_AnyBatchSize_GivesNumpysResults(int batchSize)
    {
        GoldenEncoder golden = GoldenEncoder.Face;
        using var encoder = new OnnxEncoder(TestFiles.Golden("mlp-face.onnx"));

        IReadOnlyList<float[]> outputs = encoder.Score(
            golden.Features.SelectMany(row => row).ToArray(), golden.Features.Length, new OnnxBatchOptions { BatchSize = batchSize });

        AssertClose([.. golden.Mean.SelectMany(row => row)], outputs[0]);
        AssertClose([.. golden.LogVariance.SelectMany(row => row)], outputs[1]);
    }

    [Fact]
    public void Score_WrongSize_Throws()
    {
        using var encoder = new OnnxEncoder(TestFiles.Golden("mlp-voice.onnx"));

        ArgumentException error = Assert.Throws<ArgumentException>(() => encoder.Score(new float[11], 2));

        Assert.Equal("'rows' has 11 numbers; must have 2 rows x 6. (Parameter 'rows')", error.Message);
    }

    [Fact]
    public void Score_Cancelled_Throws()
    {
        using var encoder = new OnnxEncoder(TestFiles.Golden("mlp-voice.onnx"));

        Assert.Throws<OperationCanceledException>(
            () => encoder.Score(new float[12], 2, cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Constructor_MissingFile_NamesIt()
    {
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => new OnnxEncoder("nowhere.onnx"));

        Assert.Equal("nowhere.onnx: the ONNX model does not exist.", error.Message);
    }

    [Fact]
    public void Constructor_NoGraph_NamesTheFile()
    {
        using var folder = new TemporaryFolder();
        string file = folder["text.onnx"];
        File.WriteAllText(file, "this is no graph");

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => new OnnxEncoder(file));

        Assert.StartsWith($"{file}: not a model that ONNX Runtime can load: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_FixedBatch_SaysWhatItMustBe()
    {
        string file = TestFiles.Golden("mlp-fixed-batch.onnx");

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => new OnnxEncoder(file));

        Assert.Equal($"{file}: input 'voice_features' is Float [1, 6]; must be Float [-1, length] with a free first axis.", error.Message);
    }

    [SkippableFact]
    public void Constructor_CudaThatIsNotThere_SaysWhatIsMissing()
    {
        string[] providers = OrtEnv.Instance().GetAvailableProviders();
        Skip.If(providers.Contains("CUDAExecutionProvider"), "This ONNX Runtime has CUDA.");

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => new OnnxEncoder(TestFiles.Golden("mlp-voice.onnx"), ExecutionDevice.Cuda(0)));

        Assert.Equal(
            "Device 'cuda:0' was asked for, and it does not start: cuda:0: this ONNX Runtime has no CUDAExecutionProvider, only "
            + $"{string.Join(", ", providers)}: build with -p:Accelerator=cuda (package Microsoft.ML.OnnxRuntime.Gpu). "
            + "Nothing else is tried.",
            error.Message);
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], GoldenTolerance);
        }
    }
}
