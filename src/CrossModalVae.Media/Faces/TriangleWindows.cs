namespace CrossModalVae.Faces;

/// <summary>
/// The weights of an antialiased linear resize along one axis: for each output sample a window of input samples under a triangle as wide as
/// two output samples (two input samples where it enlarges), normalised to the sum 1, windows cut at the borders. The same windows as
/// Pillow's BILINEAR resize. Keeps the last weights, so pictures of one size share them.
/// </summary>
/// <param name="outputLength">Samples after the resize, at least 1.</param>
internal sealed class TriangleWindows(int outputLength)
{
    private readonly int[] _first = new int[outputLength];
    private readonly int[] _offset = new int[outputLength + 1];
    private float[] _weights = []; // all windows, one after the other
    private (double Start, double Length, int Low, int High) _made;

    /// <summary>Samples after the resize.</summary>
    public int OutputLength => outputLength;

    /// <summary>The first input sample that counts.</summary>
    public int Low => _made.Low;

    /// <summary>After the last input sample that counts.</summary>
    public int High => _made.High;

    /// <summary>Whether every output sample is the input sample of its place.</summary>
    public bool IsIdentity => _made.High - _made.Low == outputLength && _made.Length == outputLength && _made.Start == _made.Low;

    /// <summary>Makes the windows of a stretch of the input.</summary>
    /// <param name="start">Where it starts, in input samples, at least 0.</param>
    /// <param name="length">Its length, in input samples, above 0.</param>
    /// <param name="inputLength">Samples before the resize; the stretch lies within, up to rounding.</param>
    public void Prepare(double start, double length, int inputLength)
    {
        int low = Math.Min((int)start, inputLength - 1);
        int high = Math.Clamp((int)Math.Ceiling(start + length), low + 1, inputLength);
        if (_made == (start, length, low, high))
        {
            return;
        }

        _made = (start, length, low, high);
        double step = length / outputLength;
        double reach = Math.Max(1, step);
        int most = Math.Min(high - low, (2 * (int)Math.Ceiling(reach)) + 1);
        if (_weights.Length < most * outputLength)
        {
            _weights = new float[most * outputLength];
        }

        for (int o = 0, at = 0; o < outputLength; o++)
        {
            double centre = start + ((o + 0.5) * step);
            int first = Math.Clamp((int)(centre - reach + 0.5), low, high - 1);
            int end = Math.Clamp((int)(centre + reach + 0.5), first + 1, high);
            double sum = 0;
            for (int t = first; t < end; t++)
            {
                sum += Tap(t);
            }

            // A last sample on the triangle's foot has no weight.
            while (end > first + 1 && Tap(end - 1) == 0)
            {
                end--;
            }

            _first[o] = first;
            for (int t = first; t < end; t++)
            {
                _weights[at++] = (float)(Tap(t) / sum);
            }

            _offset[o + 1] = at;

            double Tap(int t) => Math.Max(0, 1 - (Math.Abs(t + 0.5 - centre) / reach));
        }
    }

    /// <summary>The first input sample of an output sample's window.</summary>
    /// <param name="output">Zero-based.</param>
    public int First(int output) => _first[output];

    /// <summary>After the last input sample of an output sample's window.</summary>
    /// <param name="output">Zero-based.</param>
    public int End(int output) => _first[output] + _offset[output + 1] - _offset[output];

    /// <summary>The window's weights, from <see cref="First"/> on.</summary>
    /// <param name="output">Zero-based.</param>
    public ReadOnlySpan<float> Weights(int output) => _weights.AsSpan(_offset[output].._offset[output + 1]);
}
