using System.Numerics;
using System.Runtime.CompilerServices;

namespace CrossModalVae.Fourier;

/// <summary>
/// The Fourier transform of several real frames at once, one frame a lane: a <see cref="ComplexFft{T, TNumber}"/> of half as many points
/// (even samples real, odd imaginary), then the split into the spectrum of the real frames. Immutable; buffers belong to the caller.
/// </summary>
internal sealed class RealFft<T, TNumber>
    where T : struct, ILanes<T, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly int _half;
    private readonly ComplexFft<T, TNumber> _complex;
    private readonly TNumber[] _split; // [half / 2 + 1, 2]

    /// <param name="length">A power of two, at least 4.</param>
    public RealFft(int length)
    {
        if (length < 4 || !BitOperations.IsPow2(length))
        {
            throw new ArgumentOutOfRangeException(nameof(length), $"'length' is {length}; must be a power of two, at least 4.");
        }

        Length = length;
        BinCount = (length / 2) + 1;
        _half = length / 2;
        _complex = new ComplexFft<T, TNumber>(_half);
        _split = [.. Enumerable.Range(0, (_half / 2) + 1).SelectMany(k => ComplexFft<T, TNumber>.Twiddle(k, length))];
    }

    /// <summary>Samples of a frame.</summary>
    public int Length { get; }

    /// <summary>Distinct bins: Length / 2 + 1.</summary>
    public int BinCount { get; }

    /// <summary>Memory for the frames of one transform.</summary>
    public AlignedBuffer<TNumber> CreateFrames() => new(Length * T.Count);

    /// <summary>Memory for what one transform gives: [bins, lanes].</summary>
    public AlignedBuffer<TNumber> CreateBins() => new(BinCount * T.Count);

    /// <summary>
    /// Where sample n of the frames stands in their memory, in numbers: even samples in the first half, odd ones in the second.
    /// </summary>
    public nuint PlaceOf(int n) => (nuint)(((n >> 1) + ((n & 1) * _half)) * T.Count);

    /// <summary>Magnitudes of as many frames as there are lanes.</summary>
    /// <param name="frames">Samples at their places; used up. From <see cref="CreateFrames"/>.</param>
    /// <param name="bins">Receives [bins, lanes]; from <see cref="CreateBins"/>.</param>
    public void Magnitudes(AlignedBuffer<TNumber> frames, AlignedBuffer<TNumber> bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames.Length, Length * T.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins.Length, BinCount * T.Count);
        _complex.Forward(frames.Span[..(_half * T.Count)], frames.Span[(_half * T.Count)..]);
        ref TNumber re = ref frames.First;
        Split(ref re, ref Unsafe.Add(ref re, _half * T.Count), ref bins.First);
    }

    // X[k] = E + W^k O and X[half - k] = conj(E - W^k O), with E = (Z[k] + Z*[half - k]) / 2, O = -i (Z[k] - Z*[half - k]) / 2.
    private void Split(ref TNumber re, ref TNumber im, ref TNumber bins)
    {
        T zr = T.Load(ref re, 0), zi = T.Load(ref im, 0);
        T.Abs(zr + zi).Store(ref bins, 0);
        T.Abs(zr - zi).Store(ref bins, (nuint)(_half * T.Count));
        T half = T.Broadcast(TNumber.CreateTruncating(0.5));
        TNumber[] split = _split;
        ReadOnlySpan<int> places = _complex.Places;
        for (int k = 1, other = _half - 1; k <= other; k++, other--)
        {
            nuint a = (nuint)places[k], b = (nuint)places[other];
            T zar = T.Load(ref re, a), zai = T.Load(ref im, a), zbr = T.Load(ref re, b), zbi = T.Load(ref im, b);
            T er = half * (zar + zbr), ei = half * (zai - zbi), or = half * (zai + zbi), oi = half * (zbr - zar);
            T c = T.Broadcast(split[2 * k]), s = T.Broadcast(split[(2 * k) + 1]);
            T tr = T.MultiplyAdd(or, c, oi * -s), ti = T.MultiplyAdd(or, s, oi * c);
            T xr = er + tr, xi = ei + ti, yr = er - tr, yi = ei - ti;
            T.SquareRoot(T.MultiplyAdd(xr, xr, xi * xi)).Store(ref bins, (nuint)(k * T.Count));
            T.SquareRoot(T.MultiplyAdd(yr, yr, yi * yi)).Store(ref bins, (nuint)(other * T.Count));
        }
    }
}
