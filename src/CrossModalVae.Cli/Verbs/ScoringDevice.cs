using CrossModalVae.Models;
using CrossModalVae.Scoring;
using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Cli.Verbs;

/// <summary>The option <c>--device</c> of a verb that scores graphs, and how the verb says which device was taken.</summary>
internal sealed class ScoringDevice : Option<string?>, ICheckedOption
{
    private const string Auto = "auto";

    internal ScoringDevice(string what = "Where to compute")
        : base("--device")
    {
        Description = $"{what}: the first of these devices that starts (cpu, cuda:N, tensorrt:N, parted by commas), or auto: a GPU "
            + "where one is there, else the CPU.";
        DefaultValueFactory = _ => Auto;
        HelpName = "auto|DEVICE,...";
        this.Completes(Auto, "cpu", "cuda:0", "tensorrt:0");
    }

    /// <inheritdoc/>
    public string? Fault(string text) =>
        text == Auto || DeviceOrder.Fault(text) is not string fault ? null : $"--device {fault[..^1]}, or auto.";

    /// <summary>
    /// The devices that a value names. Auto is the first CUDA device before the CPU where a driver is loaded and this ONNX Runtime has the
    /// provider, else the CPU.
    /// </summary>
    internal static DeviceOrder Order(string value)
    {
        if (value != Auto)
        {
            return DeviceOrder.Parse(value);
        }

        bool cuda = ComputeDevice.HasDriver && OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider");
        return cuda ? DeviceOrder.Parse("cuda, cpu") : DeviceOrder.Cpu;
    }

    /// <summary>The devices that the command line names.</summary>
    internal DeviceOrder Order(ParseResult parsed) => Order(parsed.GetValue(this)!);

    /// <summary>
    /// Takes the first of the devices that starts. Where it could be another than the CPU, stderr says which it is, and why those before it
    /// do not start.
    /// </summary>
    internal static StartedDevice Start(ParseResult parsed, DeviceOrder order)
    {
        StartedDevice started = order.Start();
        if (!order.Equals(DeviceOrder.Cpu))
        {
            parsed.InvocationConfiguration.Error.WriteLine($"device: {started}");
        }

        return started;
    }

    /// <summary>The refused devices for --json.</summary>
    internal static object[] ToJson(StartedDevice started) =>
        [.. started.Refused.Select(refused => new { device = refused.Device.ToString(), reason = refused.Reason })];
}
