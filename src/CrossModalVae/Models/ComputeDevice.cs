namespace CrossModalVae.Models;

/// <summary>
/// A device by its name: <c>auto</c>, <c>cpu</c>, <c>cuda</c> (the first) or <c>cuda:N</c>. Whether the machine has it is checked by the
/// engine that computes there.
/// </summary>
public readonly record struct ComputeDevice
{
    /// <summary>The file that exists where an NVIDIA driver is loaded.</summary>
    public const string DriverFile = "/proc/driver/nvidia/version";

    private const string AutoName = "auto";
    private const string CpuName = "cpu";
    private const string CudaName = "cuda";

    private ComputeDevice(bool isAuto, int? cudaIndex) => (IsAuto, CudaIndex) = (isAuto, cudaIndex);

    /// <summary>The CPU; the default.</summary>
    public static ComputeDevice Cpu => default;

    /// <summary>The first CUDA device where the engine finds one, else the CPU.</summary>
    public static ComputeDevice Auto => new(isAuto: true, cudaIndex: null);

    /// <summary>Whether an NVIDIA driver is loaded on this machine.</summary>
    public static bool HasDriver => File.Exists(DriverFile);

    /// <summary>Whether the engine chooses.</summary>
    public bool IsAuto { get; }

    /// <summary>The CUDA device's zero-based index; null for the CPU and where the engine chooses.</summary>
    public int? CudaIndex { get; }

    /// <summary>A CUDA device.</summary>
    /// <param name="index">Zero-based.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public static ComputeDevice Cuda(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new ComputeDevice(isAuto: false, index);
    }

    /// <summary>Reads a device's name.</summary>
    /// <param name="text">auto, cpu, cuda or cuda:N with N from 0 and below 2147483647; anything else is no device.</param>
    /// <param name="device">Receives the device.</param>
    /// <returns>Whether the text names a device.</returns>
    public static bool TryParse(string? text, out ComputeDevice device)
    {
        const string Prefix = CudaName + ":";
        (bool known, device) = text switch
        {
            AutoName => (true, Auto),
            CpuName => (true, Cpu),
            CudaName => (true, Cuda(0)),
            not null when text.StartsWith(Prefix, StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                && index < int.MaxValue => (true, Cuda(index)),
            _ => (false, Cpu),
        };
        return known;
    }

    /// <summary>"auto", "cpu" or "cuda:N".</summary>
    public override string ToString() =>
        IsAuto ? AutoName : CudaIndex is int index ? $"{CudaName}:{index.ToString(CultureInfo.InvariantCulture)}" : CpuName;
}
