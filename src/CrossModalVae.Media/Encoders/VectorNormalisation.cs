using System.Numerics.Tensors;

namespace CrossModalVae.Encoders;

/// <summary>What becomes of an encoder's vector before several of a clip are averaged.</summary>
public enum VectorNormalisation
{
    /// <summary>As the preset has it; unit length without a preset.</summary>
    Auto,

    /// <summary>Nothing: for descriptors that are compared by their Euclidean distance, such as dlib's.</summary>
    None,

    /// <summary>Division by its norm: for vectors that are compared by their cosine.</summary>
    UnitLength,
}

/// <summary>Vectors of one clip to its features.</summary>
internal static class EncoderVectors
{
    /// <summary>Normalises each vector and writes their mean.</summary>
    /// <exception cref="InvalidDataException">A vector is not finite.</exception>
    public static void Average(Span<float> vectors, VectorNormalisation normalisation, Span<float> mean, string place)
    {
        mean.Clear();
        for (Span<float> rest = vectors; !rest.IsEmpty; rest = rest[mean.Length..])
        {
            Span<float> vector = rest[..mean.Length];
            float norm = TensorPrimitives.Norm<float>(vector);
            if (!float.IsFinite(norm))
            {
                throw new InvalidDataException(
                    $"{place}: the encoder's vector of it has numbers that are not finite; expected finite ones.");
            }

            if (normalisation == VectorNormalisation.UnitLength && norm > 0)
            {
                TensorPrimitives.Divide(vector, norm, vector);
            }

            TensorPrimitives.Add(mean, vector, mean);
        }

        TensorPrimitives.Divide(mean, vectors.Length / mean.Length, mean);
    }
}
