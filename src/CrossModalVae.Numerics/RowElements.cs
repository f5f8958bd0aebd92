using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CrossModalVae.Numerics;

/// <summary>How the numbers of a row are loaded; the kernels are compiled once for each way.</summary>
internal interface IRowElements
{
    /// <summary>Bytes of one number.</summary>
    static abstract int Size { get; }

    /// <summary>16 numbers in single precision.</summary>
    static abstract Vector512<float> Load(ref readonly byte first);

    /// <summary>One number.</summary>
    static abstract float One(ref readonly byte first);
}

/// <summary>Single precision, as it is.</summary>
internal readonly struct Float32Elements : IRowElements
{
    public static int Size => sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref readonly byte first) =>
        Unsafe.ReadUnaligned<Vector512<float>>(in first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float One(ref readonly byte first) => Unsafe.ReadUnaligned<float>(in first);
}

/// <summary>
/// Half precision, widened in registers: the exponent's bias is mended by a multiplication, which is exact for subnormal numbers too.
/// Finite numbers only.
/// </summary>
internal readonly struct Float16Elements : IRowElements
{
    private const int SignAndValue = unchecked((int)0x8FFFE000);

    public static int Size => sizeof(ushort);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref readonly byte first)
    {
        Vector256<short> halves = Unsafe.ReadUnaligned<Vector256<short>>(in first);
        Vector512<int> wide = Avx512F.IsSupported // sign copied upwards
            ? Avx512F.ConvertToVector512Int32(halves)
            : Vector512.Create(Vector256.WidenLower(halves), Vector256.WidenUpper(halves));
        Vector512<int> bits = (wide << 13) & Vector512.Create(SignAndValue);
        return bits.AsSingle() * Vector512.Create(5.192296858534828e33f); // 2^112, the difference of the biases
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float One(ref readonly byte first) => (float)Unsafe.ReadUnaligned<Half>(in first);
}

/// <summary>Codes of 8 bits, as whole numbers.</summary>
internal readonly struct Int8Elements : IRowElements
{
    public static int Size => sizeof(sbyte);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref readonly byte first)
    {
        Vector128<sbyte> codes = Unsafe.ReadUnaligned<Vector128<sbyte>>(in first);
        if (Avx512F.IsSupported)
        {
            return Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(codes));
        }

        Vector128<short> low = Vector128.WidenLower(codes), high = Vector128.WidenUpper(codes);
        return Vector512.ConvertToSingle(Vector512.Create(
            Vector256.Create(Vector128.WidenLower(low), Vector128.WidenUpper(low)),
            Vector256.Create(Vector128.WidenLower(high), Vector128.WidenUpper(high))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float One(ref readonly byte first) => Unsafe.ReadUnaligned<sbyte>(in first);
}
