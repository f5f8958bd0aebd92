using System.Buffers;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;

namespace CrossModalVae.Evaluation;

/// <summary>
/// One direction of the protocol: who asks whom in every stratum. Any number of systems are scored on it, all on the same trials, which do
/// not depend on the order of the rows.
/// </summary>
internal sealed class DirectionPlan
{
    private readonly int[] _probeOrder; // where each row of _probes was among those given
    private readonly int[] _galleryOrder;
    private readonly EmbeddingRow[] _probes; // by identity and clip
    private readonly EmbeddingRow[] _gallery;
    private readonly string[] _probeNames;
    private readonly IReadOnlyDictionary<string, int> _identities;
    private readonly StratumPlan[] _strata;
    private readonly ProtocolOptions _options;

    /// <exception cref="ArgumentException">There are fewer than two identities with both modalities.</exception>
    public DirectionPlan(
        RetrievalDirection direction,
        IReadOnlyList<EmbeddingRow> probes,
        IReadOnlyList<EmbeddingRow> gallery,
        IReadOnlyDictionary<string, int> identities,
        IReadOnlyList<Stratum> strata,
        ProtocolOptions options)
    {
        Direction = direction;
        (_identities, _options) = (identities, options);
        int both = probes.Select(row => row.Identity).Intersect(gallery.Select(row => row.Identity), StringComparer.Ordinal).Count();
        if (both < 2)
        {
            throw UserError.Mark(new ArgumentException(
                $"There are {both} identities with both a voice and a face; must be at least 2 to tell people apart.", nameof(probes)));
        }

        (_probeOrder, _galleryOrder) = (ClipOrder.Of(Keys(probes)), ClipOrder.Of(Keys(gallery)));
        _probes = [.. _probeOrder.Select(i => probes[i])];
        _gallery = [.. _galleryOrder.Select(i => gallery[i])];
        _probeNames = ClipOrder.Names(Keys(_probes));
        int[] tieOrder = [.. Enumerable.Range(0, gallery.Count)];
        SeededRandom.For(options.Seed, "ties").Shuffle(tieOrder.AsSpan());
        _strata = [.. strata.Select(stratum => new StratumPlan(stratum, _probes, _gallery, tieOrder)).Where(plan => plan.ProbeCount > 0)];
    }

    public RetrievalDirection Direction { get; }

    /// <summary>Scores a system in every stratum that has trials.</summary>
    public IReadOnlyList<DirectionSample> Score(
        EvaluationSystem system, IdentityBootstrap bootstrap, CancellationToken cancellationToken) =>
            ScoreSorted(system.Scorer(Direction, _probes, _gallery), bootstrap, cancellationToken);

    /// <summary>The same of a bare scorer, which knows probes and gallery in the order in which they were given.</summary>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    public IReadOnlyList<DirectionSample> Score(GalleryScorer scorer, IdentityBootstrap bootstrap, CancellationToken cancellationToken)
    {
        return ScoreSorted(ScoreAsGiven, bootstrap, cancellationToken);

        void ScoreAsGiven(int probe, Span<float> scores)
        {
            float[] given = ArrayPool<float>.Shared.Rent(scores.Length);
            scorer(_probeOrder[probe], given.AsSpan(0, scores.Length));
            for (int i = 0; i < scores.Length; i++)
            {
                scores[i] = given[_galleryOrder[i]];
            }

            ArrayPool<float>.Shared.Return(given);
        }
    }

    private static ClipKey[] Keys(IReadOnlyList<EmbeddingRow> rows) => [.. rows.Select(row => new ClipKey(row.Identity, row.Clip))];

    private IReadOnlyList<DirectionSample> ScoreSorted(
        GalleryScorer scorer, IdentityBootstrap bootstrap, CancellationToken cancellationToken)
    {
        ProbeResult?[][] results = [.. _strata.Select(_ => new ProbeResult?[_probes.Length])];
        ParallelLoop.For(
            _probes.Length,
            () => new float[_gallery.Length],
            (probe, scores) => ScoreProbe(probe, scorer, scores, results),
            cancellationToken: cancellationToken);
        return
        [
            .. _strata.Select(
                (plan, s) => DirectionSample.Of(Direction, plan, _probes, results[s], _identities, bootstrap, cancellationToken)),
        ];
    }

    private void ScoreProbe(int probe, GalleryScorer scorer, float[] scores, ProbeResult?[][] results)
    {
        if (Array.TrueForAll(_strata, plan => plan.GroupOf(probe) is null))
        {
            return; // nobody to be found
        }

        scorer(probe, scores);
        var key = new ClipKey(_probes[probe].Identity, _probes[probe].Clip);
        int nan = Array.FindIndex(scores, float.IsNaN);
        if (nan >= 0)
        {
            throw UserError.Mark(new ArgumentException(
                $"The score of probe '{_probeNames[probe]}' against row {_galleryOrder[nan]} of the gallery is NaN; must be a number."));
        }

        for (int s = 0; s < _strata.Length; s++)
        {
            if (_strata[s].GroupOf(probe) is StratumGroup group)
            {
                string stratum = _strata[s].Stratum == Stratum.Random ? "" : $"{Strata.Name(_strata[s].Stratum)}/";
                var random = SeededRandom.For(_options.Seed, $"{stratum}{Direction}/{_probeNames[probe]}");
                results[s][probe] = ProbeResult.Compute(group.ScoresOf(scores), key, group, _options.TrialsPerProbe, random);
            }
        }
    }
}
