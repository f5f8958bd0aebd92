using CrossModalVae.Models;
using CrossModalVae.Pipelines;
using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Cli.Workflows;

/// <summary>
/// What <c>--device</c> means for scoring. Auto is the first CUDA device where a driver is loaded and this ONNX Runtime has the provider,
/// else the CPU.
/// </summary>
internal static class ScoringDevice
{
    internal static ExecutionDevice Resolve(string name) =>
        ComputeDevice.TryParse(name, out ComputeDevice device) && device.IsAuto ? Auto() : ExecutionDevice.Parse(name);

    private static ExecutionDevice Auto() =>
        ComputeDevice.HasDriver && OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider")
            ? ExecutionDevice.Cuda(0)
            : ExecutionDevice.Cpu;
}
