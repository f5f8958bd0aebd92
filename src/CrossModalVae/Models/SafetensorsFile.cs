using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CrossModalVae.Models;

/// <summary>
/// Reads and writes the safetensors format, float32 only: 8 bytes of header length (little-endian), a JSON header, the numbers. Tensors are
/// written in ordinal order of their names without gaps, so that equal content gives equal bytes. Source: the
/// format section of the safetensors README.
/// </summary>
public static class SafetensorsFile
{
    private const string MetadataKey = "__metadata__";
    private const int LengthBytes = 8;
    private const int MaximumHeaderBytes = 100_000_000; // the format's own limit

    /// <summary>Writes a file under a temporary name and renames it.</summary>
    /// <param name="path">The final name.</param>
    /// <param name="tensors">The arrays by name.</param>
    /// <param name="metadata">Free text by name, or null.</param>
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
                WriteLittleEndian(stream, tensors[name].Values);
            }
        });
    }

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The arrays by name, and the metadata (empty where there is none).</returns>
    /// <exception cref="InvalidDataException">Not a safetensors file of float32 arrays without gaps; the message
    /// names the file and the place.</exception>
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
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject(MetadataKey);
                foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
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

                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (long size in array.Shape)
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += (long)array.Values.Length * sizeof(float));
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Spaces up to a multiple of 8, so that the numbers are aligned for readers that map the file.
        while (buffer.Length % LengthBytes != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
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
                ReadMetadata(path, property.Value, metadata);
                continue;
            }

            (long[] shape, long begin, long end) = Entry(path, property, data.Length);
            var values = new float[(end - begin) / sizeof(float)];
            ReadLittleEndian(data[(int)begin..(int)end], values);
            if (!tensors.TryAdd(property.Name, new NamedArray(shape, values)))
            {
                throw new InvalidDataException($"{path}: tensor '{property.Name}' stands twice in the header; expected once.");
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

    private static void ReadMetadata(string path, JsonElement element, Dictionary<string, string> metadata)
    {
        if (element.ValueKind != JsonValueKind.Object
            || element.EnumerateObject().Any(entry => entry.Value.ValueKind != JsonValueKind.String))
        {
            throw new InvalidDataException($"{path}: '{MetadataKey}' is {element.GetRawText()}; expected an object of strings.");
        }

        foreach (JsonProperty entry in element.EnumerateObject())
        {
            metadata[entry.Name] = entry.Value.GetString()!;
        }
    }

    private static (long[] Shape, long Begin, long End) Entry(string path, JsonProperty property, int dataLength)
    {
        JsonElement entry = property.Value;
        if (entry.ValueKind != JsonValueKind.Object
            || !entry.TryGetProperty("dtype", out JsonElement dtype) || dtype.ValueKind != JsonValueKind.String
            || !Integers(entry, "shape", out long[] shape)
            || !Integers(entry, "data_offsets", out long[] offsets) || offsets.Length != 2)
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

        if (offsets[0] < 0 || offsets[1] > dataLength || offsets[1] - offsets[0] != count * sizeof(float))
        {
            throw new InvalidDataException(
                $"{path}: tensor '{property.Name}' of shape [{string.Join(", ", shape)}] lies at bytes {offsets[0]} to {offsets[1]} of "
                + $"{dataLength}; expected {count * sizeof(float)} bytes inside the file.");
        }

        return (shape, offsets[0], offsets[1]);
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

    private static bool Integers(JsonElement entry, string name, out long[] values)
    {
        values = [];
        if (!entry.TryGetProperty(name, out JsonElement array) || array.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        var found = new List<long>();
        foreach (JsonElement item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long value) || value < 0)
            {
                return false;
            }

            found.Add(value);
        }

        values = [.. found];
        return true;
    }

    private static void WriteLittleEndian(Stream stream, float[] values)
    {
        if (BitConverter.IsLittleEndian)
        {
            stream.Write(MemoryMarshal.AsBytes(values.AsSpan()));
            return;
        }

        Span<byte> four = stackalloc byte[sizeof(float)];
        foreach (float value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(four, value);
            stream.Write(four);
        }
    }

    private static void ReadLittleEndian(ReadOnlySpan<byte> bytes, float[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }
    }
}
