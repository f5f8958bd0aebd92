using CrossModalVae.Metrics;

namespace CrossModalVae.Evaluation;

/// <summary>
/// Step 3 of the protocol: a system's metrics in one direction and stratum, aggregated over its probes, on the trials as they are and on
/// every bootstrap draw.
/// </summary>
internal sealed record DirectionSample(
    RetrievalDirection Direction,
    StratumPlan Plan,
    IReadOnlyDictionary<EvaluationMetric, MetricSample> Metrics,
    RocCurve Curve,
    IReadOnlyList<RocInterval> Band)
{
    /// <summary>Aggregates.</summary>
    /// <param name="direction">The direction.</param>
    /// <param name="plan">The stratum.</param>
    /// <param name="sums">What its probes gave.</param>
    /// <param name="numbers">[probes] the number of each probe's identity.</param>
    /// <param name="exact">Verification over every pair; null where trials are drawn.</param>
    /// <param name="confidence">Of the intervals around the curve; null for none.</param>
    /// <param name="bootstrap">The draws.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static DirectionSample Of(
        RetrievalDirection direction,
        StratumPlan plan,
        StratumSums sums,
        int[] numbers,
        ExactVerification? exact,
        double? confidence,
        IdentityBootstrap bootstrap,
        CancellationToken cancellationToken)
    {
        var trials = new VerificationTrials();
        for (int probe = 0; probe < numbers.Length; probe++)
        {
            if (sums.Trials[probe] is ProbeTrials own)
            {
                Array.ForEach(own.Targets, score => trials.AddTarget(score, numbers[probe], own.TargetWeight));
                for (int i = 0; i < own.NonTargets.Length; i++)
                {
                    trials.AddNonTarget(own.NonTargets[i], numbers[probe], own.Others[i], own.NonTargetWeight);
                }
            }
        }

        var metrics = new Dictionary<EvaluationMetric, MetricSample>();
        foreach ((EvaluationMetric metric, MetricSample sample) in trials.Samples(bootstrap, cancellationToken))
        {
            metrics[metric] = exact is null ? sample : sample with
            {
                Count = plan.TargetCount + plan.NonTargetCount,
                Pooled = sample.Pooled.MovedTo(exact.Pooled[(int)metric]),
                ByIdentity = sample.ByIdentity.MovedTo(exact.ByIdentity[(int)metric]),
            };
        }

        GalleryInfluence? influence = sums.Influence();
        foreach ((EvaluationMetric metric, IdentityMean mean) in Means(plan, sums, numbers))
        {
            metrics[metric] = mean.Sample(bootstrap, influence?.Of(metric - EvaluationMetric.MatchingOf2));
        }

        WeightedRoc roc = trials.Pooled(bootstrap.IdentityCount);
        RocCurve curve = exact?.Curve ?? roc.Curve();
        IReadOnlyList<RocInterval> band = confidence is double share && bootstrap.DrawCount > 0
            ? RocInterval.Around(curve, roc, share, bootstrap, cancellationToken)
            : [];
        return new DirectionSample(direction, plan, metrics, curve, band);
    }

    public DirectionScores ToScores(double confidence) => new()
    {
        Direction = Direction,
        Stratum = Plan.Stratum,
        ProbeCount = Plan.ProbeCount,
        GalleryCount = Plan.GalleryCount,
        IdentityCount = Plan.IdentityCount,
        LeftOutProbeCount = Plan.LeftOutProbeCount,
        LeftOutIdentityCount = Plan.LeftOutIdentityCount,
        SmallGroupIdentityCount = Plan.SmallGroupIdentityCount,
        PairCount = Plan.TargetCount + Plan.NonTargetCount,
        IsEnumerated = Plan.IsEnumerated,
        Metrics = Metrics.ToDictionary(pair => pair.Key, pair => pair.Value.ToMetric(confidence)),
        NearestEqualErrorRate = Curve.EqualErrorRateBy(EqualErrorRateDefinition.Nearest),
        ConvexHullEqualErrorRate = Curve.EqualErrorRateBy(EqualErrorRateDefinition.ConvexHull),
        Verification = Plan.Stratum == Stratum.Everybody ? Curve : null,
        VerificationBand = Band,
    };

    private static SortedDictionary<EvaluationMetric, IdentityMean> Means(StratumPlan plan, StratumSums sums, int[] numbers)
    {
        var means = new SortedDictionary<EvaluationMetric, IdentityMean>();
        var chances = new Dictionary<(EvaluationMetric, int, int), double>();
        for (int probe = 0; probe < numbers.Length; probe++)
        {
            if (plan.Groups[probe] is not StratumGroup group)
            {
                continue;
            }

            Span<double> values = sums.Values(probe);
            int relevant = plan.Positives[probe].Length, items = group.DistractorCount(numbers[probe]) + relevant;
            for (int m = 0; m < values.Length; m++)
            {
                EvaluationMetric metric = ProbeScorer.MetricOf(m);
                if (!double.IsNaN(values[m]))
                {
                    if (!means.TryGetValue(metric, out IdentityMean? mean))
                    {
                        mean = means[metric] = new IdentityMean();
                    }

                    mean.Add(numbers[probe], values[m], Chance(metric, items, relevant), 1);
                }
            }
        }

        return means;

        double Chance(EvaluationMetric metric, int items, int relevant)
        {
            if (metric < EvaluationMetric.MeanReciprocalRank)
            {
                return 1.0 / (metric - EvaluationMetric.MatchingOf2 + EvaluationMetrics.SmallestMatching);
            }

            var key = (metric, items, relevant);
            return chances.TryGetValue(key, out double known)
                ? known
                : chances[key] = RetrievalMetric.All[metric - EvaluationMetric.MeanReciprocalRank].Chance(items, relevant);
        }
    }
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
internal sealed record WeightedSample(double Value, double Chance, double[] Draws)
{
    /// <summary>The same spread around another value: that of all pairs, where the draws are of a sample of them.</summary>
    public WeightedSample MovedTo(double value) =>
        this with { Value = value, Draws = Array.ConvertAll(Draws, draw => Math.Clamp(draw + (value - Value), 0, 1)) };
}

/// <summary>A metric of rankings.</summary>
/// <param name="Metric">Which.</param>
/// <param name="Chance">From the numbers of items and of relevant ones.</param>
internal sealed record RetrievalMetric(EvaluationMetric Metric, Func<int, int, double> Chance)
{
    public static IReadOnlyList<RetrievalMetric> All { get; } =
    [
        new(EvaluationMetric.MeanReciprocalRank, ChanceLevel.ReciprocalRank),
        Recall(EvaluationMetric.RecallAt1, 1),
        Recall(EvaluationMetric.RecallAt5, 5),
        Recall(EvaluationMetric.RecallAt10, 10),
        new(EvaluationMetric.MeanAveragePrecision, ChanceLevel.AveragePrecision),
    ];

    private static RetrievalMetric Recall(EvaluationMetric metric, int count) =>
        new(metric, (items, relevant) => ChanceLevel.Hit(items, relevant, count));
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

    /// <summary>The means on the trials as they are and on every draw.</summary>
    /// <param name="bootstrap">The draws.</param>
    /// <param name="influence">By how much the sums over probes change with each identity of the gallery; null where the candidates stay.
    /// </param>
    public MetricSample Sample(IdentityBootstrap bootstrap, (double[] Pooled, double[] ByIdentity)? influence = null)
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
            if (influence is (double[] pooledChanges, double[] byIdentityChanges))
            {
                pooled[draw] = Math.Clamp(pooled[draw] + Change(drawn, pooledChanges, Count), 0, 1);
                byIdentity[draw] = Math.Clamp(byIdentity[draw] + Change(drawn, byIdentityChanges, asking.Length), 0, 1);
            }
        });
        return new MetricSample(
            Count,
            asking.Length,
            new WeightedSample(_sums.Sum(own => own.Value) / Count, _sums.Sum(own => own.Chance) / Count, pooled),
            new WeightedSample(
                asking.Average(k => _sums[k].Value / _sums[k].Count), asking.Average(k => _sums[k].Chance / _sums[k].Count), byIdentity));
    }

    // To first order: an identity drawn twice adds once more what its rows change, one not drawn takes it away.
    private static double Change(ReadOnlySpan<int> drawn, double[] changes, double count)
    {
        double change = 0;
        for (int j = 0; j < changes.Length; j++)
        {
            change += (drawn[j] - 1) * changes[j];
        }

        return change / count;
    }
}
