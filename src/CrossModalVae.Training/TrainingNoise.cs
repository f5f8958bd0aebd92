using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// What makes a pass a step of training: its precision, and every random number, drawn from the library's own generator and not from
/// libtorch's: the same seed and epoch give the same noise on every device and thread count, and a checkpoint needs no random state beyond
/// the number of its epoch.
/// </summary>
internal sealed class TrainingNoise(SeededRandom random, Device device, TrainingPrecision precision = TrainingPrecision.Float32)
{
    private const int DrawsPerWord = 4;
    private const int DrawBits = 16;

    /// <summary>The noise of a one-based epoch.</summary>
    public static TrainingNoise ForEpoch(
        long seed, int epoch, Device device, TrainingPrecision precision = TrainingPrecision.Float32) =>
        new(SeededRandom.For(seed, $"noise/{epoch}"), device, precision);

    /// <summary>The numbers that the step multiplies.</summary>
    public ScalarType Numbers { get; } = precision == TrainingPrecision.Bfloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary>Standard normal draws, [rows, columns].</summary>
    public Tensor Gaussian(long rows, long columns) => TensorArrays.Filled(rows, columns, device, values =>
    {
        foreach (ref float value in values)
        {
            value = (float)random.NextGaussian();
        }
    }); // [rows, columns]

    /// <summary>Draws of a family with mean 0 and variance 1, [rows, columns].</summary>
    public Tensor Draw(PosteriorKind kind, long rows, long columns) => kind == PosteriorKind.Gaussian
        ? Gaussian(rows, columns)
        : TensorArrays.Filled(rows, columns, device, values =>
        {
            foreach (ref float value in values)
            {
                value = (float)random.NextLaplace();
            }
        }); // [rows, columns]

    /// <summary>An inverted dropout mask: 0 with the probability given (to 1/65536), else 1 / (1 - probability). [rows, columns].</summary>
    public Tensor DropoutMask(long rows, long columns, double probability)
    {
        var threshold = (ulong)Math.Round(probability * (1 << DrawBits));
        float kept = (float)(1.0 / (1.0 - probability));
        return TensorArrays.Filled(rows, columns, device, values =>
        {
            for (int i = 0; i < values.Length; i += DrawsPerWord)
            {
                ulong word = random.NextUInt64();
                for (int j = i; j < Math.Min(i + DrawsPerWord, values.Length); j++)
                {
                    values[j] = (word & ((1 << DrawBits) - 1)) < threshold ? 0f : kept;
                    word >>= DrawBits;
                }
            }
        }); // [rows, columns]
    }
}
