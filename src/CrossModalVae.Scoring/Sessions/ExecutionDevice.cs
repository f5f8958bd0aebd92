namespace CrossModalVae.Scoring;

/// <summary>Where ONNX Runtime computes: the CPU, one CUDA device, or one CUDA device by TensorRT.</summary>
public readonly record struct ExecutionDevice
{
    private const string TensorRtName = "tensorrt";
    private const string CudaName = "cuda";

    private readonly ComputeDevice _device; // never auto

    private ExecutionDevice(ComputeDevice device, bool usesTensorRt) => (_device, UsesTensorRt) = (device, usesTensorRt);

    /// <summary>The CPU; the default.</summary>
    public static ExecutionDevice Cpu => default;

    /// <summary>The CUDA device's zero-based index, or null for the CPU.</summary>
    public int? CudaIndex => _device.CudaIndex;

    /// <summary>Whether TensorRT computes there, and CUDA what TensorRT leaves.</summary>
    public bool UsesTensorRt { get; }

    /// <summary>A CUDA device.</summary>
    /// <param name="index">Zero-based.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public static ExecutionDevice Cuda(int index) => new(ComputeDevice.Cuda(index), usesTensorRt: false);

    /// <summary>A CUDA device by TensorRT, which builds its engine at the first run of a graph. CUDA computes the nodes that TensorRT does
    /// not know.</summary>
    /// <param name="index">Zero-based, as CUDA counts.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public static ExecutionDevice TensorRt(int index) => new(ComputeDevice.Cuda(index), usesTensorRt: true);

    /// <summary>"cpu", "cuda:N" or "tensorrt:N".</summary>
    public override string ToString()
    {
        string name = _device.ToString();
        return UsesTensorRt ? TensorRtName + name[CudaName.Length..] : name;
    }

    /// <summary>Reads "cpu", "cuda" or "tensorrt" (the first device), "cuda:N" or "tensorrt:N".</summary>
    internal static bool TryParse(string text, out ExecutionDevice device)
    {
        bool usesTensorRt = text.StartsWith(TensorRtName, StringComparison.Ordinal);
        string name = usesTensorRt ? CudaName + text[TensorRtName.Length..] : text;
        bool known = ComputeDevice.TryParse(name, out ComputeDevice parsed) && !parsed.IsAuto;
        device = known ? new ExecutionDevice(parsed, usesTensorRt) : Cpu;
        return known;
    }
}
