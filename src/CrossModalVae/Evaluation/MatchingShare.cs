namespace CrossModalVae.Evaluation;

/// <summary>One matching trial.</summary>
internal static class MatchingShare
{
    /// <summary>1 where the positive scores highest, its share of a tie, 0 where a negative does.</summary>
    public static double Of(float positive, ReadOnlySpan<float> negatives)
    {
        int ties = 1;
        foreach (float negative in negatives)
        {
            if (negative > positive)
            {
                return 0;
            }

            ties += negative == positive ? 1 : 0;
        }

        return 1.0 / ties;
    }
}
