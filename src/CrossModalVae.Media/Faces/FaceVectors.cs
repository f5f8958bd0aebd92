using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CrossModalVae.Faces;

/// <summary>Sixteen samples at a time between bytes and wider numbers.</summary>
internal static class FaceVectors
{
    /// <summary>Sixteen bytes as numbers.</summary>
    /// <param name="bytes">At least <paramref name="at"/> + 16.</param>
    /// <param name="at">The first.</param>
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

    /// <summary>Sixteen numbers, brought into 0 to 255, as bytes.</summary>
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
}
