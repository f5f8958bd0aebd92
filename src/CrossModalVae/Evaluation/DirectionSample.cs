using CrossModalVae.Embeddings;
using CrossModalVae.Metrics;

namespace CrossModalVae.Evaluation;

/// <summary>How one system scored in one direction and stratum, with every bootstrap draw.</summary>
internal sealed class DirectionSample
{
    private DirectionSample(
        RetrievalDirection direction, StratumPlan plan, Dictionary<EvaluationFigure, FigureSample> figures, RocCurve curve)
    {
        (Direction, Plan, Figures, Curve) = (direction, plan, figures, curve);
    }

    public RetrievalDirection Direction { get; }

    public StratumPlan Plan { get; }

    public IReadOnlyDictionary<EvaluationFigure, FigureSample> Figures { get; }

    public RocCurve Curve { get; }

    public static DirectionSample Of(
        RetrievalDirection direction,
        StratumPlan plan,
        IReadOnlyList<EmbeddingRow> probes,
        ProbeResult?[] results,
        IReadOnlyDictionary<string, int> identities,
        IdentityBootstrap bootstrap,
        CancellationToken cancellationToken)
    {
        var trials = new VerificationTrials();
        var means = new Dictionary<EvaluationFigure, IdentityMean>();
        var chances = new Dictionary<(EvaluationFigure, int, int), double>();
        for (int i = 0; i < results.Length; i++)
        {
            if (results[i] is ProbeResult probe)
            {
                Add(probe, identities[probes[i].Identity]);
            }
        }

        var figures = trials.Samples(bootstrap, cancellationToken).ToDictionary(pair => pair.Figure, pair => pair.Sample);
        foreach ((EvaluationFigure figure, IdentityMean mean) in means.OrderBy(pair => pair.Key))
        {
            figures[figure] = mean.Sample(bootstrap);
        }

        return new DirectionSample(direction, plan, figures, trials.Curve());

        void Add(ProbeResult probe, int identity)
        {
            foreach ((float target, float nonTarget, string other) in probe.Trials)
            {
                trials.AddTarget(target, identity);
                trials.AddNonTarget(nonTarget, identity, identities[other]);
            }

            for (int k = 0; k < probe.Matched.Length; k++)
            {
                int candidates = k + EvaluationFigures.SmallestMatching;
                Mean(EvaluationFigures.Matching(candidates))
                    .Add(identity, probe.Matched[k], probe.Trials.Count / (double)candidates, probe.Trials.Count);
            }

            foreach (RetrievalFigure retrieval in RetrievalFigure.All)
            {
                (EvaluationFigure, int, int) key = (retrieval.Figure, probe.GalleryCount, probe.RelevantRanks.Length);
                if (!chances.TryGetValue(key, out double chance))
                {
                    chance = chances[key] = retrieval.Chance(probe.GalleryCount, probe.RelevantRanks.Length);
                }

                Mean(retrieval.Figure).Add(identity, retrieval.Score(probe.RelevantRanks), chance, 1);
            }
        }

        IdentityMean Mean(EvaluationFigure figure) =>
            means.TryGetValue(figure, out IdentityMean? mean) ? mean : means[figure] = new IdentityMean();
    }

    public DirectionScores ToScores(double confidence) => new()
    {
        Direction = Direction,
        Stratum = Plan.Stratum,
        ProbeCount = Plan.ProbeCount,
        GalleryCount = Plan.GalleryCount,
        IdentityCount = Plan.IdentityCount,
        Figures = Figures.ToDictionary(pair => pair.Key, pair => pair.Value.ToMetric(confidence)),
        NearestEqualErrorRate = Curve.EqualErrorRateBy(EqualErrorRateDefinition.Nearest),
        ConvexHullEqualErrorRate = Curve.EqualErrorRateBy(EqualErrorRateDefinition.ConvexHull),
        Verification = Curve,
    };
}
