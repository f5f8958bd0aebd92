using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace CrossModalVae.Numerics;

/// <summary>Features to the bytes of a feature store and back: little-endian float32 or float16.</summary>
internal static class FeatureCodec
{
    /// <summary>The smallest size that rounds to infinity in float16: half a step above the largest finite value, 65,504.</summary>
    private const float Float16Limit = 65_520;

    public static int Size(FeaturePrecision precision) => precision == FeaturePrecision.Float16 ? 2 : sizeof(float);

    /// <summary>Writes values; nothing is ever turned into infinity on the way.</summary>
    /// <param name="values">[F], at least one.</param>
    /// <param name="precision">How they are kept.</param>
    /// <param name="bytes">Receives F times <see cref="Size"/> bytes.</param>
    /// <returns>Null, or why a value cannot be held: "feature 3 is NaN; must be ...".</returns>
    public static string? Encode(ReadOnlySpan<float> values, FeaturePrecision precision, Span<byte> bytes)
    {
        float limit = precision == FeaturePrecision.Float16 ? Float16Limit : float.PositiveInfinity;
        if (!(Math.Abs(TensorPrimitives.MaxMagnitude(values)) < limit)) // NaN where any value is
        {
            return Fault(values, precision, limit);
        }

        if (precision == FeaturePrecision.Float16)
        {
            Span<Half> halves = MemoryMarshal.Cast<byte, Half>(bytes);
            TensorPrimitives.ConvertToHalf(values, halves);
            Turn16(bytes);
        }
        else
        {
            MemoryMarshal.AsBytes(values).CopyTo(bytes);
            Turn32(bytes);
        }

        return null;
    }

    /// <summary>Reads values that <see cref="Encode"/> wrote.</summary>
    public static void Decode(ReadOnlySpan<byte> bytes, FeaturePrecision precision, Span<float> values)
    {
        if (precision == FeaturePrecision.Float32)
        {
            bytes.CopyTo(MemoryMarshal.AsBytes(values));
            Turn32(MemoryMarshal.AsBytes(values));
            return;
        }

        if (BitConverter.IsLittleEndian)
        {
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
            return;
        }

        byte[] turned = bytes.ToArray();
        Turn16(turned);
        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(turned), values);
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
    private static void Turn32(Span<byte> bytes)
    {
        if (!BitConverter.IsLittleEndian)
        {
            Span<int> words = MemoryMarshal.Cast<byte, int>(bytes);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
    }

    private static void Turn16(Span<byte> bytes)
    {
        if (!BitConverter.IsLittleEndian)
        {
            Span<short> words = MemoryMarshal.Cast<byte, short>(bytes);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
    }
}
