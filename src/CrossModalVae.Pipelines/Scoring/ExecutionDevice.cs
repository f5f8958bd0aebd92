using System.Globalization;
using CrossModalVae.Numerics;

namespace CrossModalVae.Pipelines;

/// <summary>Where ONNX Runtime computes: the CPU, or one CUDA device. There is no fallback from one to the other.</summary>
public readonly record struct ExecutionDevice
{
    private readonly int _cudaOrdinal;

    private ExecutionDevice(int cudaOrdinal) => _cudaOrdinal = cudaOrdinal;

    /// <summary>The CPU; the default.</summary>
    public static ExecutionDevice Cpu => default;

    /// <summary>The CUDA device's zero-based index, or null for the CPU.</summary>
    public int? CudaIndex => _cudaOrdinal == 0 ? null : _cudaOrdinal - 1;

    /// <summary>A CUDA device.</summary>
    /// <param name="index">Zero-based.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public static ExecutionDevice Cuda(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new ExecutionDevice(index + 1);
    }

    /// <summary>Reads "cpu", "cuda" (the first) or "cuda:N".</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">The text is something else.</exception>
    public static ExecutionDevice Parse(string text)
    {
        const string Prefix = "cuda:";
        return text switch
        {
            "cpu" => Cpu,
            "cuda" => Cuda(0),
            not null when text.StartsWith(Prefix, StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                && index < int.MaxValue => Cuda(index),
            _ => throw UserError.Mark(new ArgumentException($"'device' is '{text}'; must be cpu, cuda or cuda:N with N from 0.")),
        };
    }

    /// <summary>"cpu" or "cuda:N".</summary>
    public override string ToString() => CudaIndex is int index ? $"cuda:{index.ToString(CultureInfo.InvariantCulture)}" : "cpu";
}
