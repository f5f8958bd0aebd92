namespace CrossModalVae.Faces;

/// <summary>
/// The weights of an antialiased linear resize along one axis, as Pillow's BILINEAR: each output sample is the weighted mean of input
/// samples under a triangle of two output samples' width (two input samples where it enlarges), cut at the borders, weights normalised to
/// 1. Keeps the last weights, so pictures of one size share them.
/// </summary>
internal sealed class TriangleFilter(int outputLength)
{
    private readonly int[] _first = new int[outputLength];
    private readonly int[] _offset = new int[outputLength + 1];
    private float[] _weights = []; // of all output samples, one after the other
    private (double Start, double Length, int Low, int High) _made;

    /// <summary>Samples after the resize.</summary>
    public int OutputLength => outputLength;

    /// <summary>The first input sample that is used.</summary>
    public int Low => _made.Low;

    /// <summary>The end of the input samples that are used, exclusive.</summary>
    public int High => _made.High;

    /// <summary>Whether nothing is resized.</summary>
    public bool IsIdentity => _made.High - _made.Low == outputLength && _made.Length == outputLength && _made.Start == _made.Low;

    /// <summary>Computes the weights for a part of the input, in input samples; up to rounding it is within the input.</summary>
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
        double support = Math.Max(1, step);
        int capacity = Math.Min(high - low, (2 * (int)Math.Ceiling(support)) + 1);
        if (_weights.Length < capacity * outputLength)
        {
            _weights = new float[capacity * outputLength];
        }

        for (int o = 0, at = 0; o < outputLength; o++)
        {
            double centre = start + ((o + 0.5) * step);
            int first = Math.Clamp((int)(centre - support + 0.5), low, high - 1);
            int end = Math.Clamp((int)(centre + support + 0.5), first + 1, high);
            double sum = 0;
            for (int t = first; t < end; t++)
            {
                sum += Tap(t);
            }

            // A last sample at the triangle's edge has no weight.
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

            double Tap(int t) => Math.Max(0, 1 - (Math.Abs(t + 0.5 - centre) / support));
        }
    }

    /// <summary>The first input sample of an output sample.</summary>
    public int First(int output) => _first[output];

    /// <summary>The end of an output sample's input samples, exclusive.</summary>
    public int End(int output) => _first[output] + _offset[output + 1] - _offset[output];

    /// <summary>An output sample's weights, from <see cref="First"/> on.</summary>
    public ReadOnlySpan<float> Weights(int output) => _weights.AsSpan(_offset[output].._offset[output + 1]);
}
