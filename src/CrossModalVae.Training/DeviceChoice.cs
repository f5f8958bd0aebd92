using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// The device that training runs on: <c>auto</c>, <c>cpu</c> or <c>cuda:N</c>. What was asked for and cannot be had is refused, never
/// replaced.
/// </summary>
public sealed class DeviceChoice
{
    private DeviceChoice(Device device, string description)
    {
        Device = device;
        Description = description;
    }

    /// <summary>The engine's name of the device.</summary>
    public Device Device { get; }

    /// <summary>One line for the user: "cuda:0 (auto: 1 CUDA device)".</summary>
    public string Description { get; }

    /// <summary>Resolves a device name against this machine.</summary>
    /// <param name="name">auto, cpu, cuda (the first) or cuda:N.</param>
    /// <exception cref="DllNotFoundException">The application has no libtorch that loads; the message names the package to add.</exception>
    /// <exception cref="ArgumentException">Not a device name, or cuda asked for where CUDA or that index is
    /// missing; the message says what.</exception>
    public static DeviceChoice Resolve(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        TorchLibrary.Require();
        if (ComputeDevice.TryParse(name, out ComputeDevice asked) && asked == ComputeDevice.Cpu)
        {
            return Resolve(name, 0, hasDriver: false); // without waking the CUDA libraries
        }

        return Resolve(name, cuda.is_available() ? cuda.device_count() : 0, ComputeDevice.HasDriver);
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
                ? new DeviceChoice(new Device("cuda:0"), $"cuda:0 (auto: {cudaCount} CUDA {(cudaCount == 1 ? "device" : "devices")})")
                : new DeviceChoice(new Device("cpu"), "cpu (auto: no CUDA)");
        }

        if (asked.CudaIndex is int index)
        {
            RequireCuda(asked, index, cudaCount, hasDriver, nameof(name));
        }

        return new DeviceChoice(new Device(asked.ToString()), asked.ToString());
    }

    private static void RequireCuda(ComputeDevice asked, int index, int cudaCount, bool hasDriver, string parameter)
    {
        if (cudaCount == 0)
        {
            string missing = hasDriver
                ? "the NVIDIA driver is there, but this libtorch has no CUDA or cannot use the device; build with -p:Accelerator=cuda"
                : $"no NVIDIA driver is loaded ({ComputeDevice.DriverFile} is absent)";
            throw UserError.Mark(new ArgumentException($"Device '{asked}' cannot be used: {missing}; or choose --device cpu.", parameter));
        }

        if (index >= cudaCount)
        {
            throw UserError.Mark(new ArgumentException(
                $"Device '{asked}' does not exist; "
                + $"this machine has cuda:0{(cudaCount == 1 ? "" : $" to cuda:{cudaCount - 1}")}.", parameter));
        }
    }
}
