using System.Text.Json;
using CrossModalVae.Files;

namespace CrossModalVae.Onnx;

/// <summary>Weights as TensorFlow.js stores them: a manifest of names, shapes and 8-bit scales, and one file of bytes.</summary>
internal sealed class FaceApiWeights
{
    private const long LargestBytes = 1L << 30;

    private readonly string _path;
    private readonly Dictionary<string, (int[] Shape, float[] Values)> _tensors = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    private FaceApiWeights(string path) => _path = path;

    /// <summary>Reads a manifest and its bytes.</summary>
    /// <exception cref="InvalidDataException">The manifest is not of this kind, or the bytes are more or fewer than it says.</exception>
    public static FaceApiWeights Read(string folder, string manifestName)
    {
        string path = Path.Combine(folder, manifestName);
        byte[] text = [];
        int length = InputFile.ReadAll(path, "a weights manifest of TensorFlow.js", LargestBytes, ref text);
        try
        {
            using JsonDocument json = JsonDocument.Parse(text.AsMemory(0, length));
            JsonElement group = json.RootElement[0];
            string dataPath = Path.Combine(folder, Path.GetFileName(group.GetProperty("paths")[0].GetString()!));
            byte[] data = [];
            int dataLength = InputFile.ReadAll(dataPath, "the weights that the manifest names", LargestBytes, ref data);
            return Read(path, group.GetProperty("weights"), dataPath, data.AsSpan(0, dataLength));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException
            or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException($"{path}: is no weights manifest of TensorFlow.js: {e.Message}", e);
        }
    }

    /// <summary>The numbers of a tensor that has this shape.</summary>
    /// <exception cref="InvalidDataException">There is none, or it has another shape.</exception>
    public float[] Take(string name, params int[] shape)
    {
        _used.Add(name);
        return _tensors.TryGetValue(name, out (int[] Shape, float[] Values) found) && found.Shape.SequenceEqual(shape)
            ? found.Values
            : throw new InvalidDataException(
                $"{_path}: {(found.Shape is null ? $"has no '{name}'" : $"'{name}' is [{string.Join(", ", found.Shape)}]")}; "
                + $"expected [{string.Join(", ", shape)}], as dlib's network has it.");
    }

    /// <summary>Refuses weights that the network has no place for.</summary>
    /// <exception cref="InvalidDataException">There are some.</exception>
    public void RequireAllUsed()
    {
        if (_tensors.Keys.FirstOrDefault(name => !_used.Contains(name)) is string name)
        {
            throw new InvalidDataException($"{_path}: has '{name}', which dlib's network has not; expected that network.");
        }
    }

    private static FaceApiWeights Read(string path, JsonElement entries, string dataPath, ReadOnlySpan<byte> data)
    {
        var weights = new FaceApiWeights(path);
        int total = data.Length, needed = 0;
        foreach (JsonElement entry in entries.EnumerateArray())
        {
            int[] shape = [.. entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
            int count = shape.Aggregate(1, (product, size) => checked(product * size));
            bool isQuantised = entry.TryGetProperty("quantization", out JsonElement quantization);
            string type = (isQuantised ? quantization : entry).GetProperty("dtype").GetString()!;
            if (type != (isQuantised ? "uint8" : "float32"))
            {
                throw new InvalidDataException(
                    $"{path}: '{entry.GetProperty("name")}' has numbers of type {type}; expected float32 or uint8.");
            }

            int bytes = checked(count * (isQuantised ? 1 : sizeof(float)));
            needed = checked(needed + bytes);
            if (needed > total)
            {
                continue; // counted for the message
            }

            double scale = isQuantised ? quantization.GetProperty("scale").GetDouble() : 0;
            double least = isQuantised ? quantization.GetProperty("min").GetDouble() : 0;
            var values = new float[count];
            for (int i = 0; i < count; i++)
            {
                values[i] = isQuantised
                    ? (float)((data[i] * scale) + least)
                    : BitConverter.ToSingle(data[(i * sizeof(float))..]);
            }

            weights._tensors[entry.GetProperty("name").GetString()!] = (shape, values);
            data = data[bytes..];
        }

        return needed == total
            ? weights
            : throw new InvalidDataException($"{dataPath}: has {total} bytes; expected {needed}, as {path} has them.");
    }
}
