namespace CrossModalVae.Scoring;

/// <summary>Where ONNX Runtime computes: the CPU, or one CUDA device. There is no fallback from one to the other.</summary>
public readonly record struct ExecutionDevice
{
    private readonly ComputeDevice _device; // never auto

    private ExecutionDevice(ComputeDevice device) => _device = device;

    /// <summary>The CPU; the default.</summary>
    public static ExecutionDevice Cpu => default;

    /// <summary>The CUDA device's zero-based index, or null for the CPU.</summary>
    public int? CudaIndex => _device.CudaIndex;

    /// <summary>A CUDA device.</summary>
    /// <param name="index">Zero-based.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public static ExecutionDevice Cuda(int index) => new(ComputeDevice.Cuda(index));

    /// <summary>Reads "cpu", "cuda" (the first) or "cuda:N".</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">The text is something else.</exception>
    public static ExecutionDevice Parse(string text) =>
        ComputeDevice.TryParse(text, out ComputeDevice device) && !device.IsAuto
            ? new ExecutionDevice(device)
            : throw UserError.Mark(new ArgumentException($"'device' is '{text}'; must be cpu, cuda or cuda:N with N from 0."));

    /// <summary>"cpu" or "cuda:N".</summary>
    public override string ToString() => _device.ToString();
}
