using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CrossModalVae.Metrics;

namespace CrossModalVae.Evaluation;

/// <summary>
/// Collects verification trials with their identities; computes their metrics on the trials as they are and on every draw.
/// </summary>
internal sealed class VerificationTrials
{
    private const int SameIdentity = -1;

    private readonly List<(float Score, bool IsTarget, int Asking, int Other, double Weight)> _trials = [];

    public int Count => _trials.Count;

    public bool HasBothClasses => _trials.Exists(trial => trial.IsTarget) && _trials.Exists(trial => !trial.IsTarget);

    /// <summary>Adds a target trial, which stands for so many pairs; its score is not NaN.</summary>
    public void AddTarget(float score, int identity, double weight = 1) => _trials.Add((score, true, identity, SameIdentity, weight));

    /// <summary>Adds a non-target trial with the identities of probe and other side; its score is not NaN.</summary>
    public void AddNonTarget(float score, int asking, int other, double weight = 1) =>
        _trials.Add((score, false, asking, other, weight));

    /// <summary>The trials by falling score, each weighing as many pairs as it stands for.</summary>
    public WeightedRoc Pooled(int identityCount) => Sorted(identityCount, trial => trial.Weight);

    /// <summary>The metrics of verification, the first of <see cref="EvaluationMetric"/>.</summary>
    public IEnumerable<(EvaluationMetric Metric, MetricSample Sample)> Samples(
        IdentityBootstrap bootstrap, CancellationToken cancellationToken)
    {
        double[] targets = Weights(isTarget: true), nonTargets = Weights(isTarget: false); // by the probe's identity
        bool isSame = IsUniform(targets) && IsUniform(nonTargets); // both averages are the same then
        WeightedRoc pooled = Pooled(bootstrap.IdentityCount);
        double[][] pooledDraws = pooled.Metrics(bootstrap, cancellationToken);
        WeightedRoc byIdentity = isSame ? pooled : Sorted(
            bootstrap.IdentityCount, trial => trial.Weight / (trial.IsTarget ? targets : nonTargets)[trial.Asking]);
        double[][] byIdentityDraws = isSame ? pooledDraws : byIdentity.Metrics(bootstrap, cancellationToken);
        double[] pooledValues = pooled.Metrics(), byIdentityValues = isSame ? pooledValues : byIdentity.Metrics();
        int identityCount = _trials.Select(trial => trial.Asking).Distinct().Count();
        for (int m = 0; m < WeightedRoc.MetricCount; m++)
        {
            var metric = (EvaluationMetric)m;
            double chance = metric is EvaluationMetric.Auc or EvaluationMetric.EqualErrorRate ? 0.5 : 1;
            yield return (metric, new MetricSample(
                Count,
                identityCount,
                new WeightedSample(pooledValues[m], chance, pooledDraws[m]),
                new WeightedSample(byIdentityValues[m], chance, byIdentityDraws[m])));
        }

        static bool IsUniform(double[] weights) => weights.Where(weight => weight > 0).Distinct().Count() == 1;
    }

    private WeightedRoc Sorted(int identityCount, Func<(float Score, bool IsTarget, int Asking, int Other, double Weight), double> weight)
    {
        // Falling score; equal scores in the order they came.
        ulong[] keys = [.. _trials.Select((trial, i) => ((ulong)~OrderedKeys.Of(trial.Score) << 32) | (uint)i)];
        Array.Sort(keys);
        var sorted = Array.ConvertAll(keys, key => _trials[(int)(uint)key]);
        return new WeightedRoc(
            identityCount,
            Array.ConvertAll(sorted, trial => trial.Asking),
            Array.ConvertAll(sorted, trial => trial.Other == SameIdentity ? identityCount : trial.Other),
            Array.ConvertAll(sorted, trial => trial.IsTarget),
            [.. keys.Select((key, k) => k + 1 == keys.Length || keys[k + 1] >> 32 != key >> 32)],
            Array.ConvertAll(sorted, trial => weight(trial)));
    }

    private double[] Weights(bool isTarget)
    {
        var weights = new double[_trials.Max(trial => trial.Asking) + 1];
        foreach ((_, _, int asking, _, double weight) in _trials.Where(trial => trial.IsTarget == isTarget))
        {
            weights[asking] += weight;
        }

        return weights;
    }
}

/// <summary>
/// Verification metrics of weighted trials, in which each identity counts as often as it was drawn: sorted once, then one pass a draw, four
/// draws in the lanes of a vector.
/// </summary>
/// <param name="identityCount">Identities that can be drawn.</param>
/// <param name="asking">[N] the probe's identity of each trial, in the order of falling score.</param>
/// <param name="others">[N] the identity of the other side; <paramref name="identityCount"/> for a target.</param>
/// <param name="isTarget">[N].</param>
/// <param name="ends">[N] whether the next trial has another score.</param>
/// <param name="weights">[N] the weight of a trial as it is.</param>
internal sealed class WeightedRoc(int identityCount, int[] asking, int[] others, bool[] isTarget, bool[] ends, double[] weights)
{
    /// <summary>AUC, equal error rate and the two detection costs, in the order of <see cref="EvaluationMetric"/>.</summary>
    public const int MetricCount = 4;

    private const int Lanes = 4;

    private static readonly double[] MissFactors = [.. EvaluationMetrics.Costs.Select(cost => cost.MissFactor)];
    private static readonly double[] FalseFactors = [.. EvaluationMetrics.Costs.Select(cost => cost.FalseAcceptanceFactor)];

    /// <summary>[4] on the trials as they are.</summary>
    public double[] Metrics()
    {
        var drawn = new double[(identityCount + 1) * Lanes];
        Array.Fill(drawn, 1);
        var metrics = new Vector256<double>[MetricCount];
        Compute(drawn, metrics);
        return [.. metrics.Select(lanes => lanes[0])];
    }

    /// <summary>[4][draws] on every draw; NaN where one left no target or no non-target trial.</summary>
    public double[][] Metrics(IdentityBootstrap bootstrap, CancellationToken cancellationToken)
    {
        double[][] result = [.. Enumerable.Range(0, MetricCount).Select(_ => new double[bootstrap.DrawCount])];
        ParallelLoop.For(
            ParallelLoop.BlockCount(bootstrap.DrawCount, Lanes),
            () => (Drawn: new double[(identityCount + 1) * Lanes], Metrics: new Vector256<double>[MetricCount]),
            (block, own) =>
            {
                int first = block * Lanes, count = Math.Min(Lanes, bootstrap.DrawCount - first);
                own.Drawn.AsSpan(identityCount * Lanes).Fill(1); // the other side of a target
                for (int lane = 0; lane < Lanes; lane++)
                {
                    ReadOnlySpan<int> draw = bootstrap.Draw(first + Math.Min(lane, count - 1));
                    for (int k = 0; k < identityCount; k++)
                    {
                        own.Drawn[(k * Lanes) + lane] = draw[k];
                    }
                }

                Compute(own.Drawn, own.Metrics);
                for (int m = 0; m < MetricCount; m++)
                {
                    for (int lane = 0; lane < count; lane++)
                    {
                        result[m][first + lane] = own.Metrics[m][lane];
                    }
                }
            },
            cancellationToken: cancellationToken);
        return result;
    }

    private void Compute(double[] drawn, Vector256<double>[] metrics)
    {
        ReadOnlySpan<Vector256<double>> drawnCounts = MemoryMarshal.Cast<double, Vector256<double>>(drawn);
        (Vector256<double> targets, Vector256<double> nonTargets) = Totals(drawnCounts);
        Vector256<double> perTarget = Vector256<double>.One / targets, perNonTarget = Vector256<double>.One / nonTargets;
        Vector256<double> accepted = default, falselyAccepted = default, runTargets = default, runNonTargets = default, area = default;
        Vector256<double> misses = Vector256<double>.One, falseRate = default, equal = default, crossed = default;
        Vector256<double> firstCost = Vector256.Create(MissFactors[0]), secondCost = Vector256.Create(MissFactors[1]);
        Vector256<double> firstMiss = firstCost, secondMiss = secondCost, firstFalse = Vector256.Create(FalseFactors[0]),
            secondFalse = Vector256.Create(FalseFactors[1]);
        for (int i = 0; i < weights.Length; i++)
        {
            Vector256<double> weight = drawnCounts[asking[i]] * drawnCounts[others[i]] * weights[i];
            Vector256<double> own = weight * (isTarget[i] ? 1.0 : 0.0);
            runTargets += own;
            runNonTargets += weight - own;
            if (!ends[i])
            {
                continue;
            }

            area += runNonTargets * (accepted + (runTargets * 0.5));
            accepted += runTargets;
            falselyAccepted += runNonTargets;
            runTargets = runNonTargets = default;
            Vector256<double> gapBefore = misses - falseRate, falseBefore = falseRate;
            misses = Vector256<double>.One - (accepted * perTarget);
            falseRate = falselyAccepted * perNonTarget;
            firstCost = Vector256.Min(firstCost, (misses * firstMiss) + (falseRate * firstFalse));
            secondCost = Vector256.Min(secondCost, (misses * secondMiss) + (falseRate * secondFalse));

            // Where false acceptances overtake misses: once in every lane.
            Vector256<double> gap = misses - falseRate;
            Vector256<double> here = Vector256.AndNot(Vector256.LessThanOrEqual(gap, default), crossed);
            if (here != default)
            {
                Vector256<double> share = gapBefore / (gapBefore - gap);
                equal = Vector256.ConditionalSelect(here, falseBefore + (share * (falseRate - falseBefore)), equal);
                crossed |= here;
            }
        }

        // 1 / 0 and 0 / 0 where a draw has no trial of a class: NaN in all of them.
        Vector256<double> undefined = (targets * nonTargets * perTarget * perNonTarget) - Vector256<double>.One;
        undefined = Vector256.ConditionalSelect(Vector256.Equals(undefined, undefined), default, undefined);
        metrics[0] = (area * perTarget * perNonTarget) + undefined;
        metrics[1] = equal + undefined;
        metrics[2] = firstCost + undefined;
        metrics[3] = secondCost + undefined;
    }

    /// <summary>The curve of the trials as they are.</summary>
    public RocCurve Curve()
    {
        (double[] falseRates, double[] trueRates) = (new double[weights.Length + 1], new double[weights.Length + 1]);
        int count = 1;
        foreach ((double falseRate, double trueRate) in Points(drawn: []))
        {
            (falseRates[count], trueRates[count]) = (falseRate, trueRate);
            count++;
        }

        return RocCurve.OfCorners(falseRates[..count], trueRates[..count]);
    }

    /// <summary>True acceptance rates at given false acceptance rates on every draw, [rates][draws]; NaN where one left no trial of a
    /// class.
    /// </summary>
    public double[][] TrueRates(double[] rates, IdentityBootstrap bootstrap, CancellationToken cancellationToken)
    {
        double[][] result = [.. rates.Select(_ => new double[bootstrap.DrawCount])];
        ParallelLoop.For(
            bootstrap.DrawCount,
            draw =>
            {
                double falseBefore = 0, trueBefore = 0;
                int next = 0;
                foreach ((double falseRate, double trueRate) in Points([.. bootstrap.Draw(draw), 1]))
                {
                    for (; next < rates.Length && rates[next] < falseRate; next++)
                    {
                        double share = (rates[next] - falseBefore) / (falseRate - falseBefore);
                        result[next][draw] = trueBefore + (share * (trueRate - trueBefore));
                    }

                    (falseBefore, trueBefore) = (falseRate, trueRate);
                }

                for (; next < rates.Length; next++)
                {
                    result[next][draw] = trueBefore; // NaN where a class is empty
                }
            },
            cancellationToken: cancellationToken);
        return result;
    }

    // The points of the curve after (0, 0); no draw is the trials as they are.
    private IEnumerable<(double False, double True)> Points(int[] drawn)
    {
        double targets = 0, nonTargets = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            _ = isTarget[i] ? targets += Weight(i) : nonTargets += Weight(i);
        }

        double accepted = 0, falselyAccepted = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            _ = isTarget[i] ? accepted += Weight(i) : falselyAccepted += Weight(i);
            if (ends[i])
            {
                yield return (falselyAccepted / nonTargets, accepted / targets);
            }
        }

        double Weight(int i) => drawn.Length == 0 ? weights[i] : weights[i] * drawn[asking[i]] * drawn[others[i]];
    }

    private (Vector256<double> Targets, Vector256<double> NonTargets) Totals(ReadOnlySpan<Vector256<double>> drawnCounts)
    {
        Vector256<double> targets = default, nonTargets = default;
        for (int i = 0; i < weights.Length; i++)
        {
            Vector256<double> weight = drawnCounts[asking[i]] * drawnCounts[others[i]] * weights[i];
            Vector256<double> own = weight * (isTarget[i] ? 1.0 : 0.0);
            targets += own;
            nonTargets += weight - own;
        }

        return (targets, nonTargets);
    }
}
