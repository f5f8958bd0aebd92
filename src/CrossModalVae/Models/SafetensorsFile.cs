using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CrossModalVae.Models;

/// <summary>
/// Reads and writes the safetensors format (the format section of its README), float32 only: 8 bytes of header length (little-endian), a
/// JSON header, the numbers. Tensors are written in ordinal order of their names without gaps, so that equal content gives equal bytes.
/// </summary>
internal static class SafetensorsFile
{
    private const string MetadataKey = "__metadata__";
    private const int LengthBytes = 8;
    private const int MaximumHeaderBytes = 100_000_000; // the format's own limit

    /// <summary>Writes a file under a temporary name and renames it.</summary>
    /// <exception cref="ArgumentException">A shape does not fit its values, or a tensor is called <c>__metadata__</c>.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(
        string path, IReadOnlyDictionary<string, NamedArray> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        string[] names = [.. tensors.Keys.Order(StringComparer.Ordinal)];
        byte[] header = Header(names, tensors, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[LengthBytes];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (string name in names)
            {
                stream.Write(MemoryMarshal.AsBytes(LittleEndian(tensors[name].Values).AsSpan()));
            }
        });
    }

    /// <summary>Reads a whole file; its metadata is empty where there is none.</summary>
    /// <exception cref="InvalidDataException">Not a safetensors file of float32 arrays without gaps; the message names the file and the
    /// place.</exception>
    public static (IReadOnlyDictionary<string, NamedArray> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < LengthBytes)
        {
            throw new InvalidDataException($"{path}: {bytes.Length} bytes; a safetensors file has at least {LengthBytes}.");
        }

        long headerLength = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (headerLength is < 2 or > MaximumHeaderBytes || headerLength > bytes.Length - LengthBytes)
        {
            throw new InvalidDataException(
                $"{path}: header length {headerLength}; expected 2 to {Math.Min(MaximumHeaderBytes, bytes.Length - LengthBytes)}.");
        }

        ReadOnlySpan<byte> data = bytes.AsSpan(LengthBytes + (int)headerLength);
        try
        {
            using JsonDocument header = JsonDocument.Parse(bytes.AsMemory(LengthBytes, (int)headerLength));
            return Parse(path, header.RootElement, data);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: the header is not JSON: {e.Message}", e);
        }
    }

    private static byte[] Header(
        string[] names, IReadOnlyDictionary<string, NamedArray> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var header = new JsonObject();
        if (metadata is not null)
        {
            header[MetadataKey] = new JsonObject(metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        }

        long offset = 0;
        foreach (string name in names)
        {
            NamedArray array = tensors[name];
            long? count = CountOf(array.Shape);
            if (name == MetadataKey || count != array.Values.Length)
            {
                string expected = count?.ToString(CultureInfo.InvariantCulture) ?? "a shape that an array can hold";
                throw new ArgumentException(
                    $"Tensor '{name}' has {array.Values.Length} values and shape [{string.Join(", ", array.Shape)}]; "
                    + $"must have {expected}, under another name than {MetadataKey}.",
                    nameof(tensors));
            }

            header[name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. array.Shape.Select(size => (JsonNode)size)]),
                ["data_offsets"] = new JsonArray(offset, offset += (long)array.Values.Length * sizeof(float)),
            };
        }

        // Spaces up to a multiple of 8, so that the numbers are aligned for readers that map the file.
        byte[] utf8 = Encoding.UTF8.GetBytes(header.ToJsonString());
        byte[] padded = new byte[(utf8.Length + LengthBytes - 1) / LengthBytes * LengthBytes];
        padded.AsSpan(utf8.Length).Fill((byte)' ');
        utf8.CopyTo(padded, 0);
        return padded;
    }

    private static (IReadOnlyDictionary<string, NamedArray> Tensors, IReadOnlyDictionary<string, string> Metadata) Parse(
        string path, JsonElement header, ReadOnlySpan<byte> data)
    {
        if (header.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException($"{path}: the header is a JSON {header.ValueKind}; expected an object.");
        }

        var tensors = new Dictionary<string, NamedArray>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var places = new List<(long Begin, long End, string Name)>();
        foreach (JsonProperty property in header.EnumerateObject())
        {
            if (property.Name == MetadataKey)
            {
                if (property.Value.ValueKind != JsonValueKind.Object
                    || property.Value.EnumerateObject().Any(entry => entry.Value.ValueKind != JsonValueKind.String))
                {
                    throw new InvalidDataException(
                        $"{path}: '{MetadataKey}' is {property.Value.GetRawText()}; expected an object of strings.");
                }

                foreach (JsonProperty entry in property.Value.EnumerateObject())
                {
                    metadata[entry.Name] = entry.Value.GetString()!;
                }

                continue;
            }

            (long[] shape, long begin, long end) = Entry(path, property, data.Length);
            float[] values = MemoryMarshal.Cast<byte, float>(data[(int)begin..(int)end]).ToArray();
            if (!tensors.TryAdd(property.Name, new NamedArray(shape, LittleEndian(values))))
            {
                throw new InvalidDataException($"{path}: tensor '{property.Name}' is twice in the header; expected once.");
            }

            places.Add((begin, end, property.Name));
        }

        long expected = 0;
        foreach ((long begin, long end, string name) in places.OrderBy(place => place.Begin).ThenBy(place => place.End))
        {
            if (begin != expected)
            {
                throw new InvalidDataException(
                    $"{path}: tensor '{name}' begins at byte {begin} of the data; expected {expected}, without gap or overlap.");
            }

            expected = end;
        }

        return expected == data.Length
            ? (tensors, metadata)
            : throw new InvalidDataException($"{path}: {data.Length} bytes of data; expected {expected}, the end of the last tensor.");
    }

    private static (long[] Shape, long Begin, long End) Entry(string path, JsonProperty property, int dataLength)
    {
        JsonElement entry = property.Value;
        if (entry.ValueKind != JsonValueKind.Object
            || !entry.TryGetProperty("dtype", out JsonElement dtype) || dtype.ValueKind != JsonValueKind.String
            || Sizes(entry, "shape") is not long[] shape
            || Sizes(entry, "data_offsets") is not [long begin, long end])
        {
            throw new InvalidDataException(
                $"{path}: tensor '{property.Name}' needs 'dtype', 'shape' and two 'data_offsets'; found {entry.GetRawText()}.");
        }

        if (dtype.GetString() != "F32")
        {
            throw new InvalidDataException($"{path}: tensor '{property.Name}' has dtype {dtype.GetString()}; expected F32.");
        }

        if (CountOf(shape) is not long count)
        {
            throw new InvalidDataException(
                $"{path}: tensor '{property.Name}' of shape [{string.Join(", ", shape)}] has more numbers than an array holds; "
                + $"expected at most {Array.MaxLength}.");
        }

        if (end > dataLength || end - begin != count * sizeof(float))
        {
            throw new InvalidDataException(
                $"{path}: tensor '{property.Name}' of shape [{string.Join(", ", shape)}] lies at bytes {begin} to {end} of "
                + $"{dataLength}; expected {count * sizeof(float)} bytes inside the file.");
        }

        return (shape, begin, end);
    }

    // How many numbers a shape has; null where a size is negative or there are more than an array holds.
    private static long? CountOf(IReadOnlyList<long> shape)
    {
        if (shape.Any(size => size < 0))
        {
            return null;
        }

        long count = shape.Contains(0) ? 0 : 1; // 0 x anything is 0, however large
        foreach (long size in shape)
        {
            if (count > 0 && size > Array.MaxLength / count)
            {
                return null;
            }

            count *= size;
        }

        return count;
    }

    private static long[]? Sizes(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out JsonElement array) && array.ValueKind == JsonValueKind.Array
            && array.EnumerateArray().All(
                item => item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out long value) && value >= 0)
            ? [.. array.EnumerateArray().Select(item => item.GetInt64())]
            : null;

    // The numbers of a file in the machine's order, and the other way round.
    private static float[] LittleEndian(float[] values) => BitConverter.IsLittleEndian
        ? values
        : Array.ConvertAll(
            values, value => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReverseEndianness(BitConverter.SingleToInt32Bits(value))));
}

/// <summary>A named array of floats with its shape.</summary>
/// <param name="Shape">Sizes per axis, row-major.</param>
/// <param name="Values">As many numbers as the shape says.</param>
internal sealed record NamedArray(IReadOnlyList<long> Shape, float[] Values);
