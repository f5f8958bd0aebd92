using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CrossModalVae.Faces;

/// <summary>Conversions of rows of 8-bit samples, sixteen at a time.</summary>
internal static class PixelRows
{
    // ITU-R BT.601 luma.
    private const float RedWeight = 0.299f;
    private const float GreenWeight = 0.587f;
    private const float BlueWeight = 0.114f;

    /// <summary>The weights of red, green and blue.</summary>
    public static ReadOnlySpan<float> LumaWeights => [RedWeight, GreenWeight, BlueWeight];

    /// <summary>Bytes to floats.</summary>
    public static void ToFloats(ReadOnlySpan<byte> samples, Span<float> values)
    {
        int x = 0;
        for (; x + 16 <= samples.Length; x += 16)
        {
            (Vector256<int> a, Vector256<int> b) = PixelRows.Ints(samples, x);
            Store(Vector256.ConvertToSingle(a), Vector256.ConvertToSingle(b), values, x);
        }

        for (; x < samples.Length; x++)
        {
            values[x] = samples[x];
        }
    }

    /// <summary>Colours to grey, unrounded.</summary>
    public static void Grey(ReadOnlySpan<byte> red, ReadOnlySpan<byte> green, ReadOnlySpan<byte> blue, Span<float> values)
    {
        int x = 0;
        for (; x + 16 <= red.Length; x += 16)
        {
            (Vector256<int> r0, Vector256<int> r1) = PixelRows.Ints(red, x);
            (Vector256<int> g0, Vector256<int> g1) = PixelRows.Ints(green, x);
            (Vector256<int> b0, Vector256<int> b1) = PixelRows.Ints(blue, x);
            Store(
                (Vector256.ConvertToSingle(r0) * RedWeight)
                    + (Vector256.ConvertToSingle(g0) * GreenWeight)
                    + (Vector256.ConvertToSingle(b0) * BlueWeight),
                (Vector256.ConvertToSingle(r1) * RedWeight)
                    + (Vector256.ConvertToSingle(g1) * GreenWeight)
                    + (Vector256.ConvertToSingle(b1) * BlueWeight),
                values,
                x);
        }

        for (; x < red.Length; x++)
        {
            values[x] = (red[x] * RedWeight) + (green[x] * GreenWeight) + (blue[x] * BlueWeight);
        }
    }

    /// <summary>Splits interleaved pixels, [n, 3], into colours.</summary>
    public static void Split(ReadOnlySpan<byte> pixels, Span<byte> red, Span<byte> green, Span<byte> blue)
    {
        for (int x = 0; x < red.Length; x++)
        {
            (red[x], green[x], blue[x]) = (pixels[3 * x], pixels[(3 * x) + 1], pixels[(3 * x) + 2]);
        }
    }

    /// <summary>The reverse of <see cref="Split"/>.</summary>
    public static void Join(ReadOnlySpan<byte> red, ReadOnlySpan<byte> green, ReadOnlySpan<byte> blue, Span<byte> pixels)
    {
        for (int x = 0; x < red.Length; x++)
        {
            (pixels[3 * x], pixels[(3 * x) + 1], pixels[(3 * x) + 2]) = (red[x], green[x], blue[x]);
        }
    }

    /// <summary>Sixteen bytes as integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<int> First, Vector256<int> Second) Ints(ReadOnlySpan<byte> bytes, int at)
    {
        Vector128<byte> packed = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(bytes.Slice(at, 16)));
        if (Avx2.IsSupported)
        {
            return (
                Avx2.ConvertToVector256Int32(packed),
                Avx2.ConvertToVector256Int32(Vector128.Shuffle(packed.AsUInt64(), Vector128.Create(1UL, 1UL)).AsByte()));
        }

        (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(packed);
        (Vector128<uint> a, Vector128<uint> b) = Vector128.Widen(low);
        (Vector128<uint> c, Vector128<uint> d) = Vector128.Widen(high);
        return (Vector256.Create(a, b).AsInt32(), Vector256.Create(c, d).AsInt32());
    }

    /// <summary>Sixteen integers, clamped to 0 to 255, as bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Bytes(Vector256<int> first, Vector256<int> second)
    {
        Vector256<int> most = Vector256.Create(255);
        first = Vector256.Min(Vector256.Max(first, Vector256<int>.Zero), most);
        second = Vector256.Min(Vector256.Max(second, Vector256<int>.Zero), most);
        Vector256<ushort> both = Vector256.Narrow(first.AsUInt32(), second.AsUInt32());
        return Vector128.Narrow(both.GetLower(), both.GetUpper());
    }

    /// <summary>As <see cref="Bytes"/>, into memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> first, Vector256<int> second, Span<byte> bytes, int at) =>
        Bytes(first, second).StoreUnsafe(ref MemoryMarshal.GetReference(bytes.Slice(at, 16)));

    private static void Store(Vector256<float> first, Vector256<float> second, Span<float> values, int at)
    {
        ref float target = ref MemoryMarshal.GetReference(values.Slice(at, 16));
        first.StoreUnsafe(ref target);
        second.StoreUnsafe(ref target, 8);
    }
}
