using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CrossModalVae.Fourier;

/// <summary>
/// Rows to columns: in blocks of 8 x 8 held in registers where there is AVX, number by number elsewhere and at the edges.
/// </summary>
internal static class Transposition
{
    private const int Block = 8;

    /// <param name="source">[rows, columns] at the start of rows of <paramref name="sourceStride"/>.</param>
    /// <param name="sourceStride">From a row to the next, at least the columns.</param>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    /// <param name="destination">Receives [columns, rows], at the start of rows of <paramref name="destinationStride"/>.</param>
    /// <param name="destinationStride">From a row to the next, at least the rows.</param>
    public static void Run(
        ReadOnlySpan<float> source, int sourceStride, int rows, int columns, Span<float> destination, int destinationStride)
    {
        int wholeRows = 0, wholeColumns = 0;
        if (Avx.IsSupported && rows >= Block && columns >= Block)
        {
            // The last block's last row ends here; slices check what the blocks read and write unchecked.
            wholeRows = rows / Block * Block;
            wholeColumns = columns / Block * Block;
            ref float from = ref MemoryMarshal.GetReference(source[..(((wholeRows - 1) * sourceStride) + wholeColumns)]);
            ref float to = ref MemoryMarshal.GetReference(destination[..(((wholeColumns - 1) * destinationStride) + wholeRows)]);
            for (int row = 0; row < wholeRows; row += Block)
            {
                for (int column = 0; column < wholeColumns; column += Block)
                {
                    TransposeBlock(
                        ref Unsafe.Add(ref from, (row * sourceStride) + column),
                        (nuint)sourceStride,
                        ref Unsafe.Add(ref to, (column * destinationStride) + row),
                        (nuint)destinationStride);
                }
            }
        }

        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> line = source.Slice(row * sourceStride, columns);
            int start = row < wholeRows ? wholeColumns : 0;
            int target = (start * destinationStride) + row;
            for (int column = start; column < line.Length; column++, target += destinationStride)
            {
                destination[target] = line[column];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeBlock(ref float from, nuint step, ref float to, nuint stride)
    {
        Vector256<float> r0 = Vector256.LoadUnsafe(ref from), r1 = Vector256.LoadUnsafe(ref from, step);
        Vector256<float> r2 = Vector256.LoadUnsafe(ref from, 2 * step), r3 = Vector256.LoadUnsafe(ref from, 3 * step);
        Vector256<float> r4 = Vector256.LoadUnsafe(ref from, 4 * step), r5 = Vector256.LoadUnsafe(ref from, 5 * step);
        Vector256<float> r6 = Vector256.LoadUnsafe(ref from, 6 * step), r7 = Vector256.LoadUnsafe(ref from, 7 * step);

        // Pairs, then fours, within each half; then the halves change places.
        Vector256<float> a0 = Avx.UnpackLow(r0, r1), a1 = Avx.UnpackHigh(r0, r1), a2 = Avx.UnpackLow(r2, r3), a3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> a4 = Avx.UnpackLow(r4, r5), a5 = Avx.UnpackHigh(r4, r5), a6 = Avx.UnpackLow(r6, r7), a7 = Avx.UnpackHigh(r6, r7);
        Vector256<float> b0 = Avx.Shuffle(a0, a2, 0x44), b1 = Avx.Shuffle(a0, a2, 0xEE), b2 = Avx.Shuffle(a1, a3, 0x44),
            b3 = Avx.Shuffle(a1, a3, 0xEE);
        Vector256<float> b4 = Avx.Shuffle(a4, a6, 0x44), b5 = Avx.Shuffle(a4, a6, 0xEE), b6 = Avx.Shuffle(a5, a7, 0x44),
            b7 = Avx.Shuffle(a5, a7, 0xEE);
        Avx.Permute2x128(b0, b4, 0x20).StoreUnsafe(ref to);
        Avx.Permute2x128(b1, b5, 0x20).StoreUnsafe(ref to, stride);
        Avx.Permute2x128(b2, b6, 0x20).StoreUnsafe(ref to, 2 * stride);
        Avx.Permute2x128(b3, b7, 0x20).StoreUnsafe(ref to, 3 * stride);
        Avx.Permute2x128(b0, b4, 0x31).StoreUnsafe(ref to, 4 * stride);
        Avx.Permute2x128(b1, b5, 0x31).StoreUnsafe(ref to, 5 * stride);
        Avx.Permute2x128(b2, b6, 0x31).StoreUnsafe(ref to, 6 * stride);
        Avx.Permute2x128(b3, b7, 0x31).StoreUnsafe(ref to, 7 * stride);
    }
}
