using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// The device that training runs on: <c>auto</c>, <c>cpu</c> or <c>cuda:N</c>. A device that was asked for and is not there is refused,
/// never replaced.
/// </summary>
public sealed class DeviceChoice
{
    private DeviceChoice(string device, string? reason = null) =>
        (Device, Description) = (new Device(device), reason is null ? device : $"{device} ({reason})");

    /// <summary>One line for the user: "cuda:0 (auto: 1 CUDA device)".</summary>
    public string Description { get; }

    /// <summary>TorchSharp's device.</summary>
    internal Device Device { get; }

    /// <summary>Resolves a device name against this machine.</summary>
    /// <param name="name">auto, cpu, cuda (the first) or cuda:N.</param>
    /// <exception cref="DllNotFoundException">The application has no libtorch that loads; the message names the package to add.</exception>
    /// <exception cref="ArgumentException">Not a device name, or cuda asked for where CUDA or that index is
    /// missing; the message says what.</exception>
    public static DeviceChoice Resolve(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        TorchLibrary.Require();
        bool cpu = ComputeDevice.TryParse(name, out ComputeDevice asked) && asked == ComputeDevice.Cpu; // leaves CUDA's libraries unloaded
        return Resolve(name, !cpu && cuda.is_available() ? cuda.device_count() : 0, !cpu && ComputeDevice.HasDriver);
    }

    internal static DeviceChoice Resolve(string name, int cudaCount, bool hasDriver)
    {
        if (!ComputeDevice.TryParse(name, out ComputeDevice asked))
        {
            throw UserError.Mark(new ArgumentException($"'{name}' is no device; must be auto, cpu or cuda:N.", nameof(name)));
        }

        if (asked.IsAuto)
        {
            return cudaCount > 0
                ? new DeviceChoice("cuda:0", $"auto: {cudaCount} CUDA {(cudaCount == 1 ? "device" : "devices")}")
                : new DeviceChoice("cpu", "auto: no CUDA");
        }

        if (asked.CudaIndex is not null && cudaCount == 0)
        {
            string missing = hasDriver
                ? "the NVIDIA driver is there, but this libtorch has no CUDA or cannot use the device; build with -p:Accelerator=cuda"
                : $"no NVIDIA driver is loaded ({ComputeDevice.DriverFile} is absent)";
            throw UserError.Mark(new ArgumentException(
                $"Device '{asked}' cannot be used: {missing}; or choose --device cpu.", nameof(name)));
        }

        return asked.CudaIndex >= cudaCount
            ? throw UserError.Mark(new ArgumentException(
                $"Device '{asked}' does not exist; "
                + $"this machine has cuda:0{(cudaCount == 1 ? "" : $" to cuda:{cudaCount - 1}")}.", nameof(name)))
            : new DeviceChoice(asked.ToString());
    }
}
