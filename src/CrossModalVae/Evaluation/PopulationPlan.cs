using CrossModalVae.Embeddings;

namespace CrossModalVae.Evaluation;

/// <summary>
/// The protocol on the clips of some people, both directions: the trials and the draws of identities that all systems share.
/// </summary>
internal sealed class PopulationPlan
{
    private readonly DirectionPlan[] _directions;
    private readonly IdentityBootstrap _bootstrap;

    /// <param name="rows">Voices and faces; joint rows are left aside.</param>
    /// <param name="strata">Which strata.</param>
    /// <param name="options">Seed, number of trials and of draws.</param>
    /// <exception cref="ArgumentException">There are fewer than two identities with both modalities.</exception>
    public PopulationPlan(IReadOnlyList<EmbeddingRow> rows, IReadOnlyList<Stratum> strata, ProtocolOptions options)
    {
        IReadOnlyDictionary<string, int> identities = Number([.. rows.Where(row => row.Modality != Modality.Joint)]);
        _bootstrap = new IdentityBootstrap(identities.Count, options.DrawCount, options.Seed);
        _directions =
        [
            .. Enum.GetValues<RetrievalDirection>().Select(direction =>
            {
                (Modality asking, Modality answering) = Sides(direction);
                return new DirectionPlan(direction, Of(asking), Of(answering), identities, strata, options);
            }),
        ];

        EmbeddingRow[] Of(Modality modality) => [.. rows.Where(row => row.Modality == modality)];
    }

    /// <summary>Which modality asks, and which one answers.</summary>
    public static (Modality Asking, Modality Answering) Sides(RetrievalDirection direction) =>
        direction == RetrievalDirection.VoiceToFace ? (Modality.Voice, Modality.Face) : (Modality.Face, Modality.Voice);

    /// <summary>Every identity's number, by name, so that draws do not depend on the order of rows.</summary>
    public static IReadOnlyDictionary<string, int> Number(IReadOnlyList<EmbeddingRow> rows) => rows
        .Select(row => row.Identity).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        .Select((identity, number) => (identity, number)).ToDictionary(pair => pair.identity, pair => pair.number, StringComparer.Ordinal);

    /// <summary>Scores a system in one direction, stratum by stratum.</summary>
    public IReadOnlyList<DirectionSample> Score(
        EvaluationSystem system, RetrievalDirection direction, CancellationToken cancellationToken) =>
            _directions[(int)direction].Score(system, _bootstrap, cancellationToken);

    /// <summary>Scores a system in both directions, stratum by stratum.</summary>
    public IReadOnlyList<DirectionSample> Score(EvaluationSystem system, CancellationToken cancellationToken) =>
        [
            .. _directions.SelectMany(direction => direction.Score(system, _bootstrap, cancellationToken))
                .OrderBy(sample => sample.Plan.Stratum),
        ];
}
