using System.Buffers;
using System.Numerics.Tensors;
using CrossModalVae.Encoders;

namespace CrossModalVae.Faces;

/// <summary>The last step of a face front end with an encoder: a square RGB picture to a vector. Thread-safe.</summary>
internal sealed class FaceEncoding
{
    private readonly FaceEncoderOptions _options;
    private readonly IFrozenEncoder _encoder;

    private FaceEncoding(FaceEncoderOptions options, IFrozenEncoder encoder) => (_options, _encoder) = (options, encoder);

    public int VectorLength => _encoder.VectorLength;

    /// <summary>Null where there is no encoder.</summary>
    /// <exception cref="ArgumentException">Options and network do not belong together.</exception>
    public static FaceEncoding? Of(FaceOptions options, IFrozenEncoder? encoder)
    {
        if (options.Encoder is null && encoder is null)
        {
            return null;
        }

        if (options.Encoder is not { IsResolved: true } || encoder is null)
        {
            throw new ArgumentException(
                $"'options' {(options.Encoder is null ? "have no encoder" : "have an encoder")} and 'encoder' is "
                + $"{(encoder is null ? "null" : "given")}; must be a pair that FrozenEncoders opened.", nameof(encoder));
        }

        int expected = 3 * options.Encoder.Size * options.Encoder.Size;
        return encoder.InputLength == expected
            ? new FaceEncoding(options.Encoder, encoder)
            : throw new ArgumentException(
                $"'encoder' takes {encoder.InputLength} numbers a picture; must take {expected}, 3 x {options.Encoder.Size} x "
                + $"{options.Encoder.Size}.", nameof(encoder));
    }

    /// <summary>Scores a picture, and its mirror image where the options say so.</summary>
    /// <param name="planes">[3, size, size] red, green, blue of 0 to 255; changed.</param>
    /// <param name="vector">Receives the vector.</param>
    /// <param name="place">What messages call the picture.</param>
    public void Encode(Span<float> planes, Span<float> vector, string place)
    {
        int count = _options.Mirror ? 2 : 1;
        TensorPrimitives.Min(planes, 255f, planes); // white may come out a rounding above
        float[] rented = ArrayPool<float>.Shared.Rent(count * planes.Length); // a new array of this size would be collected with all others
        Span<float> rows = rented.AsSpan(0, count * planes.Length); // [count, row]
        Fill(planes, rows[..planes.Length]);
        if (_options.Mirror)
        {
            for (int start = 0; start < planes.Length; start += _options.Size)
            {
                planes.Slice(start, _options.Size).Reverse();
            }

            Fill(planes, rows[planes.Length..]);
        }

        var vectors = new float[count * VectorLength];
        _encoder.Encode(rows, vectors);
        ArrayPool<float>.Shared.Return(rented); // not after an exception: then it is garbage
        EncoderVectors.Average(vectors, _options.Vector, vector, place);
    }

    private void Fill(ReadOnlySpan<float> planes, Span<float> row)
    {
        int pixels = planes.Length / 3;
        for (int channel = 0; channel < 3; channel++)
        {
            int place = _options.ColourOrder == ColourOrder.Rgb ? channel : 2 - channel;
            float mean = (float)_options.Mean[channel], deviation = (float)_options.Deviation[channel];
            ReadOnlySpan<float> plane = planes.Slice(channel * pixels, pixels);
            if (_options.Layout == ImageLayout.Nchw)
            {
                Span<float> target = row.Slice(place * pixels, pixels);
                TensorPrimitives.Subtract(plane, mean, target);
                TensorPrimitives.Divide(target, deviation, target);
                continue;
            }

            for (int i = 0; i < pixels; i++)
            {
                row[(3 * i) + place] = (plane[i] - mean) / deviation;
            }
        }
    }
}
