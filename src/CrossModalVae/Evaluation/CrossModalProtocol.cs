using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation;

/// <summary>
/// The field's protocol for one direction: verification, 1:N matching for N = 2 to 10, and retrieval, all from the scores of every probe
/// against the whole gallery.
/// </summary>
/// <remarks>
/// Trials are drawn: every probe gets the same number. A trial is a positive (another clip of the probe's identity where there is one) and
/// negatives of up to nine different other identities, each equally likely. The first negative serves verification and 1:2 matching, so
/// verification is balanced (Nagrani et al. 2018); 1:3 takes one more, and so on. Retrieval is exhaustive: all gallery clips of the probe's
/// identity are relevant. Ties in a ranking are broken by a seeded random order, so a system without information scores chance, not luck.
/// What is drawn depends on seed, clips and direction, and not on the order of rows.
/// </remarks>
public static class CrossModalProtocol
{
    /// <summary>
    /// Runs the protocol among everybody on embeddings: voice and face rows of the same identities, ranked by a distance.
    /// </summary>
    /// <param name="embeddings">Rows of both modalities; joint rows are ignored.</param>
    /// <param name="direction">Which modality asks.</param>
    /// <param name="metric">What nearness means.</param>
    /// <param name="options">Seed, number of trials and of draws.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">There are fewer than two identities with both modalities, or
    /// an option is out of its range.</exception>
    /// <exception cref="InvalidDataException">A row is there twice.</exception>
    public static DirectionScores Evaluate(
        EmbeddingSet embeddings,
        RetrievalDirection direction,
        RankingMetric metric,
        ProtocolOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var plan = new PopulationPlan(embeddings.Rows, [Stratum.Random], options);
        return plan.Score(EvaluationSystem.OfEmbeddings(SystemKind.Model, embeddings, metric), direction, cancellationToken)[0].ToScores(
            options.Confidence);
    }

    /// <summary>Runs the protocol among everybody on any scorer. Probes without a relevant item in the gallery are left out.</summary>
    /// <param name="direction">Which modality asks.</param>
    /// <param name="probes">The probes.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="scorer">Scores the gallery for a probe.</param>
    /// <param name="options">Seed, number of trials and of draws.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">There are fewer than two identities with both modalities, a score is NaN, or
    /// an option is out of its range.</exception>
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
        options.Validate();
        (Modality asking, Modality answering) = PopulationPlan.Sides(direction);
        EmbeddingRow[] asks = [.. probes.Select(key => Row(key, asking))];
        EmbeddingRow[] answers = [.. gallery.Select(key => Row(key, answering))];
        IReadOnlyDictionary<string, int> identities = PopulationPlan.Number([.. asks, .. answers]);
        var plan = new DirectionPlan(direction, asks, answers, identities, [Stratum.Random], options);
        var bootstrap = new IdentityBootstrap(identities.Count, options.DrawCount, options.Seed);
        return plan.Score(scorer, bootstrap, cancellationToken)[0].ToScores(options.Confidence);

        static EmbeddingRow Row(ClipKey key, Modality modality) =>
            new() { Identity = key.Identity, Clip = key.Clip, Modality = modality, Split = CorpusSplit.Test };
    }
}
