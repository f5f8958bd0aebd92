using System.Numerics;
using System.Runtime.InteropServices;
using CrossModalVae.Fourier;
using NWaves.Utils;

namespace CrossModalVae.Audio;

/// <summary>
/// Triangular mel filters over the bins of a Fourier transform, on NWaves' mel scales; only non-zero weights are kept. Computed in double
/// precision: torchaudio's own are in single precision and differ by up to 4e-6. Immutable.
/// </summary>
internal sealed class MelFilterBank
{
    private readonly int[] _first;
    private readonly double[][] _weights;

    /// <summary>Computes the filters from <paramref name="lowHz"/> to <paramref name="highHz"/>, at most half the rate.</summary>
    public MelFilterBank(MelFilters filters, int count, int fftLength, int rateHz, double lowHz, double highHz)
    {
        double low = ToMel(filters, lowHz);
        double step = (ToMel(filters, highHz) - low) / (count + 1);
        int bins = filters == MelFilters.Kaldi ? fftLength / 2 : (fftLength / 2) + 1;
        _first = new int[count];
        _weights = new double[count][];
        CentresHz = [.. Enumerable.Range(1, count).Select(m => ToHz(filters, low + (m * step)))];
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

    /// <summary>Where each filter is highest, in Hz.</summary>
    public IReadOnlyList<double> CentresHz { get; }

    /// <summary>The non-zero weights of one filter from bin <paramref name="first"/> on; none where it falls between two bins.</summary>
    public ReadOnlySpan<double> Weights(int filter, out int first)
    {
        first = _first[filter];
        return _weights[filter];
    }

    /// <summary>Projects several frames' spectra, [fft / 2 + 1, lanes], to [<see cref="Count"/>, lanes], one frame a lane; each filter's
    /// bins are summed from low to high.</summary>
    public void Project<T, TNumber>(Span<TNumber> bins, Span<TNumber> mels)
        where T : struct, ILanes<T, TNumber>
        where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
    {
        for (int m = 0; m < _weights.Length; m++)
        {
            double[] weights = _weights[m];
            ref TNumber covered = ref MemoryMarshal.GetReference(bins.Slice(_first[m] * T.Count, weights.Length * T.Count));
            T sum = T.Broadcast(TNumber.Zero);
            for (int i = 0; i < weights.Length; i++)
            {
                sum = T.MultiplyAdd(T.Load(ref covered, (nuint)(i * T.Count)), T.Broadcast(TNumber.CreateTruncating(weights[i])), sum);
            }

            sum.Store(ref MemoryMarshal.GetReference(mels.Slice(m * T.Count, T.Count)), 0);
        }
    }

    // HTK's 2595 log10(1 + f / 700) and Kaldi's 1127 ln(1 + f / 700) differ by a factor that moves no centre.
    private static double ToMel(MelFilters filters, double hz) =>
        filters == MelFilters.Slaney ? Scale.HerzToMelSlaney(hz) : Scale.HerzToMel(hz);

    private static double ToHz(MelFilters filters, double mel) =>
        filters == MelFilters.Slaney ? Scale.MelToHerzSlaney(mel) : Scale.MelToHerz(mel);
}
