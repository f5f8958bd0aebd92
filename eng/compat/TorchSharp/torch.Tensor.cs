using System.Runtime.CompilerServices;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor tensor(float scalar, Device? device = null, bool requires_grad = false) =>
        FromData([scalar], [], ScalarType.Float32, null, device, requires_grad);

    public static Tensor tensor(
        float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromData<float>(rawArray, dimensions, ScalarType.Float32, dtype, device, requires_grad);

    public static Tensor tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromData<float>(rawArray, [rawArray.Length], ScalarType.Float32, dtype, device, requires_grad);

    public static Tensor tensor(double[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromData<double>(rawArray, [rawArray.Length], ScalarType.Float64, dtype, device, requires_grad);

    public static Tensor tensor(
        double[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromData<double>(rawArray, dimensions, ScalarType.Float64, dtype, device, requires_grad);

    public static Tensor tensor(long[] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromData<long>(dataArray, [dataArray.Length], ScalarType.Int64, dtype, device, requires_grad);

    public static Tensor tensor(byte[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromData<byte>(rawArray, [rawArray.Length], ScalarType.Byte, dtype, device, requires_grad);

    private static unsafe Tensor FromData<TElement>(
        ReadOnlySpan<TElement> data,
        ReadOnlySpan<long> dimensions,
        ScalarType type,
        ScalarType? dtype,
        Device? device,
        bool requiresGrad)
        where TElement : unmanaged
    {
        long count = 1;
        foreach (long size in dimensions) count = checked(count * size);
        if (count > data.Length) throw new ArgumentException($"mismatched total size creating a tensor from an array: {count} vs. {data.Length}");
        var target = InitializeDevice(device);
        Tensor result;
        fixed (TElement* source = data)
        fixed (long* sizes = dimensions)
        {
            // An empty array has no address, and libtorch wants one.
            TElement nothing = default;
            void* memory = source is null ? Unsafe.AsPointer(ref nothing) : source;
            result = new Tensor(NativeMethods.Check(NativeMethods.boxed_from_data(memory, sizes, dimensions.Length, (int)type)));
        }

        if ((dtype is { } wanted && wanted != type) || target.type != DeviceType.CPU)
            result = result.to(dtype ?? type, target, disposeAfter: true);
        return requiresGrad ? result.requires_grad_() : result;
    }
}
