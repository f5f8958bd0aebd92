using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Cli.Workflows;

/// <summary>What <c>--device auto</c> means for scoring: the first CUDA device where this ONNX Runtime has the provider, else the CPU.</summary>
internal static class ScoringDevice
{
    internal static string Auto() => OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider") ? "cuda:0" : "cpu";
}
