using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// An operator of libtorch's dispatcher, looked up once by its schema name. Arguments left off at the end take the schema's defaults.
/// </summary>
internal sealed unsafe class Operator(string name, string overload = "")
{
    // Lists of numbers and tensors of an ordinary call fit here; longer ones are pinned on the heap.
    private const int StackRoom = 32;

    private nint _handle;

    private nint Handle => _handle != 0 ? _handle : _handle = NativeMethods.Check(NativeMethods.boxed_op("aten::" + name, overload));

    /// <summary>Calls an operator that hands back one tensor.</summary>
    internal Tensor Run(params ReadOnlySpan<Argument> arguments)
    {
        Value result;
        Invoke(arguments, &result, 1);
        return new Tensor(result.Pointer);
    }

    /// <summary>Calls an operator that hands back two tensors.</summary>
    internal (Tensor First, Tensor Second) RunTwo(params ReadOnlySpan<Argument> arguments)
    {
        Value* results = stackalloc Value[2];
        Invoke(arguments, results, 2);
        return (new Tensor(results[0].Pointer), new Tensor(results[1].Pointer));
    }

    /// <summary>Calls an operator that hands back a list of tensors.</summary>
    internal Tensor[] RunList(params ReadOnlySpan<Argument> arguments)
    {
        Value result;
        Invoke(arguments, &result, 1);
        var tensors = new Tensor[result.Count];
        for (int k = 0; k < tensors.Length; k++) tensors[k] = new Tensor(((nint*)result.Pointer)[k]);
        NativeMethods.boxed_free_list(result.Pointer);
        return tensors;
    }

    /// <summary>Calls an operator that hands back a truth value.</summary>
    internal bool RunBool(params ReadOnlySpan<Argument> arguments)
    {
        Value result;
        Invoke(arguments, &result, 1);
        return result.Bits != 0;
    }

    /// <summary>Calls an operator for its effect: one that works in place, or hands back nothing.</summary>
    internal void Do(params ReadOnlySpan<Argument> arguments)
    {
        Value result;
        if (Invoke(arguments, &result, 1) == 1 && result.Tag == Tag.Tensor) NativeMethods.boxed_free(result.Pointer);
    }

    [SkipLocalsInit]
    private int Invoke(ReadOnlySpan<Argument> arguments, Value* results, int max)
    {
        Value* values = stackalloc Value[arguments.Length];
        long* room = stackalloc long[StackRoom];
        int used = 0;
        List<GCHandle>? pins = null;
        nint Memory(ReadOnlySpan<long> source)
        {
            if (used + source.Length <= StackRoom)
            {
                long* place = room + used;
                source.CopyTo(new Span<long>(place, source.Length));
                used += source.Length;
                return (nint)place;
            }

            var pin = GCHandle.Alloc(source.ToArray(), GCHandleType.Pinned);
            (pins ??= []).Add(pin);
            return pin.AddrOfPinnedObject();
        }

        for (int k = 0; k < arguments.Length; k++)
        {
            ref readonly Argument argument = ref arguments[k];
            values[k].Tag = argument.Tag;
            values[k].Count = argument.Count;
            values[k].Bits = argument.Bits;
            switch (argument.Tag)
            {
                case Tag.Tensor:
                    values[k].Pointer = Unsafe.As<Tensor>(argument.Reference!).Handle;
                    break;
                case Tag.Generator:
                    values[k].Pointer = Unsafe.As<Generator>(argument.Reference!).Handle;
                    break;
                case Tag.Ints:
                    long[] numbers = Unsafe.As<long[]>(argument.Reference!);
                    values[k].Count = numbers.Length;
                    values[k].Pointer = Memory(numbers);
                    break;
                case Tag.Tensors:
                    var tensors = Unsafe.As<Tensor[]>(argument.Reference!);
                    var handles = new long[tensors.Length];
                    for (int j = 0; j < handles.Length; j++) handles[j] = tensors[j].Handle;
                    values[k].Count = handles.Length;
                    values[k].Pointer = Memory(handles);
                    break;
                case Tag.String:
                    var pin = GCHandle.Alloc(Encoding.UTF8.GetBytes(Unsafe.As<string>(argument.Reference!)), GCHandleType.Pinned);
                    (pins ??= []).Add(pin);
                    values[k].Count = ((byte[])pin.Target!).Length;
                    values[k].Pointer = pin.AddrOfPinnedObject();
                    break;
            }
        }

        int count = NativeMethods.boxed_call(Handle, values, arguments.Length, results, max);

        // The arguments must outlive the call: a finaliser may otherwise free them inside it.
        for (int k = 0; k < arguments.Length; k++) GC.KeepAlive(arguments[k].Reference);
        if (pins is not null)
            foreach (var pin in pins) pin.Free();
        return NativeMethods.Check(count);
    }
}
