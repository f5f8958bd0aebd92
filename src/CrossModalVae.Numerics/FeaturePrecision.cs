using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace CrossModalVae.Numerics;

/// <summary>How a feature store keeps numbers.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name",
    Justification = "A number's width is what this names, in numpy's and ONNX's words.")]
public enum FeaturePrecision
{
    /// <summary>As the front ends deliver them, bit for bit.</summary>
    Float32,

    /// <summary>
    /// IEEE binary16, half the size, rounded to the nearest: off by at most 2^-11 (0.05 %) of a value's size, and by at most 2^-25 where
    /// the value is smaller than 2^-14. Values of 65,520 and more cannot be held and are refused.
    /// </summary>
    Float16,
}

/// <summary>Features to the bytes of a feature store and back: little-endian float32 or float16.</summary>
internal static class FeatureCodec
{
    /// <summary>The smallest magnitude that float16 rounds to infinity: half a step above the largest finite value, 65,504.</summary>
    private const float Float16Limit = 65_520;

    public static int Size(FeaturePrecision precision) => precision == FeaturePrecision.Float16 ? 2 : sizeof(float);

    /// <summary>
    /// Writes at least one value; none is turned into infinity on the way. Returns null, or why a value cannot be held: "feature 3 is NaN;
    /// must be ...".
    /// </summary>
    public static string? Encode(ReadOnlySpan<float> values, FeaturePrecision precision, Span<byte> bytes)
    {
        float limit = precision == FeaturePrecision.Float16 ? Float16Limit : float.PositiveInfinity;
        if (!(Math.Abs(TensorPrimitives.MaxMagnitude(values)) < limit)) // NaN where any value is
        {
            return Fault(values, precision, limit);
        }

        if (precision == FeaturePrecision.Float16)
        {
            TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(bytes));
        }
        else
        {
            MemoryMarshal.AsBytes(values).CopyTo(bytes);
        }

        ToLittleEndian(bytes, precision);
        return null;
    }

    /// <summary>Reads values that <see cref="Encode"/> wrote.</summary>
    public static void Decode(ReadOnlySpan<byte> bytes, FeaturePrecision precision, Span<float> values)
    {
        if (!BitConverter.IsLittleEndian)
        {
            byte[] reversed = bytes.ToArray();
            ToLittleEndian(reversed, precision);
            bytes = reversed;
        }

        if (precision == FeaturePrecision.Float32)
        {
            bytes.CopyTo(MemoryMarshal.AsBytes(values));
        }
        else
        {
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
        }
    }

    private static string Fault(ReadOnlySpan<float> values, FeaturePrecision precision, float limit)
    {
        int index = 0;
        while (Math.Abs(values[index]) < limit)
        {
            index++;
        }

        string value = values[index].ToString(CultureInfo.InvariantCulture);
        return precision == FeaturePrecision.Float16 && float.IsFinite(values[index])
            ? $"feature {index} is {value}, which float16 cannot hold (at most 65504 in size); prepare in float32"
            : $"feature {index} is {value}; must be a finite number";
    }

    // Files are little-endian wherever they are written or read.
    private static void ToLittleEndian(Span<byte> bytes, FeaturePrecision precision)
    {
        if (BitConverter.IsLittleEndian)
        {
            return;
        }

        if (precision == FeaturePrecision.Float32)
        {
            Span<int> words = MemoryMarshal.Cast<byte, int>(bytes);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
        else
        {
            Span<short> words = MemoryMarshal.Cast<byte, short>(bytes);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
    }
}
