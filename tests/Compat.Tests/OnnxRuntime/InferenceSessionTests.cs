using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Compat.Tests.OnnxRuntime;

public class InferenceSessionTests
{
    private static string Graph(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", "Onnx", name + ".onnx");

    private static readonly float[] Features = [1, 0, 0, 0, 1, 2];

    private static readonly float[] Scores = [1.5f, -0.25f, 6.5f, -0.25f];

    [Fact]
    public void Run_OrtValues_ScoresABatch()
    {
        using var session = new InferenceSession(Graph("affine"));
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(Features, [2, 3]);

        using var outputs = session.Run(options, ["features"], [input], ["scores"]);

        Assert.Equal(Scores, outputs[0].GetTensorDataAsSpan<float>().ToArray());
        Assert.Equal([2, 2], outputs[0].GetTensorTypeAndShape().Shape);
    }

    [Fact]
    public void Run_GivenOutput_IsFilledInPlace()
    {
        using var session = new InferenceSession(Graph("affine"));
        using var options = new RunOptions();
        var scores = new float[4];
        using var input = OrtValue.CreateTensorValueFromMemory(Features, [2, 3]);
        using var output = OrtValue.CreateTensorValueFromMemory(scores, [2, 2]);

        session.Run(options, ["features"], [input], ["scores"], [output]);

        Assert.Equal(Scores, scores);
    }

    [Fact]
    public void Run_NamedValues_ScoresABatch()
    {
        using var session = new InferenceSession(File.ReadAllBytes(Graph("affine")));

        using var outputs = session.Run([NamedOnnxValue.CreateFromTensor("features", new DenseTensor<float>(Features, [2, 3]))]);

        Assert.Equal(["scores", "twice"], outputs.Select(output => output.Name));
        Assert.Equal(Scores, outputs[0].AsTensor<float>());
    }

    [Fact]
    public void Metadata_Graph_IsDescribed()
    {
        using var session = new InferenceSession(Graph("affine"));

        var input = session.InputMetadata["features"];

        Assert.Equal(["features"], session.InputNames);
        Assert.Equal(["scores", "twice"], session.OutputNames);
        Assert.Equal([-1, 3], input.Dimensions);
        Assert.Equal(["batch", ""], input.SymbolicDimensions);
        Assert.Equal(typeof(float), input.ElementType);
        Assert.True(input.IsTensor);
        Assert.Equal("test", session.ModelMetadata.CustomMetadataMap["purpose"]);
        Assert.Equal("make-graphs.py", session.ModelMetadata.ProducerName);
    }

    [Fact]
    public void Run_WrongShape_ThrowsOnnxRuntimeException()
    {
        using var session = new InferenceSession(Graph("affine"));
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(Features, [1, 6]);

        Assert.Throws<OnnxRuntimeException>(() => session.Run(options, ["features"], [input], ["scores"]));
    }

    [Fact]
    public void Constructor_BytesThatAreNoGraph_ThrowsOnnxRuntimeException()
        => Assert.Throws<OnnxRuntimeException>(() => new InferenceSession([1, 2, 3]));

    [Fact]
    public void Options_Threads_DoNotChangeTheResult()
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };
        using var session = new InferenceSession(Graph("affine"), options);
        using var run = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(Features, [2, 3]);

        using var outputs = session.Run(run, session.InputNames, [input], session.OutputNames);

        Assert.Equal(Scores.Select(score => 2 * score), outputs[1].GetTensorDataAsSpan<float>().ToArray());
    }

    [Fact]
    public void GetAvailableProviders_Always_IncludesTheCpu()
        => Assert.Contains("CPUExecutionProvider", OrtEnv.Instance().GetAvailableProviders());

    [SkippableFact]
    public void MakeSessionOptionWithCudaProvider_CpuLibrary_Throws()
    {
        Skip.If(OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"), "This ONNX Runtime has CUDA.");

        Assert.Throws<EntryPointNotFoundException>(() => SessionOptions.MakeSessionOptionWithCudaProvider(0));
    }
}
