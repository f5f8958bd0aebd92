namespace NWaves.Transforms;

public class RealFft
{
    private readonly int _half;
    private readonly float[] _cos;
    private readonly float[] _sin;
    private readonly float[] _re;
    private readonly float[] _im;

    public RealFft(int size)
    {
        int exponent = (int)Math.Log(size, 2);
        if (size != 1 << exponent)
        {
            throw new ArgumentException("Size of FFT must be a power of 2!");
        }

        _half = size / 2;
        _re = new float[_half];
        _im = new float[_half];
        _cos = new float[size];
        _sin = new float[size];
        for (int i = 0; i < size; i++)
        {
            (double sin, double cos) = Math.SinCos(2 * Math.PI * i / size);
            _cos[i] = (float)cos;
            _sin[i] = (float)sin;
        }
    }

    public int Size => _half * 2;

    // Not normalised. Reads the first Size samples, writes the first Size / 2 + 1 values of re and im.
    public void Direct(float[] input, float[] re, float[] im)
    {
        for (int i = 0; i < _half; i++)
        {
            _re[i] = input[2 * i];
            _im[i] = input[(2 * i) + 1];
        }

        ComplexTransform();

        // X[k] = (Z[k] + Z*[h - k]) / 2 - i W^k (Z[k] - Z*[h - k]) / 2, where Z is the transform of even + i odd samples.
        for (int k = 0; k < _half; k++)
        {
            int b = (_half - k) % _half;
            float evenRe = 0.5f * (_re[k] + _re[b]);
            float evenIm = 0.5f * (_im[k] - _im[b]);
            float oddRe = 0.5f * (_im[k] + _im[b]);
            float oddIm = 0.5f * (_re[b] - _re[k]);
            re[k] = evenRe + (_cos[k] * oddRe) + (_sin[k] * oddIm);
            im[k] = evenIm + (_cos[k] * oddIm) - (_sin[k] * oddRe);
        }

        re[_half] = _re[0] - _im[0];
        im[_half] = 0;
    }

    // As in the genuine package, fills the whole of spectrum and divides by half the FFT size where normalize is set.
    public void MagnitudeSpectrum(float[] samples, float[] spectrum, bool normalize = false)
    {
        var re = new float[_half + 1];
        var im = new float[_half + 1];
        Direct(samples, re, im);
        for (int k = 0; k < spectrum.Length; k++)
        {
            double magnitude = Math.Sqrt((re[k] * re[k]) + (im[k] * im[k]));
            spectrum[k] = (float)(normalize ? magnitude / _half : magnitude);
        }
    }

    // Decimation in time: bit reversal, then butterflies of growing span (Cooley, Tukey 1965).
    private void ComplexTransform()
    {
        for (int i = 1, j = 0; i < _half; i++)
        {
            int bit = _half >> 1;
            for (; (j & bit) != 0; bit >>= 1)
            {
                j ^= bit;
            }

            j |= bit;
            if (i < j)
            {
                (_re[i], _re[j]) = (_re[j], _re[i]);
                (_im[i], _im[j]) = (_im[j], _im[i]);
            }
        }

        for (int span = 1; span < _half; span *= 2)
        {
            int stride = _half / span;
            for (int start = 0; start < _half; start += 2 * span)
            {
                for (int k = 0; k < span; k++)
                {
                    float cos = _cos[k * stride];
                    float sin = _sin[k * stride];
                    int p = start + k;
                    int q = p + span;
                    float re = (_re[q] * cos) + (_im[q] * sin);
                    float im = (_im[q] * cos) - (_re[q] * sin);
                    (_re[q], _im[q]) = (_re[p] - re, _im[p] - im);
                    (_re[p], _im[p]) = (_re[p] + re, _im[p] + im);
                }
            }
        }
    }
}
