using System.Globalization;
using CrossModalVae.Numerics;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>The device that training runs on: <c>auto</c>, <c>cpu</c> or <c>cuda:N</c>. What was asked for and cannot be had is refused, never replaced.</summary>
public sealed class DeviceChoice
{
    private const string DriverFile = "/proc/driver/nvidia/version";

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
    /// <exception cref="ArgumentException">Not a device name, or cuda asked for where CUDA or that index is missing; the message says what.</exception>
    public static DeviceChoice Resolve(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        TorchLibrary.Require();
        if (name == "cpu")
        {
            return Resolve(name, 0, hasDriver: false); // without waking the CUDA libraries
        }

        return Resolve(name, cuda.is_available() ? cuda.device_count() : 0, File.Exists(DriverFile));
    }

    internal static DeviceChoice Resolve(string name, int cudaCount, bool hasDriver)
    {
        switch (name)
        {
            case "cpu":
                return new DeviceChoice(new Device("cpu"), "cpu");
            case "auto" when cudaCount > 0:
                return new DeviceChoice(new Device("cuda:0"), $"cuda:0 (auto: {cudaCount} CUDA {(cudaCount == 1 ? "device" : "devices")})");
            case "auto":
                return new DeviceChoice(new Device("cpu"), "cpu (auto: no CUDA)");
            case "cuda":
                name = "cuda:0";
                break;
        }

        if (!name.StartsWith("cuda:", StringComparison.Ordinal)
            || !int.TryParse(name.AsSpan("cuda:".Length), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            throw UserError.Mark(new ArgumentException($"'{name}' is no device; must be auto, cpu or cuda:N.", nameof(name)));
        }

        if (cudaCount == 0)
        {
            string missing = hasDriver
                ? "the NVIDIA driver is there, but this libtorch has no CUDA or cannot use the device; build with -p:Accelerator=cuda"
                : $"no NVIDIA driver is loaded ({DriverFile} is absent)";
            throw UserError.Mark(new ArgumentException(
                $"Device '{name}' cannot be used: {missing}; or choose --device cpu.", nameof(name)));
        }

        return index < cudaCount
            ? new DeviceChoice(new Device($"cuda:{index}"), $"cuda:{index}")
            : throw UserError.Mark(new ArgumentException(
                $"Device '{name}' does not exist; "
                + $"this machine has cuda:0{(cudaCount == 1 ? "" : $" to cuda:{cudaCount - 1}")}.", nameof(name)));
    }
}
