namespace CrossModalVae.Faces;

/// <summary>
/// The weights of an antialiased linear resize along one axis: for each output sample a window of input samples under a triangle as wide as two output
/// samples (two input samples where it enlarges), normalised to the sum 1, windows cut at the borders. The same windows as Pillow's BILINEAR resize.
/// </summary>
internal sealed class TriangleWindows
{
    private readonly int[] _first;
    private readonly float[][] _weights; // [output][taps]

    /// <summary>The windows from <paramref name="inputLength"/> to <paramref name="outputLength"/> samples.</summary>
    /// <param name="inputLength">At least 1.</param>
    /// <param name="outputLength">At least 1.</param>
    public TriangleWindows(int inputLength, int outputLength)
    {
        InputLength = inputLength;
        _first = new int[outputLength];
        _weights = new float[outputLength][];
        double step = (double)inputLength / outputLength;
        double reach = Math.Max(1, step);
        for (int o = 0; o < outputLength; o++)
        {
            double centre = (o + 0.5) * step;
            int first = Math.Max(0, (int)(centre - reach + 0.5));
            int end = Math.Min(inputLength, (int)(centre + reach + 0.5));
            var taps = new double[end - first];
            for (int t = 0; t < taps.Length; t++)
            {
                taps[t] = Math.Max(0, 1 - (Math.Abs(first + t + 0.5 - centre) / reach));
            }

            double sum = taps.Sum();
            _first[o] = first;
            _weights[o] = Array.ConvertAll(taps, tap => (float)(tap / sum));
        }
    }

    /// <summary>Samples before the resize.</summary>
    public int InputLength { get; }

    /// <summary>Samples after the resize.</summary>
    public int OutputLength => _first.Length;

    /// <summary>The first input sample of an output sample's window.</summary>
    /// <param name="output">Zero-based.</param>
    public int First(int output) => _first[output];

    /// <summary>The window's weights, from <see cref="First"/> on.</summary>
    /// <param name="output">Zero-based.</param>
    public ReadOnlySpan<float> Weights(int output) => _weights[output];
}
