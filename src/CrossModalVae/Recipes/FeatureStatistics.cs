using System.Numerics.Tensors;

namespace CrossModalVae.Recipes;

/// <summary>
/// Mean and standard deviation of every feature over the clips of the training split. They belong to a recipe as used and are carried into
/// the exported graphs, so that training and scoring cannot differ.
/// </summary>
/// <param name="Mean">[F] the features' means.</param>
/// <param name="StandardDeviation">[F] the features' standard deviations (population), each above 0.</param>
/// <param name="ClipCount">How many clips they were computed over.</param>
public sealed record FeatureStatistics(float[] Mean, float[] StandardDeviation, int ClipCount)
{
    /// <summary>F, the number of features.</summary>
    public int Length => Mean.Length;

    /// <summary>
    /// Statistics that change nothing, means 0 and standard deviations 1, for features that are normalised elsewhere or not at all.
    /// </summary>
    /// <param name="length">F, the number of features.</param>
    /// <param name="clipCount">How many clips there are.</param>
    public static FeatureStatistics Identity(int length, int clipCount)
    {
        var deviation = new float[length];
        Array.Fill(deviation, 1f);
        return new FeatureStatistics(new float[length], deviation, clipCount);
    }

    /// <summary>Standardises one row, (x - mean) / standard deviation.</summary>
    /// <param name="row">[F] as the front end delivers it.</param>
    /// <param name="standardised">[F] receives the result.</param>
    public void Standardise(ReadOnlySpan<float> row, Span<float> standardised)
    {
        TensorPrimitives.Subtract(row, Mean, standardised);
        TensorPrimitives.Divide(standardised[..row.Length], StandardDeviation, standardised);
    }

    /// <summary>Undoes <see cref="Standardise(Span{float}, int)"/> in place, x * standard deviation + mean.</summary>
    internal void Restore(Span<float> values, int blockLength)
    {
        for (int i = 0; i < values.Length; i++)
        {
            int statistic = i / blockLength % Length;
            values[i] = (values[i] * StandardDeviation[statistic]) + Mean[statistic];
        }
    }

    /// <summary>
    /// Standardises numbers in place that share statistics: the first block has the first statistic, and after the last it begins anew.
    /// </summary>
    internal void Standardise(Span<float> values, int blockLength)
    {
        int period = Length * blockLength;
        for (int start = 0; start < values.Length; start += period)
        {
            Span<float> own = values.Slice(start, period);
            if (blockLength == 1)
            {
                Standardise(own, own);
                continue;
            }

            for (int i = 0; i < Length; i++)
            {
                Span<float> block = own.Slice(i * blockLength, blockLength);
                TensorPrimitives.Subtract(block, Mean[i], block);
                TensorPrimitives.Divide(block, StandardDeviation[i], block);
            }
        }
    }
}

/// <summary>The training split's feature statistics, present in a recipe as used.</summary>
/// <param name="Voice">The voice features' statistics.</param>
/// <param name="Face">The face features' statistics.</param>
public sealed record RecipeStatistics(FeatureStatistics Voice, FeatureStatistics Face);
