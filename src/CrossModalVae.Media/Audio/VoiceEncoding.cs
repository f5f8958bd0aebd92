using System.Numerics.Tensors;
using CrossModalVae.Encoders;

namespace CrossModalVae.Audio;

/// <summary>The last step of a voice front end with an encoder: normalised frames, or samples, to a vector. Thread-safe.</summary>
internal sealed class VoiceEncoding
{
    private readonly VoiceEncoderOptions _options;
    private readonly IFrozenEncoder _encoder;
    private readonly int _frames;
    private readonly int _bins;

    private VoiceEncoding(VoiceEncoderOptions options, IFrozenEncoder encoder, int frames, int bins) =>
        (_options, _encoder, _frames, _bins) = (options, encoder, frames, bins);

    public int InputLength => _encoder.InputLength;

    public int VectorLength => _encoder.VectorLength;

    public bool TakesSamples => _options.Takes == VoiceEncoderInput.Samples;

    /// <summary>Null where there is no encoder.</summary>
    /// <exception cref="ArgumentException">Options and network do not belong together.</exception>
    public static VoiceEncoding? Of(VoiceOptions options, IFrozenEncoder? encoder, int frames, int bins)
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

        int expected = options.Encoder.Takes == VoiceEncoderInput.Samples ? options.SampleCount : frames * bins;
        return encoder.InputLength == expected
            ? new VoiceEncoding(options.Encoder, encoder, frames, bins)
            : throw new ArgumentException(
                $"'encoder' takes {encoder.InputLength} numbers a clip; must take {expected}, as the front end makes.", nameof(encoder));
    }

    /// <summary>Samples, [InputLength], to a vector.</summary>
    public void EncodeSamples(ReadOnlySpan<float> samples, Span<float> vector, string place)
    {
        var found = new float[VectorLength];
        _encoder.Encode(samples, found);
        EncoderVectors.Average(found, _options.Vector, vector, place);
    }

    /// <summary>Frames, [T, F] and changed, to a vector.</summary>
    public void EncodeFrames(Span<float> frames, Span<float> vector, string place)
    {
        if (_options.Frames != FrameNormalisation.None)
        {
            Normalise(frames);
        }

        if (_options.Layout == FrameLayout.FramesFirst)
        {
            EncodeSamples(frames, vector, place);
            return;
        }

        var turned = new float[frames.Length]; // [F, T]
        for (int t = 0; t < _frames; t++)
        {
            for (int f = 0; f < _bins; f++)
            {
                turned[(f * _frames) + t] = frames[(t * _bins) + f];
            }
        }

        EncodeSamples(turned, vector, place);
    }

    private void Normalise(Span<float> frames)
    {
        var sums = new double[_bins];
        var means = new float[_bins];
        var deviations = new float[_bins];
        SpectrumPooling.Mean(frames, sums, means);
        if (_options.Frames == FrameNormalisation.MeanAndDeviation)
        {
            SpectrumPooling.StandardDeviation(frames, means, sums, deviations, unbiased: true);
            SpectrumPooling.Normalise(frames, means, deviations);
            return;
        }

        for (Span<float> rest = frames; !rest.IsEmpty; rest = rest[_bins..])
        {
            TensorPrimitives.Subtract(rest[.._bins], means, rest[.._bins]);
        }
    }
}
