using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using CrossModalVae.Files;

namespace CrossModalVae.Numerics;

/// <summary>
/// A matrix of float32 in NumPy's .npy format (NEP 1): little-endian, C order, two axes. Versions 1.0 and 2.0 are read, 1.0 is written; the
/// same matrix gives the same bytes as numpy.save.
/// </summary>
public static partial class NpyFile
{
    private const int Alignment = 64;
    private const int BlockLength = 1 << 20;

    /// <summary>Bytes of the header of any matrix that this library writes: it has room for any two 32-bit numbers.</summary>
    internal const int HeaderBytes = 128;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Writes a matrix under a temporary name and renames it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="values">[rowCount, columnCount] row-major.</param>
    /// <param name="rowCount">Rows, at least 0.</param>
    /// <param name="columnCount">Columns, at least 0.</param>
    /// <exception cref="ArgumentException">The sizes do not fit each other.</exception>
    /// <exception cref="IOException">The file cannot be written; it is as it was before.</exception>
    public static void Write(string path, ReadOnlyMemory<float> values, int rowCount, int columnCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentOutOfRangeException.ThrowIfNegative(columnCount);
        if (values.Length != (long)rowCount * columnCount)
        {
            throw new ArgumentException(
                $"'values' has {values.Length} numbers; must have {rowCount} rows x {columnCount} = {(long)rowCount * columnCount}.",
                nameof(values));
        }

        AtomicFile.Write(path, stream =>
        {
            stream.Write(Header(rowCount, columnCount, FeaturePrecision.Float32));
            for (int start = 0; start < values.Length; start += BlockLength) // a cast of the whole would overflow an int's count of bytes
            {
                ReadOnlySpan<float> block = values.Span[start..Math.Min(values.Length, start + BlockLength)];
                stream.Write(BitConverter.IsLittleEndian ? MemoryMarshal.AsBytes(block) : LittleEndian(block));
            }
        });
    }

    /// <summary>Reads a matrix.</summary>
    /// <param name="path">The file.</param>
    /// <returns>[RowCount, ColumnCount] row-major.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not an .npy file, holds anything but a float32 matrix in C order, or is shorter
    /// or longer than its header says.</exception>
    public static (float[] Values, int RowCount, int ColumnCount) Read(string path)
    {
        using FileStream stream = InputFile.Open(path, "a NumPy .npy file");
        (int rowCount, int columnCount) = ReadHeader(stream, path, FeaturePrecision.Float32);
        long count = (long)rowCount * columnCount;
        long expected = stream.Position + (count * sizeof(float));
        if (count > Array.MaxLength)
        {
            throw new InvalidDataException(
                $"{path}: holds {rowCount} x {columnCount} numbers; "
                + $"expected at most {Array.MaxLength}: read it in shards.");
        }

        if (stream.Length != expected)
        {
            throw new InvalidDataException(
                $"{path}: has {stream.Length} bytes; expected {expected}, {rowCount} x {columnCount} "
                + "float32 and the header.");
        }

        var values = new float[count];
        for (int start = 0; start < values.Length; start += BlockLength)
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan(start, Math.Min(values.Length - start, BlockLength))));
        }

        if (!BitConverter.IsLittleEndian)
        {
            Span<int> bits = MemoryMarshal.Cast<float, int>(values.AsSpan());
            BinaryPrimitives.ReverseEndianness(bits, bits);
        }

        return (values, rowCount, columnCount);
    }

    /// <summary>The header of a matrix, <see cref="HeaderBytes"/> long.</summary>
    internal static byte[] Header(int rowCount, int columnCount, FeaturePrecision precision)
    {
        string dictionary = $"{{'descr': '{Description(precision)}', 'fortran_order': False, 'shape': ({rowCount}, "
            + $"{columnCount}), }}";

        // 6 magic, 2 version, 2 length; padded with blanks and a line feed to a multiple of 64.
        int length = dictionary.Length + 1;
        int padding = (Alignment - ((10 + length) % Alignment)) % Alignment;
        var header = new byte[10 + length + padding];
        Magic.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(length + padding));
        Encoding.ASCII.GetBytes(dictionary.PadRight(length + padding - 1) + "\n", header.AsSpan(10));
        return header;
    }

    /// <summary>Reads the header of a matrix of some precision; the stream then stands at its first number.</summary>
    internal static (int RowCount, int ColumnCount) ReadHeader(FileStream stream, string path, FeaturePrecision precision)
    {
        var start = new byte[8];
        if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.AsSpan(0, 6).SequenceEqual(Magic))
        {
            throw new InvalidDataException($"{path}: does not start as a NumPy .npy file does; expected \\x93NUMPY and a version.");
        }

        int lengthBytes = start[6] switch
        {
            1 => 2,
            2 => 4,
            _ => throw new InvalidDataException($"{path}: is .npy version {start[6]}.{start[7]}; expected 1.0 or 2.0."),
        };
        var length = new byte[4];
        uint headerLength = stream.ReadAtLeast(length.AsSpan(0, lengthBytes), lengthBytes, throwOnEndOfStream: false) == lengthBytes
            ? BinaryPrimitives.ReadUInt32LittleEndian(length)
            : uint.MaxValue;
        if (headerLength > stream.Length - stream.Position)
        {
            throw new InvalidDataException($"{path}: ends within its header; expected a whole .npy file.");
        }

        var header = new byte[headerLength];
        stream.ReadExactly(header);
        string text = Encoding.Latin1.GetString(header);
        if (Value(path, text, "descr", DescriptionPattern()) is var description && description != Description(precision))
        {
            throw new InvalidDataException(
                $"{path}: 'descr' is '{description}'; expected '{Description(precision)}', little-endian {EnumText.Of(precision)}.");
        }

        if (Value(path, text, "fortran_order", OrderPattern()) != "False")
        {
            throw new InvalidDataException($"{path}: 'fortran_order' is True; expected False, C order.");
        }

        string shape = Value(path, text, "shape", ShapePattern());
        string[] sizes = shape.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return sizes.Length == 2
            && int.TryParse(sizes[0], NumberStyles.None, CultureInfo.InvariantCulture, out int rowCount)
            && int.TryParse(sizes[1], NumberStyles.None, CultureInfo.InvariantCulture, out int columnCount)
                ? (rowCount, columnCount)
                : throw new InvalidDataException($"{path}: 'shape' is ({shape}); expected two axes, rows and columns.");
    }

    private static byte[] LittleEndian(ReadOnlySpan<float> values)
    {
        int[] words = MemoryMarshal.Cast<float, int>(values).ToArray();
        BinaryPrimitives.ReverseEndianness(words, words);
        return MemoryMarshal.AsBytes(words.AsSpan()).ToArray();
    }

    private static string Value(string path, string header, string key, Regex pattern) => pattern.Match(header) is { Success: true } match
        ? match.Groups[1].Value
        : throw new InvalidDataException($"{path}: the header has no readable '{key}'; expected 'descr', 'fortran_order' and 'shape'.");

    private static string Description(FeaturePrecision precision) => precision == FeaturePrecision.Float32 ? "<f4" : "<f2";

    [GeneratedRegex("'descr': *'([^']*)'")]
    private static partial Regex DescriptionPattern();

    [GeneratedRegex("'fortran_order': *(True|False)")]
    private static partial Regex OrderPattern();

    [GeneratedRegex("'shape': *\\(([0-9, ]*)\\)")]
    private static partial Regex ShapePattern();
}
