using CrossModalVae.Scoring.Sessions;

namespace CrossModalVae.Scoring;

/// <summary>
/// Devices in the order in which they are tried, as in <c>tensorrt, cuda, cpu</c>: the first that starts is taken, and why each one before
/// it was not is kept. A device that is not listed is never taken. One device converts to the order of it alone.
/// </summary>
public sealed class DeviceOrder : IEquatable<DeviceOrder>
{
    private DeviceOrder(IReadOnlyList<ExecutionDevice> devices) => Devices = devices;

    /// <summary>The CPU alone.</summary>
    public static DeviceOrder Cpu { get; } = new([ExecutionDevice.Cpu]);

    /// <summary>The devices, at least one, none of them twice.</summary>
    public IReadOnlyList<ExecutionDevice> Devices { get; }

    /// <summary>The order of one device.</summary>
    /// <param name="device">The device.</param>
    public static implicit operator DeviceOrder(ExecutionDevice device) => FromExecutionDevice(device);

    /// <summary>The order of one device.</summary>
    /// <param name="device">The device.</param>
    public static DeviceOrder FromExecutionDevice(ExecutionDevice device) => new([device]);

    /// <summary>Reads devices, parted by commas: cpu, cuda, cuda:N, tensorrt, tensorrt:N with N from 0; no N is the first.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">The text is something else; the message names the fault.</exception>
    public static DeviceOrder Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Fault(text) is string fault
            ? throw UserError.Mark(new ArgumentException($"'device' {fault}"))
            : new DeviceOrder(Read(text));
    }

    /// <summary>
    /// What is wrong with a text for <see cref="Parse"/>, as "is '...'; must be ...", to stand after a name; null where nothing is.
    /// </summary>
    /// <param name="text">The text.</param>
    public static string? Fault(string? text)
    {
        const string Expected = "must be one or more of cpu, cuda, cuda:N, tensorrt and tensorrt:N with N from 0, parted by commas.";
        string[] names = Split(text ?? "");
        if (names.FirstOrDefault(name => !ExecutionDevice.TryParse(name, out _)) is string unknown)
        {
            return names.Length == 1
                ? $"is '{text}'; {Expected}"
                : $"is '{text}', and '{unknown}' is no device; {Expected}";
        }

        IGrouping<ExecutionDevice, ExecutionDevice>? repeated = Read(text!).GroupBy(device => device).FirstOrDefault(g => g.Count() > 1);
        return repeated is null ? null : $"is '{text}', which has {repeated.Key} twice; must have each device once.";
    }

    /// <summary>Tries the devices in their order, each by a graph of one node.</summary>
    /// <returns>The first that starts, and why those before it did not.</returns>
    /// <exception cref="InvalidOperationException">None starts; the message has every reason.</exception>
    /// <exception cref="DllNotFoundException">The application has no native ONNX Runtime; the message names the package to
    /// add.</exception>
    public StartedDevice Start()
    {
        var refused = new List<RefusedDevice>();
        foreach (ExecutionDevice device in Devices)
        {
            if (OnnxSessions.WhyNot(device) is not string reason)
            {
                return new StartedDevice(device, refused);
            }

            refused.Add(new RefusedDevice(device, reason));
        }

        throw UserError.Mark(new InvalidOperationException(
            $"Device '{this}' was asked for, and {(refused.Count == 1 ? "it does not start" : "none of them starts")}: "
            + $"{string.Join("; ", refused)}. Nothing else is tried."));
    }

    /// <inheritdoc/>
    public bool Equals(DeviceOrder? other) => other is not null && Devices.SequenceEqual(other.Devices);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DeviceOrder);

    /// <inheritdoc/>
    public override int GetHashCode() => Devices.Aggregate(0, HashCode.Combine);

    /// <summary>As <see cref="Parse"/> reads it: "tensorrt:0, cuda:0, cpu".</summary>
    public override string ToString() => string.Join(", ", Devices);

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.TrimEntries);

    private static ExecutionDevice[] Read(string text) =>
        [.. Split(text).Select(name => ExecutionDevice.TryParse(name, out ExecutionDevice device) ? device : default)];
}
