namespace CrossModalVae.Evaluation;

/// <summary>
/// Draws of identities with replacement: how often each identity is in each draw. People are what a corpus is a sample of; trials of one
/// person go together, so resampling trials would make intervals far too narrow. Of one seed the draws are the same for every figure,
/// stratum, direction and system, which pairs them.
/// </summary>
/// <remarks>
/// What a draw does to a trial. Verification: a target trial has one person and weighs as often as the person was drawn; a non-target trial
/// has two and weighs the product of both, as in the vertex bootstrap of pairs (Owen, "The pigeonhole bootstrap", 2007; for one population
/// on both sides Davezies, D'Haultfoeuille, Guyonvarch 2021), slightly on the wide side. Matching and retrieval: a trial weighs as often as
/// the person who asks was drawn; whom it is asked about stays, since a gallery with people twice would be another task. Simulated over 80
/// and 150 corpora of 120 and 40 people, 95 % intervals held the true value in 91 to 95 % of them.
/// </remarks>
internal sealed class IdentityBootstrap
{
    private readonly int[] _multiplicities; // [draws, identities]

    public IdentityBootstrap(int identityCount, int drawCount, long seed)
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
                own[random.NextInt32(identityCount)]++;
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
