using System.Numerics.Tensors;
using CrossModalVae.Audio;
using CrossModalVae.Features;
using CrossModalVae.Recipes;

namespace CrossModalVae.Baselines;

/// <summary>
/// Features as a linear baseline takes them: of a voice's frames the mean and standard deviation of every bin over time, of several
/// pictures of a face their mean. A linear map of frames at fixed times would fit the moment and not the voice.
/// </summary>
internal static class PooledFeatures
{
    /// <summary>The table with pooled rows; the same table where the recipe's front ends pool already.</summary>
    public static FeatureTable Of(FeatureTable table, Recipe recipe)
    {
        bool hasFrames = recipe.Voice.Pooling == TimePooling.None && recipe.Voice.Encoder is null;
        int pictures = recipe.Face.Encoder is null ? recipe.Face.PictureCount : 1;
        if (!hasFrames && pictures == 1)
        {
            return table;
        }

        int bins = hasFrames ? new VoiceFrontEnd(recipe.Voice).BinCount : table.VoiceLength;
        int picture = table.FaceLength / pictures;
        return new FeatureTable
        {
            Clips = table.Clips,
            Voice = hasFrames ? Rows(table.Voice, table.VoiceLength, 2 * bins, (row, pooled) => OverTime(row, bins, pooled)) : table.Voice,
            Face = pictures > 1 ? Rows(table.Face, table.FaceLength, picture, (row, pooled) => Mean(row, picture, pooled)) : table.Face,
            VoiceLength = hasFrames ? 2 * bins : table.VoiceLength,
            FaceLength = picture,
            Skipped = table.Skipped,
        };
    }

    private delegate void Pooling(ReadOnlySpan<float> row, Span<float> pooled);

    private static float[] Rows(float[] values, int length, int pooledLength, Pooling pool)
    {
        int count = values.Length / length;
        var pooled = new float[count * pooledLength];
        for (int row = 0; row < count; row++)
        {
            pool(values.AsSpan(row * length, length), pooled.AsSpan(row * pooledLength, pooledLength));
        }

        return pooled;
    }

    /// <summary>The mean and the standard deviation of every bin over frames [frames, bins]: [2 bins].</summary>
    public static void OverTime(ReadOnlySpan<float> frames, int bins, Span<float> pooled)
    {
        Span<float> mean = pooled[..bins], deviation = pooled[bins..];
        Mean(frames, bins, mean);
        int count = frames.Length / bins;
        var difference = new float[bins];
        for (int start = 0; start < frames.Length; start += bins)
        {
            TensorPrimitives.Subtract(frames.Slice(start, bins), mean, difference);
            TensorPrimitives.MultiplyAdd(difference, difference, deviation, deviation);
        }

        TensorPrimitives.Divide(deviation, count, deviation);
        TensorPrimitives.Sqrt(deviation, deviation);
    }

    private static void Mean(ReadOnlySpan<float> row, int unit, Span<float> mean)
    {
        for (int start = 0; start < row.Length; start += unit)
        {
            TensorPrimitives.Add(row.Slice(start, unit), mean, mean);
        }

        TensorPrimitives.Divide(mean, row.Length / unit, mean);
    }
}
