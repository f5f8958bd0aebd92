using System.Numerics;
using System.Runtime.InteropServices;
using CrossModalVae.Fourier;

namespace CrossModalVae.Audio;

/// <summary>
/// Triangular mel filters over the bins of a Fourier transform, only their non-zero weights kept. Computed in double precision;
/// torchaudio's own are in single precision and differ by up to 4e-6. Immutable.
/// </summary>
internal sealed class MelFilterBank
{
    // Slaney's scale (Auditory Toolbox): 200 / 3 Hz a mel up to 1 kHz, then 27 mels for a factor of 6.4.
    private const double SlaneyLinearHz = 200.0 / 3;
    private const double SlaneyBreakHz = 1_000;
    private static readonly double SlaneyLogStep = Math.Log(6.4) / 27;

    private readonly int[] _first;
    private readonly double[][] _weights;

    /// <summary>Computes the filters.</summary>
    /// <param name="filters">Their kind.</param>
    /// <param name="count">How many.</param>
    /// <param name="fftLength">The transform's length.</param>
    /// <param name="rateHz">The signal's rate.</param>
    /// <param name="lowHz">Where the first filter starts.</param>
    /// <param name="highHz">Where the last one ends, above <paramref name="lowHz"/> and at most half the rate.</param>
    public MelFilterBank(MelFilters filters, int count, int fftLength, int rateHz, double lowHz, double highHz)
    {
        double low = ToMel(filters, lowHz);
        double step = (ToMel(filters, highHz) - low) / (count + 1);
        int bins = filters == MelFilters.Kaldi ? fftLength / 2 : (fftLength / 2) + 1;
        _first = new int[count];
        _weights = new double[count][];
        for (int m = 0; m < count; m++)
        {
            double left = low + (m * step);
            double centre = low + ((m + 1) * step);
            double right = low + ((m + 2) * step);
            double height = 1;
            if (filters != MelFilters.Kaldi)
            {
                (left, centre, right) = (ToHz(filters, left), ToHz(filters, centre), ToHz(filters, right));
                height = filters == MelFilters.Slaney ? 2 / (right - left) : 1;
            }

            var weights = new List<double>();
            for (int k = 0; k < bins; k++)
            {
                double x = (double)k * rateHz / fftLength;
                x = filters == MelFilters.Kaldi ? ToMel(filters, x) : x;
                double weight = height * Math.Min((x - left) / (centre - left), (right - x) / (right - centre));
                if (weight > 0)
                {
                    _first[m] = weights.Count == 0 ? k : _first[m];
                    weights.Add(weight);
                }
            }

            _weights[m] = [.. weights];
        }
    }

    /// <summary>Filters in the bank.</summary>
    public int Count => _weights.Length;

    /// <summary>The non-zero weights of one filter; none where it falls between two bins.</summary>
    /// <param name="filter">Its index.</param>
    /// <param name="first">The bin of the first weight.</param>
    public ReadOnlySpan<double> Weights(int filter, out int first)
    {
        first = _first[filter];
        return _weights[filter];
    }

    /// <summary>Projects the spectra of several frames, one frame a lane, each filter's bins summed from low to high.</summary>
    /// <param name="bins">[fft / 2 + 1, lanes] magnitudes or powers.</param>
    /// <param name="mels">Receives [<see cref="Count"/>, lanes].</param>
    public void Project<T, TNumber>(Span<TNumber> bins, Span<TNumber> mels)
        where T : struct, ILanes<T, TNumber>
        where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
    {
        for (int m = 0; m < _weights.Length; m++)
        {
            double[] weights = _weights[m];
            ref TNumber part = ref MemoryMarshal.GetReference(bins.Slice(_first[m] * T.Count, weights.Length * T.Count));
            T sum = T.Broadcast(TNumber.Zero);
            for (int i = 0; i < weights.Length; i++)
            {
                sum = T.MultiplyAdd(T.Load(ref part, (nuint)(i * T.Count)), T.Broadcast(TNumber.CreateTruncating(weights[i])), sum);
            }

            sum.Store(ref MemoryMarshal.GetReference(mels.Slice(m * T.Count, T.Count)), 0);
        }
    }

    private static double ToMel(MelFilters filters, double hz)
    {
        if (filters != MelFilters.Slaney)
        {
            return 1_127 * Math.Log(1 + (hz / 700)); // a factor on mels moves no centre, so HTK's 2595 log10 is the same
        }

        return hz < SlaneyBreakHz ? hz / SlaneyLinearHz : (SlaneyBreakHz / SlaneyLinearHz) + (Math.Log(hz / SlaneyBreakHz) / SlaneyLogStep);
    }

    private static double ToHz(MelFilters filters, double mel)
    {
        if (filters != MelFilters.Slaney)
        {
            return 700 * (Math.Exp(mel / 1_127) - 1);
        }

        double linear = mel * SlaneyLinearHz;
        return linear < SlaneyBreakHz ? linear : SlaneyBreakHz * Math.Exp((mel - (SlaneyBreakHz / SlaneyLinearHz)) * SlaneyLogStep);
    }
}
