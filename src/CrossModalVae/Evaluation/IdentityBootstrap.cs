namespace CrossModalVae.Evaluation;

/// <summary>
/// Draws of identities with replacement: how often each identity is in each draw. A corpus is a sample of identities, and trials of one
/// identity are correlated, so resampling trials would make intervals far too narrow. The draws of one seed are the same for every metric,
/// stratum, direction and system, which makes differences paired.
/// </summary>
/// <remarks>
/// The weight of a trial in a draw. Verification: a target trial weighs as often as its identity was drawn, a non-target trial the product
/// of both identities' counts, as in the vertex bootstrap of pairs (Owen, "The pigeonhole bootstrap", 2007; for one population on both
/// sides Davezies, D'Haultfoeuille, Guyonvarch 2021), which is slightly conservative. Matching and retrieval: a probe weighs as often as
/// its identity was drawn; what each identity's rows change as candidates is known from leaving them out, and is added to first order as
/// often as it was drawn (infinitesimal jackknife: Efron 1982), since ranking a gallery anew for every draw would cost too much. Simulated
/// over 200 corpora of 40 identities, 95 % intervals hold the true value in 91 to 97 % of them, those of minDCF at 1 % in 82 %.
/// </remarks>
internal sealed class IdentityBootstrap
{
    private readonly int[] _multiplicities; // [draws, identities]

    /// <param name="identityCount">Identities.</param>
    /// <param name="drawCount">Draws.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="order">The identities in the order in which they are drawn from; null for that of their numbers.</param>
    public IdentityBootstrap(int identityCount, int drawCount, long seed, int[]? order = null)
    {
        IdentityCount = identityCount;
        DrawCount = drawCount;
        _multiplicities = new int[(long)drawCount * identityCount];
        ParallelLoop.For(drawCount, draw =>
        {
            var random = SeededRandom.For(seed, $"identity draw {draw}");
            Span<int> own = _multiplicities.AsSpan(draw * identityCount, identityCount);
            for (int i = 0; i < identityCount; i++)
            {
                int place = random.NextInt32(identityCount);
                own[order is null ? place : order[place]]++;
            }
        });
    }

    /// <param name="draws">[draws][identities] how often each identity is in each draw.</param>
    internal IdentityBootstrap(int[][] draws)
    {
        (IdentityCount, DrawCount) = (draws[0].Length, draws.Length);
        _multiplicities = [.. draws.SelectMany(draw => draw)];
    }

    public int IdentityCount { get; }

    public int DrawCount { get; }

    /// <summary>How often each identity is in a draw, [identities].</summary>
    public ReadOnlySpan<int> Draw(int draw) => _multiplicities.AsSpan(draw * IdentityCount, IdentityCount);
}

/// <summary>A percentile interval of bootstrap draws.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>
    /// The middle <paramref name="confidence"/> (above 0 and below 1) of the draws that are not NaN, interpolated linearly; null where
    /// there is none.
    /// </summary>
    internal static Interval? Of(ReadOnlySpan<double> draws, double confidence)
    {
        double[] sorted = draws.ToArray();
        Array.Sort(sorted); // NaN comes first
        double[] defined = sorted[sorted.Count(double.IsNaN)..];
        return defined.Length == 0 ? null : new Interval(Percentile((1 - confidence) / 2), Percentile((1 + confidence) / 2));

        double Percentile(double share)
        {
            double place = share * (defined.Length - 1);
            int below = (int)place;
            int above = Math.Min(below + 1, defined.Length - 1);
            return defined[below] + ((place - below) * (defined[above] - defined[below]));
        }
    }
}
