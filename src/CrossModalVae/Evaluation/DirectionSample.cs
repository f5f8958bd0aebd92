using CrossModalVae.Embeddings;
using CrossModalVae.Metrics;

namespace CrossModalVae.Evaluation;

/// <summary>
/// Step 3 of the protocol: a system's metrics in one direction and stratum, aggregated over its probes, on the trials as they are and on
/// every bootstrap draw.
/// </summary>
internal sealed record DirectionSample(
    RetrievalDirection Direction, StratumPlan Plan, IReadOnlyDictionary<EvaluationMetric, MetricSample> Metrics, RocCurve Curve)
{
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
        var means = new SortedDictionary<EvaluationMetric, IdentityMean>();
        var chances = new Dictionary<(EvaluationMetric, int, int), double>();
        for (int i = 0; i < results.Length; i++)
        {
            if (results[i] is ProbeResult probe)
            {
                Add(probe, identities[probes[i].Identity]);
            }
        }

        var metrics = trials.Samples(bootstrap, cancellationToken).ToDictionary(pair => pair.Metric, pair => pair.Sample);
        foreach ((EvaluationMetric metric, IdentityMean mean) in means)
        {
            metrics[metric] = mean.Sample(bootstrap);
        }

        return new DirectionSample(direction, plan, metrics, trials.Curve());

        void Add(ProbeResult probe, int identity)
        {
            foreach ((float target, float nonTarget, string other) in probe.Trials)
            {
                trials.AddTarget(target, identity);
                trials.AddNonTarget(nonTarget, identity, identities[other]);
            }

            for (int k = 0; k < probe.Matched.Length; k++)
            {
                int candidates = k + EvaluationMetrics.SmallestMatching;
                Mean(EvaluationMetrics.Matching(candidates))
                    .Add(identity, probe.Matched[k], probe.Trials.Length / (double)candidates, probe.Trials.Length);
            }

            foreach (RetrievalMetric retrieval in RetrievalMetric.All)
            {
                (EvaluationMetric, int, int) key = (retrieval.Metric, probe.GalleryCount, probe.RelevantRanks.Length);
                if (!chances.TryGetValue(key, out double chance))
                {
                    chance = chances[key] = retrieval.Chance(probe.GalleryCount, probe.RelevantRanks.Length);
                }

                Mean(retrieval.Metric).Add(identity, retrieval.Score(probe.RelevantRanks), chance, 1);
            }
        }

        IdentityMean Mean(EvaluationMetric metric) =>
            means.TryGetValue(metric, out IdentityMean? mean) ? mean : means[metric] = new IdentityMean();
    }

    public DirectionScores ToScores(double confidence) => new()
    {
        Direction = Direction,
        Stratum = Plan.Stratum,
        ProbeCount = Plan.ProbeCount,
        GalleryCount = Plan.GalleryCount,
        IdentityCount = Plan.IdentityCount,
        Metrics = Metrics.ToDictionary(pair => pair.Key, pair => pair.Value.ToMetric(confidence)),
        NearestEqualErrorRate = Curve.EqualErrorRateBy(EqualErrorRateDefinition.Nearest),
        ConvexHullEqualErrorRate = Curve.EqualErrorRateBy(EqualErrorRateDefinition.ConvexHull),
        Verification = Curve,
    };
}

/// <summary>A metric averaged over trials (pooled), and macro-averaged over the probes' identities.</summary>
internal sealed record MetricSample(long Count, int IdentityCount, WeightedSample Pooled, WeightedSample ByIdentity)
{
    public MetricValue ToMetric(double confidence) => new(Pooled.Value, Pooled.Chance, Count)
    {
        Interval = Interval.Of(Pooled.Draws, confidence),
        ByIdentity = new IdentityMetric(ByIdentity.Value, ByIdentity.Chance, IdentityCount, Interval.Of(ByIdentity.Draws, confidence)),
    };

    /// <summary>This minus another system's metric on the same trials, draw by draw.</summary>
    public MetricDifference Minus(MetricSample other, double confidence)
    {
        return new MetricDifference(
            Pooled.Value - other.Pooled.Value,
            Of(Pooled, other.Pooled),
            ByIdentity.Value - other.ByIdentity.Value,
            Of(ByIdentity, other.ByIdentity));

        Interval? Of(WeightedSample own, WeightedSample theirs) =>
            Interval.Of([.. own.Draws.Zip(theirs.Draws, (a, b) => a - b)], confidence);
    }
}

/// <summary>A metric in one average.</summary>
/// <param name="Value">On the trials as they are.</param>
/// <param name="Chance">The chance level on them.</param>
/// <param name="Draws">On each bootstrap draw of identities; NaN where the draw left nothing to score.</param>
internal sealed record WeightedSample(double Value, double Chance, double[] Draws);

/// <summary>A metric of rankings.</summary>
/// <param name="Metric">Which.</param>
/// <param name="Score">From the one-based ranks of the relevant items, ascending.</param>
/// <param name="Chance">From the numbers of items and of relevant ones.</param>
internal sealed record RetrievalMetric(EvaluationMetric Metric, Func<int[], double> Score, Func<int, int, double> Chance)
{
    public static IReadOnlyList<RetrievalMetric> All { get; } =
    [
        new(EvaluationMetric.MeanReciprocalRank, ranks => RankedRelevance.ReciprocalRankScore(ranks), ChanceLevel.ReciprocalRank),
        Recall(EvaluationMetric.RecallAt1, 1),
        Recall(EvaluationMetric.RecallAt5, 5),
        Recall(EvaluationMetric.RecallAt10, 10),
        new(EvaluationMetric.MeanAveragePrecision, ranks => RankedRelevance.AveragePrecisionScore(ranks), ChanceLevel.AveragePrecision),
    ];

    private static RetrievalMetric Recall(EvaluationMetric metric, int count) =>
        new(metric, ranks => RankedRelevance.HitScore(ranks, count), (items, relevant) => ChanceLevel.Hit(items, relevant, count));
}

/// <summary>A metric that is a mean over trials: its sums by the probes' identity, which is all that a bootstrap draw needs.</summary>
internal sealed class IdentityMean
{
    private readonly List<(double Value, double Chance, long Count)> _sums = []; // [identities]

    public long Count { get; private set; }

    /// <summary>Adds trials of a probe identity: the sums of their scores and chance levels.</summary>
    public void Add(int identity, double value, double chance, int count)
    {
        while (_sums.Count <= identity)
        {
            _sums.Add(default);
        }

        (double values, double chances, long counts) = _sums[identity];
        _sums[identity] = (values + value, chances + chance, counts + count);
        Count += count;
    }

    public MetricSample Sample(IdentityBootstrap bootstrap)
    {
        int[] asking = [.. Enumerable.Range(0, _sums.Count).Where(k => _sums[k].Count > 0)];
        var pooled = new double[bootstrap.DrawCount];
        var byIdentity = new double[bootstrap.DrawCount];
        ParallelLoop.For(bootstrap.DrawCount, draw =>
        {
            ReadOnlySpan<int> drawn = bootstrap.Draw(draw);
            double sum = 0, count = 0, means = 0, people = 0;
            foreach (int k in asking)
            {
                sum += drawn[k] * _sums[k].Value;
                count += drawn[k] * _sums[k].Count;
                means += drawn[k] * (_sums[k].Value / _sums[k].Count);
                people += drawn[k];
            }

            pooled[draw] = sum / count; // NaN where no probe's identity was drawn
            byIdentity[draw] = means / people;
        });
        return new MetricSample(
            Count,
            asking.Length,
            new WeightedSample(_sums.Sum(own => own.Value) / Count, _sums.Sum(own => own.Chance) / Count, pooled),
            new WeightedSample(
                asking.Average(k => _sums[k].Value / _sums[k].Count), asking.Average(k => _sums[k].Chance / _sums[k].Count), byIdentity));
    }
}
