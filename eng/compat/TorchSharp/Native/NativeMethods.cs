using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>One argument or result of an operator, as eng/native/boxed.cpp lays it out.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct Value
{
    [FieldOffset(0)] public Tag Tag;
    [FieldOffset(4)] public int Count;
    [FieldOffset(8)] public long Bits;
    [FieldOffset(8)] public double Number;
    [FieldOffset(8)] public nint Pointer;
}

internal enum Tag
{
    None = 0,
    Tensor = 1,
    Int = 2,
    Double = 3,
    Bool = 4,
    Ints = 5,
    Tensors = 6,
    String = 7,
    Device = 8,
    Generator = 9,
}

/// <summary>What eng/native/adam.cpp takes beside the memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AdamConstants
{
    public double Beta1, Beta2, Eps, WeightDecay, StepSize, SqrtCorrection2;
    public int Maximize, Unused;
}

internal static unsafe partial class NativeMethods
{
    private const string Library = "torch_boxed";

    static NativeMethods()
    {
        // Before libgomp is loaded with libtorch, which reads it once: its threads otherwise spin for the next loop while OpenBLAS's own
        // threads want the same cores. What the user has set stands.
        _ = setenv("OMP_WAIT_POLICY", "passive", 0);

        // libtorch's own default is half of the logical processors, one on a machine that shows two.
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OMP_NUM_THREADS")))
            Check(boxed_set_num_threads(Environment.ProcessorCount));
    }

    internal static ExternalException Error() => new(Marshal.PtrToStringUTF8(boxed_error()));

    internal static nint Check(nint handle) => handle != 0 ? handle : throw Error();

    internal static int Check(int result) => result >= 0 ? result : throw Error();

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport(Library)]
    private static partial nint boxed_error();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint boxed_op(string name, string overload);

    [LibraryImport(Library)]
    internal static partial int boxed_call(nint op, Value* args, int count, Value* results, int max);

    [LibraryImport(Library)]
    internal static partial void boxed_free_list(nint list);

    [LibraryImport(Library)]
    internal static partial void boxed_free(nint tensor);

    [LibraryImport(Library)]
    internal static partial nint boxed_alias(nint tensor);

    [LibraryImport(Library)]
    internal static partial nint boxed_from_data(void* data, long* sizes, int dim, int dtype);

    [LibraryImport(Library)]
    internal static partial nint boxed_data_ptr(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int boxed_dim(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial long boxed_numel(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial long boxed_bytes(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int boxed_dtype(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int boxed_device_type(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int boxed_device_index(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial void boxed_sizes(nint tensor, long* sizes, long* strides);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int boxed_is_contiguous(nint tensor);

    [LibraryImport(Library)]
    internal static partial int boxed_is_leaf(nint tensor);

    [LibraryImport(Library)]
    internal static partial int boxed_requires_grad(nint tensor);

    [LibraryImport(Library)]
    internal static partial int boxed_set_requires_grad(nint tensor, int on);

    [LibraryImport(Library)]
    internal static partial int boxed_grad(nint tensor, nint* gradient);

    [LibraryImport(Library)]
    internal static partial int boxed_set_grad(nint tensor, nint gradient);

    [LibraryImport(Library)]
    internal static partial int boxed_backward(
        nint* tensors, int count, nint* seeds, int seedCount, int retain, int create, nint* inputs, int inputCount);

    [LibraryImport(Library)]
    internal static partial int boxed_autograd_grad(
        nint* outputs, int outputCount, nint* inputs, int inputCount, nint* seeds, int seedCount, int retain, int create, int allowUnused, nint* result);

    [LibraryImport(Library)]
    internal static partial int boxed_grad_mode(int on);

    [LibraryImport(Library)]
    internal static partial nint boxed_generator_new(ulong seed);

    [LibraryImport(Library)]
    internal static partial nint boxed_generator_default();

    [LibraryImport(Library)]
    internal static partial void boxed_generator_free(nint generator);

    [LibraryImport(Library)]
    internal static partial int boxed_generator_seed(nint generator, ulong seed);

    [LibraryImport(Library)]
    internal static partial ulong boxed_generator_initial_seed(nint generator);

    [LibraryImport(Library)]
    internal static partial nint boxed_generator_get_state(nint generator);

    [LibraryImport(Library)]
    internal static partial int boxed_generator_set_state(nint generator, nint state);

    [LibraryImport(Library)]
    internal static partial int boxed_set_num_threads(int count);

    [LibraryImport(Library)]
    internal static partial int boxed_get_num_threads();

    [LibraryImport(Library)]
    internal static partial int boxed_cuda_device_count();

    [LibraryImport(Library)]
    internal static partial void boxed_adam(nint p, nint g, nint m, nint v, nint top, long count, int isDouble, AdamConstants* constants);
}
