namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator ToDevice = new("to", "device");
        private static readonly Operator ToType = new("to", "dtype");

        public Tensor cpu() => To(CPU, dtype, false, false);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            var result = ToType.Run(this, type, non_blocking, copy);
            if (disposeAfter) Dispose();
            return result;
        }

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            var result = To(InitializeDevice(device), type, copy, non_blocking);
            if (disposeAfter) Dispose();
            return result;
        }

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(dtype, new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(device.type, device.index, copy, disposeAfter, non_blocking);

        internal bool WillCopy(ScalarType type, Device target) =>
            dtype != type || device_type != target.type || (target.index >= 0 && target.type != DeviceType.CPU && device_index != target.index);

        private Tensor To(Device target, ScalarType type, bool copy, bool nonBlocking) => ToDevice.Run(this, target, type, nonBlocking, copy);
    }
}
