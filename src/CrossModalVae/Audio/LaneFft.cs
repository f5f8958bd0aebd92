using System.Numerics;
using CrossModalVae.Numerics;

namespace CrossModalVae.Audio;

/// <summary>
/// The Fourier transform of several real frames at once, one frame a SIMD lane: half as many complex points (even samples real, odd
/// imaginary), their complex transform, then the split into the spectrum of the real frames. No lane sees another and nothing is fused, so a
/// frame's spectrum has the same bits for every SIMD width. Immutable; buffers belong to the caller.
/// </summary>
internal sealed class LaneFft
{
    private readonly int _half;
    private readonly ComplexLaneFft _fft;
    private readonly float[] _splitCos;
    private readonly float[] _splitSin;

    /// <param name="length">A power of two, at least 4.</param>
    public LaneFft(int length)
    {
        if (length < 4 || !BitOperations.IsPow2(length))
        {
            throw new ArgumentOutOfRangeException(nameof(length), $"'length' is {length}; must be a power of two, at least 4.");
        }

        Length = length;
        _half = length / 2;
        _fft = new ComplexLaneFft(_half);
        (_splitCos, _splitSin) = ComplexLaneFft.Twiddles((_half / 2) + 1, length);
    }

    /// <summary>Samples of a frame.</summary>
    public int Length { get; }

    /// <summary>Work buffers of one transform: [half] complex numbers of all lanes, twice.</summary>
    public sealed class Buffers(LaneFft fft) : ComplexLaneFft.Buffers(fft._half);

    /// <summary>Magnitudes of the frames in the buffers (Re: even samples, Im: odd ones), which are used up.</summary>
    /// <param name="buffers">The frames.</param>
    /// <param name="magnitudes">[Length / 2 + 1] bins of all lanes.</param>
    public void Magnitudes(Buffers buffers, Span<Vector<float>> magnitudes)
    {
        _fft.Transform(buffers);
        Split(buffers.Re, buffers.Im, magnitudes);
    }

    // X[k] = E + W^k O and X[half - k] = conj(E - W^k O), with E = (Z[k] + Z*[half - k]) / 2, O = -i (Z[k] - Z*[half - k]) / 2.
    private void Split(Vector<float>[] re, Vector<float>[] im, Span<Vector<float>> magnitudes)
    {
        magnitudes[0] = Vector.Abs(re[0] + im[0]);
        magnitudes[_half] = Vector.Abs(re[0] - im[0]);
        var half = new Vector<float>(0.5f);
        for (int k = 1; k <= _half / 2; k++)
        {
            int other = _half - k;
            Vector<float> er = half * (re[k] + re[other]);
            Vector<float> ei = half * (im[k] - im[other]);
            Vector<float> or = half * (im[k] + im[other]);
            Vector<float> oi = half * (re[other] - re[k]);
            var c = new Vector<float>(_splitCos[k]);
            var s = new Vector<float>(_splitSin[k]);
            Vector<float> tr = (or * c) - (oi * s);
            Vector<float> ti = (or * s) + (oi * c);
            Vector<float> ar = er + tr, ai = ei + ti, br = er - tr, bi = ei - ti;
            magnitudes[k] = Vector.SquareRoot((ar * ar) + (ai * ai));
            magnitudes[other] = Vector.SquareRoot((br * br) + (bi * bi));
        }
    }
}
