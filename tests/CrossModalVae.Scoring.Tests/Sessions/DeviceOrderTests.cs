using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Scoring.Tests.Sessions;

public class DeviceOrderTests
{
    private const string Expected =
        "must be one or more of cpu, cuda, cuda:N, tensorrt and tensorrt:N with N from 0, parted by commas.";

    [Theory]
    [InlineData("cpu", "cpu")]
    [InlineData("cuda", "cuda:0")]
    [InlineData("cuda:3", "cuda:3")]
    [InlineData("tensorrt:1", "tensorrt:1")]
    [InlineData("tensorrt, cuda, cpu", "tensorrt:0, cuda:0, cpu")]
    [InlineData("cuda:1,cpu", "cuda:1, cpu")]
    public void Parse_KnownDevices_RoundTrips(string text, string canonical)
    {
        DeviceOrder order = DeviceOrder.Parse(text);

        Assert.Equal(canonical, order.ToString());
        Assert.Equal(order, DeviceOrder.Parse(canonical));
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("CPU")]
    [InlineData("auto")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda: 1")]
    [InlineData("cuda:2147483647")]
    [InlineData("tensorrtcpu")]
    [InlineData("tensorrtcuda")]
    public void Parse_NoDevice_Throws(string text)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => DeviceOrder.Parse(text));

        Assert.Equal($"'device' is '{text}'; {Expected}", error.Message);
    }

    [Theory]
    [InlineData("cuda, gpu, cpu", "is 'cuda, gpu, cpu', and 'gpu' is no device; " + Expected)]
    [InlineData("cuda,", "is 'cuda,', and '' is no device; " + Expected)]
    [InlineData("cuda, cpu, cuda:0", "is 'cuda, cpu, cuda:0', which has cuda:0 twice; must have each device once.")]
    public void Fault_ListWithAFault_NamesIt(string text, string fault) => Assert.Equal(fault, DeviceOrder.Fault(text));

    [Fact]
    public void Devices_AreReadable()
    {
        IReadOnlyList<ExecutionDevice> devices = DeviceOrder.Parse("tensorrt:2, cuda, cpu").Devices;

        Assert.Equal([ExecutionDevice.TensorRt(2), ExecutionDevice.Cuda(0), ExecutionDevice.Cpu], devices);
        Assert.Equal([2, 0, null], devices.Select(device => device.CudaIndex));
        Assert.Equal([true, false, false], devices.Select(device => device.UsesTensorRt));
        Assert.Equal(ExecutionDevice.Cpu, default);
    }

    [SkippableFact]
    public void Start_CudaOrCpuWithoutCuda_TakesTheCpuAndKeepsTheReason()
    {
        string has = RequireCpuOnly();

        StartedDevice started = DeviceOrder.Parse("cuda, cpu").Start();

        Assert.Equal(ExecutionDevice.Cpu, started.Device);
        RefusedDevice refused = Assert.Single(started.Refused);
        Assert.Equal(ExecutionDevice.Cuda(0), refused.Device);
        Assert.Equal(Without("CUDAExecutionProvider", has), refused.Reason);
        Assert.Equal($"cpu (cuda:0: {refused.Reason})", started.ToString());
    }

    [SkippableFact]
    public void Start_NothingStarts_GivesEveryReason()
    {
        string has = RequireCpuOnly();

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => DeviceOrder.Parse("tensorrt, cuda").Start());

        Assert.Equal(
            "Device 'tensorrt:0, cuda:0' was asked for, and none of them starts: "
            + $"tensorrt:0: {Without("TensorrtExecutionProvider", has)}; cuda:0: {Without("CUDAExecutionProvider", has)}. "
            + "Nothing else is tried.",
            error.Message);
    }

    [SkippableFact]
    public void Load_CudaOrCpuWithoutCuda_ModelSaysWhatWasTaken()
    {
        RequireCpuOnly();

        using ScoringModel model = ScoringModel.Load(Repository.File("onnx", "demo"), device: DeviceOrder.Parse("cuda, cpu"));

        Assert.Equal(ExecutionDevice.Cpu, model.Device);
        Assert.Equal(ExecutionDevice.Cuda(0), Assert.Single(model.RefusedDevices).Device);
        Assert.Equal(ExecutionDevice.Cpu, model.VoiceEncoder.Device);
    }

    private static string RequireCpuOnly()
    {
        string[] providers = OrtEnv.Instance().GetAvailableProviders();
        Skip.If(providers.Any(name => name.StartsWith("CUDA", StringComparison.Ordinal)), "This ONNX Runtime has CUDA.");
        return string.Join(", ", providers);
    }

    private static string Without(string provider, string has) =>
        $"this ONNX Runtime has no {provider}, only {has}: build with -p:Accelerator=cuda (package Microsoft.ML.OnnxRuntime.Gpu)";
}
