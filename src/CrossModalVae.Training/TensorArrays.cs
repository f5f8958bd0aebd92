using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>Copies between TorchSharp's tensors and plain arrays.</summary>
internal static class TensorArrays
{
    /// <summary>What fills the numbers of a tensor, row-major.</summary>
    public delegate void Fill(Span<float> values);

    /// <summary>
    /// A new float32 tensor, [rows, columns], filled in place: an array beside it, as large as a batch, would be garbage of every step.
    /// </summary>
    public static Tensor Filled(long rows, long columns, Device device, Fill fill)
    {
        Tensor host = empty([rows, columns], dtype: ScalarType.Float32, device: CPU); // [rows, columns]
        fill(MemoryMarshal.Cast<byte, float>(host.bytes));
        if (device.type == DeviceType.CPU)
        {
            return host;
        }

        using (host)
        {
            return host.to(device);
        }
    }

    /// <summary>A copy of a float32 tensor of any device, with its shape.</summary>
    public static NamedArray ToNamedArray(this Tensor tensor) => new(tensor.shape, tensor.ToFloats());

    /// <summary>The values of a float32 tensor of any device, row-major.</summary>
    public static float[] ToFloats(this Tensor tensor)
    {
        using Tensor detached = tensor.detach();
        using Tensor host = detached.cpu();
        using Tensor contiguous = host.contiguous();
        return contiguous.data<float>().ToArray();
    }

    /// <summary>Copies the arrays of a safetensors file into tensors of the same names and shapes.</summary>
    /// <exception cref="InvalidDataException">The file is broken or has other names or shapes; the message names the file.</exception>
    public static void Load(string path, IEnumerable<(string Name, Tensor Value)> tensors) =>
        CopyTo(SafetensorsFile.Read(path).Tensors, tensors, $"{path}: ");

    /// <summary>Copies arrays into tensors of the same names and shapes; messages begin with <paramref name="place"/>.</summary>
    /// <exception cref="InvalidDataException">A name is missing or superfluous, or a shape differs.</exception>
    public static void CopyTo(
        IReadOnlyDictionary<string, NamedArray> arrays, IEnumerable<(string Name, Tensor Value)> tensors, string place = "")
    {
        using IDisposable gradients = no_grad();
        using var scope = NewDisposeScope();
        var left = new SortedSet<string>(arrays.Keys, StringComparer.Ordinal);
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
            throw new InvalidDataException($"{place}Weight '{left.Min}' is not part of the recipe's architecture.");
        }
    }
}
