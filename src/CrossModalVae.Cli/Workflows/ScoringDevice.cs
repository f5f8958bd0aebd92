using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Cli.Workflows;

/// <summary>What <c>--device auto</c> means for scoring: the first CUDA device where a driver is loaded and this ONNX Runtime has the provider, else the CPU.</summary>
internal static class ScoringDevice
{
    private const string DriverFile = "/proc/driver/nvidia/version";

    internal static string Auto() =>
        File.Exists(DriverFile) && OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider") ? "cuda:0" : "cpu";
}
