using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation;

/// <summary>
/// The field's protocol for one direction: verification, 1:N matching for N = 2 to 10, and retrieval, all from the scores of every probe
/// against the whole gallery.
/// </summary>
/// <remarks>
/// Three steps, a file each: plan who is compared with whom (<c>DirectionPlan</c>), score every probe (<c>ProbeScorer</c>), aggregate the
/// metrics over the trials and over bootstrap draws (<c>DirectionSample</c>; verification in <c>ExactVerification</c> and
/// <c>VerificationTrials</c>). <see cref="ProtocolOptions.Positives"/> says which clips of the probe's identity are positives, for all
/// metrics alike. Nothing is drawn up to <see cref="ProtocolOptions.EnumeratedPairs"/>: verification takes every pair; 1:N matching is the
/// probability that a positive beats N - 1 distractors of the group drawn without replacement, in closed form, a tie counting as its share;
/// in retrieval all positives are relevant, and tied rows count by the expectation over their orders. Beyond, verification draws trials for
/// every probe; matching and retrieval are as before. Nothing depends on the order of rows.
/// </remarks>
public static class CrossModalProtocol
{
    /// <summary>
    /// Runs the protocol in the stratum <see cref="Stratum.Everybody"/> on embeddings: voice and face rows of the same identities, ranked
    /// by a distance.
    /// </summary>
    /// <param name="embeddings">Rows of both modalities; joint rows are ignored.</param>
    /// <param name="direction">The modalities of probes and gallery.</param>
    /// <param name="metric">The metric that ranks.</param>
    /// <param name="options">Seed, number of trials and of draws.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">There are fewer than two identities with both modalities, or an option is out of
    /// range.</exception>
    /// <exception cref="InvalidDataException">A row is given twice.</exception>
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
        return Evaluate(
            direction, embeddings.Rows, EvaluationSystem.OfEmbeddings(SystemKind.Model, embeddings, metric), options, cancellationToken);
    }

    /// <summary>
    /// Runs the protocol in the stratum <see cref="Stratum.Everybody"/> on any scorer. Probes without a positive in the gallery are left
    /// out.
    /// </summary>
    /// <param name="direction">The modalities of probes and gallery.</param>
    /// <param name="probes">The probes.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="scorer">Scores the gallery for a probe.</param>
    /// <param name="options">Seed, number of trials and of draws.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">There are fewer than two identities with both modalities, a score is NaN, or an option is out of
    /// its range.</exception>
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
        (Modality asking, Modality answering) = ProtocolPlan.Sides(direction);
        EmbeddingRow[] rows = [.. probes.Select(key => Row(key, asking)), .. gallery.Select(key => Row(key, answering))];
        return Evaluate(direction, rows, EvaluationSystem.OfScorer(scorer, rows, probes.Count), options, cancellationToken);

        static EmbeddingRow Row(ClipKey key, Modality modality) =>
            new() { Identity = key.Identity, Clip = key.Clip, Modality = modality, Split = CorpusSplit.Test };
    }

    private static DirectionScores Evaluate(
        RetrievalDirection direction,
        IReadOnlyList<EmbeddingRow> rows,
        EvaluationSystem system,
        ProtocolOptions options,
        CancellationToken cancellationToken) =>
            new ProtocolPlan(rows, [Stratum.Everybody], options, direction).Score(system, cancellationToken)[0]
                .ToScores(options.Confidence);
}

/// <summary>Scores the whole gallery for one probe; called from several threads at once.</summary>
/// <param name="probe">Zero-based index of the probe.</param>
/// <param name="scores">One score for every item of the gallery, higher is nearer; must all be filled, none with NaN.</param>
public delegate void GalleryScorer(int probe, Span<float> scores);
