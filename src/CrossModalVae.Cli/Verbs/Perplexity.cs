using CrossModalVae.Projection;

namespace CrossModalVae.Cli.Verbs;

/// <summary>The perplexity that t-SNE takes for a number of rows: three times as many rows are needed.</summary>
internal static class Perplexity
{
    private const double RowsOfOne = 3;

    /// <summary>The perplexity asked for, or the standard one, lowered with a note where there are too few rows for it.</summary>
    /// <exception cref="UserErrorException">There are too few rows for what was asked for, or for any perplexity.</exception>
    internal static double For(int rows, double? asked, TextWriter error)
    {
        double standard = new TSneOptions().Perplexity, most = Math.Floor(10 * rows / RowsOfOne) / 10;
        if (most <= 1)
        {
            throw new UserErrorException(
                $"t-SNE needs at least 4 rows and has {rows}; choose --method pca, or more rows by --split and --modality.");
        }

        if (asked is double own)
        {
            return own <= rows / RowsOfOne ? own : throw new UserErrorException(Invariant(
                $"--perplexity is {own}; must be at most {most} for {rows} rows, a third of them. Leave it out to have one that fits."));
        }

        if (standard > rows / RowsOfOne)
        {
            error.WriteLine(Invariant($"note: perplexity {most} instead of {standard}, a third of the {rows} rows"));
            return most;
        }

        return standard;
    }
}
