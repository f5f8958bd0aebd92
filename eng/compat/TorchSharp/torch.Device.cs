namespace TorchSharp;

public static partial class torch
{
    public static readonly Device CPU = new(DeviceType.CPU);

    public static Device device(string description) => InitializeDevice(new Device(description));

    /// <summary>Makes sure that a device can be used, or says why not.</summary>
    /// <exception cref="InvalidOperationException">CUDA is asked for and absent.</exception>
    internal static Device InitializeDevice(Device? device)
    {
        device ??= CPU;
        InitializeDeviceType(device.type);
        return device;
    }

    internal static void InitializeDeviceType(DeviceType deviceType)
    {
        if (deviceType == DeviceType.CUDA && !cuda.is_available())
        {
            throw new InvalidOperationException(
                "Torch device type CUDA did not initialise on the current machine: the libtorch in use was built without CUDA, or no driver or GPU was found.");
        }
    }

    /// <summary>The device on which a tensor is or will be allocated.</summary>
    public class Device
    {
        public Device(string description)
        {
            string[] parts = description.Split(':');
            if (parts.Length > 2) return;
            type = Parse(parts[0]);
            if (parts.Length == 2) index = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        }

        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        public DeviceType type { get; private set; } = DeviceType.CPU;

        public int index { get; private set; } = -1;

        public override string ToString() =>
            type == DeviceType.CPU ? "cpu" : index == -1 ? Name(type) : $"{Name(type)}:{index}";

        private static DeviceType Parse(string name) => Enum.Parse<DeviceType>(name.ToUpperInvariant());

#pragma warning disable CA1308 // libtorch's names are lower case
        private static string Name(DeviceType type) => type.ToString().ToLowerInvariant();
#pragma warning restore CA1308
    }
}
