using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>Between the engine's tensors and plain arrays.</summary>
internal static class Arrays
{
    /// <summary>A copy of a tensor's values, wherever it lives.</summary>
    public static NamedArray Read(Tensor tensor) => new(tensor.shape, Values(tensor));

    /// <summary>The values of a float32 tensor, row-major.</summary>
    public static float[] Values(Tensor tensor)
    {
        using Tensor detached = tensor.detach();
        using Tensor host = detached.cpu();
        using Tensor contiguous = host.contiguous();
        return contiguous.data<float>().ToArray();
    }

    /// <summary>Copies the arrays of a safetensors file into tensors of the same names and shapes.</summary>
    /// <exception cref="InvalidDataException">
    /// The file is broken, a name is missing or superfluous, or a shape differs; the message names the file.
    /// </exception>
    public static void Load(string path, IEnumerable<(string Name, Tensor Value)> tensors) =>
        Write(SafetensorsFile.Read(path).Tensors, tensors, $"{path}: ");

    /// <summary>Copies arrays into tensors of the same names and shapes.</summary>
    /// <param name="arrays">The values.</param>
    /// <param name="tensors">Where they go.</param>
    /// <param name="place">What messages begin with.</param>
    /// <exception cref="InvalidDataException">A name is missing or superfluous, or a shape differs.</exception>
    public static void Write(
        IReadOnlyDictionary<string, NamedArray> arrays, IEnumerable<(string Name, Tensor Value)> tensors, string place = "")
    {
        using IDisposable gradients = no_grad();
        using var scope = NewDisposeScope();
        var left = new HashSet<string>(arrays.Keys, StringComparer.Ordinal);
        foreach ((string name, Tensor value) in tensors)
        {
            if (!arrays.TryGetValue(name, out NamedArray? array))
            {
                throw new InvalidDataException($"{place}Weight '{name}' is missing; expected shape [{string.Join(", ", value.shape)}].");
            }

            if (!array.Shape.SequenceEqual(value.shape))
            {
                throw new InvalidDataException(
                    $"{place}Weight '{name}' has shape [{string.Join(", ", array.Shape)}]; "
                    + $"expected [{string.Join(", ", value.shape)}], the recipe's.");
            }

            value.copy_(tensor(array.Values, [.. array.Shape]));
            left.Remove(name);
        }

        if (left.Count > 0)
        {
            string first = left.Order(StringComparer.Ordinal).First();
            throw new InvalidDataException($"{place}Weight '{first}' has no place in the recipe's architecture.");
        }
    }
}
