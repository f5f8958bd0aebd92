using CrossModalVae.Metrics;

namespace CrossModalVae.Training;

/// <summary>Voice-face verification among the people of a split: does a voice score higher with its own face than with another's?</summary>
internal static class VerificationAuc
{
    /// <summary>
    /// Area under the ROC curve over all voice x face trials, scored by the cosine of posterior means; a target is a trial of one identity.
    /// As all trials are used, both directions have the same figure.
    /// </summary>
    /// <param name="table">The clips.</param>
    /// <param name="voiceRows">The rows of the voices, Nv of them.</param>
    /// <param name="voiceMean">[Nv, D].</param>
    /// <param name="faceRows">The rows of the faces, Nf of them.</param>
    /// <param name="faceMean">[Nf, D].</param>
    /// <param name="dimension">D.</param>
    /// <returns>0 to 1, chance 0.5; null where there is no target or no non-target trial.</returns>
    public static double? Compute(FeatureTable table, int[] voiceRows, float[] voiceMean, int[] faceRows, float[] faceMean, int dimension)
    {
        float[] voices = UnitLength(voiceMean, dimension);
        float[] faces = UnitLength(faceMean, dimension);
        var scores = new float[(long)voiceRows.Length * faceRows.Length];
        var targets = new bool[scores.Length];
        for (int v = 0; v < voiceRows.Length; v++)
        {
            ReadOnlySpan<float> voice = voices.AsSpan(v * dimension, dimension);
            for (int f = 0; f < faceRows.Length; f++)
            {
                int trial = (v * faceRows.Length) + f;
                scores[trial] = System.Numerics.Tensors.TensorPrimitives.Dot(voice, faces.AsSpan(f * dimension, dimension));
                targets[trial] = table.Clips[voiceRows[v]].Identity == table.Clips[faceRows[f]].Identity;
            }
        }

        int targetCount = targets.Count(target => target);
        return targetCount == 0 || targetCount == targets.Length ? null : RocCurve.Compute(scores, targets).AreaScore;
    }

    private static float[] UnitLength(float[] rows, int dimension)
    {
        float[] unit = [.. rows];
        for (int start = 0; start < unit.Length; start += dimension)
        {
            Span<float> row = unit.AsSpan(start, dimension);
            float length = System.Numerics.Tensors.TensorPrimitives.Norm<float>(row);
            if (length > 0f)
            {
                System.Numerics.Tensors.TensorPrimitives.Divide(row, length, row);
            }
        }

        return unit;
    }
}
