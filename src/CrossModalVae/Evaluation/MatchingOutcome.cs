namespace CrossModalVae.Evaluation;

/// <summary>Who wins a matching trial.</summary>
internal static class MatchingOutcome
{
    /// <summary>1 where the right candidate scores highest, its share of a tie, 0 where another does.</summary>
    public static double Won(float positive, ReadOnlySpan<float> negatives)
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
