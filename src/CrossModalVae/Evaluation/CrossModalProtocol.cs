using System.Runtime.ExceptionServices;
using CrossModalVae.Clustering;
using CrossModalVae.Embeddings;
using CrossModalVae.Metrics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation;

/// <summary>
/// The field's protocol for one direction: verification, 1:2 and 1:10 matching, and retrieval, all from the scores of every probe against
/// the whole gallery.
/// </summary>
/// <remarks>
/// Trials are drawn: every identity gets the same number, spread over its probes. A trial is a probe, a positive (another clip of the same
/// identity where there is one) and nine negatives of nine other identities. The first negative serves verification and 1:2 matching, so
/// verification is balanced (Nagrani et al. 2018). Retrieval is exhaustive: all gallery clips of the probe's identity are relevant. Ties in
/// a ranking are broken by a seeded random order, so a system without information scores chance, not luck.
/// </remarks>
public static class CrossModalProtocol
{
    private const int MatchingSize = 10;

    /// <summary>Runs the protocol on embeddings: voice and face rows of the same identities, ranked by a distance.</summary>
    /// <param name="embeddings">Rows of both modalities; joint rows are ignored.</param>
    /// <param name="direction">Which modality asks.</param>
    /// <param name="metric">What nearness means.</param>
    /// <param name="options">Seed and number of trials.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">There are fewer than two identities with both modalities.</exception>
    public static DirectionScores Evaluate(
        EmbeddingSet embeddings,
        RetrievalDirection direction,
        DistanceMetric metric,
        ProtocolOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        EmbeddingSet voices = embeddings.Where(row => row.Modality == Modality.Voice);
        EmbeddingSet faces = embeddings.Where(row => row.Modality == Modality.Face);
        (EmbeddingSet probes, EmbeddingSet gallery) = direction == RetrievalDirection.VoiceToFace ? (voices, faces) : (faces, voices);
        var ranker = new Ranker(gallery, metric);
        return Evaluate(
            direction, Keys(probes), Keys(gallery), (probe, scores) => ranker.Score(probes[probe], scores), options, cancellationToken);

        static ClipKey[] Keys(EmbeddingSet set) => [.. set.Rows.Select(row => new ClipKey(row.Identity, row.Clip))];
    }

    /// <summary>Runs the protocol on any scorer. Probes without a relevant item in the gallery are left out.</summary>
    /// <param name="direction">Which modality asks.</param>
    /// <param name="probes">The probes.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="scorer">Scores the gallery for a probe.</param>
    /// <param name="options">Seed and number of trials.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">There are fewer than two identities with both modalities, or a score is NaN.</exception>
    public static DirectionScores Evaluate(
        RetrievalDirection direction,
        IReadOnlyList<ClipKey> probes,
        IReadOnlyList<ClipKey> gallery,
        GalleryScorer scorer,
        ProtocolOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(scorer);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.TrialsPerIdentity, 1);

        var items = new GalleryIndex(gallery);
        int[] usable = [.. Enumerable.Range(0, probes.Count).Where(i => items.Contains(probes[i].Identity))];
        int identityCount = usable.Select(i => probes[i].Identity).Distinct().Count();
        if (identityCount < 2)
        {
            throw new ArgumentException(
                $"There are {identityCount} identities with both a voice and a face; must be at least 2 to tell people apart.", nameof(probes));
        }

        int[] tieOrder = [.. Enumerable.Range(0, gallery.Count)];
        SeededRandom.For(options.Seed, "ties").Shuffle(tieOrder.AsSpan());

        var quotas = TrialQuotas(usable, probes, options.TrialsPerIdentity);
        var results = new ProbeResult[usable.Length];
        try
        {
            Parallel.For(0, usable.Length, new ParallelOptions { CancellationToken = cancellationToken }, u =>
            {
                int probe = usable[u];
                var scores = new float[gallery.Count];
                scorer(probe, scores);
                var random = SeededRandom.For(options.Seed, $"{direction}/{probes[probe].Identity}/{probes[probe].Clip}/{probe}");
                results[u] = ProbeResult.Compute(scores, probes[probe], items, tieOrder, quotas[u], MatchingSize, random);
            });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]); // One fault is one sentence, whichever thread met it.
        }

        return Summarise(direction, results, gallery.Count, identityCount);
    }

    // Every identity gets the same number of trials, dealt out over its probes.
    private static int[] TrialQuotas(int[] usable, IReadOnlyList<ClipKey> probes, int trialsPerIdentity)
    {
        var quotas = new int[usable.Length];
        foreach (IGrouping<string, int> identity in Enumerable.Range(0, usable.Length).GroupBy(u => probes[usable[u]].Identity))
        {
            int[] own = [.. identity];
            for (int t = 0; t < trialsPerIdentity; t++)
            {
                quotas[own[t % own.Length]]++;
            }
        }

        return quotas;
    }

    private static DirectionScores Summarise(
        RetrievalDirection direction, ProbeResult[] results, int galleryCount, int identityCount)
    {
        float[] scores = [.. results.SelectMany(r => r.TrialScores)];
        bool[] isTarget = [.. results.SelectMany(r => r.TrialScores.Select((_, i) => i % 2 == 0))];
        RocCurve roc = RocCurve.Compute(scores, isTarget);
        long trials = results.Sum(r => (long)r.TrialScores.Count / 2);
        RetrievalFigures rankings = RetrievalFigures.Compute([.. results.Select(r => r.RelevantRanks)], galleryCount);
        MetricValue[] matching = [.. Enumerable.Range(0, results[0].Matched.Length).Select(k => new MetricValue(results.Sum(r => r.Matched[k]) / trials, 1.0 / (k + 2), trials))];
        return new DirectionScores
        {
            Direction = direction,
            ProbeCount = results.Length,
            GalleryCount = galleryCount,
            IdentityCount = identityCount,
            Auc = new MetricValue(roc.AreaScore, 0.5, scores.Length),
            EqualErrorRate = new MetricValue(roc.EqualErrorRate, 0.5, scores.Length),
            MatchingOf2Accuracy = matching[0],
            MatchingOf10Accuracy = matching.Length < MatchingSize - 1 ? null : matching[^1],
            MeanReciprocalRank = rankings.MeanReciprocalRank,
            RecallAt1 = rankings.RecallAt1,
            RecallAt5 = rankings.RecallAt5,
            RecallAt10 = rankings.RecallAt10,
            MeanAveragePrecision = rankings.MeanAveragePrecision,
            Curves = new DirectionCurves(roc, matching),
        };
    }
}
