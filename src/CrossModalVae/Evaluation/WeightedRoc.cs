using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CrossModalVae.Evaluation;

/// <summary>
/// Verification figures of sorted trials that weigh as their people were drawn: sorted once, then one pass a draw, four
/// draws side by side in the lanes of a vector.
/// </summary>
/// <param name="identityCount">People who can be drawn.</param>
/// <param name="asking">[N] who asks, of every trial, in the order of falling score.</param>
/// <param name="others">[N] whose the other side is; <paramref name="identityCount"/> where it is the same person's.</param>
/// <param name="isTarget">[N].</param>
/// <param name="ends">[N] whether the next trial has another score.</param>
/// <param name="weights">[N] what a trial weighs when nobody is drawn.</param>
internal sealed class WeightedRoc(int identityCount, int[] asking, int[] others, bool[] isTarget, bool[] ends, double[] weights)
{
    /// <summary>AUC, equal error rate and the two detection costs, in the order of <see cref="EvaluationFigure"/>.</summary>
    public const int FigureCount = 4;

    private const int Lanes = 4;

    private static readonly double[] MissFactors = [.. EvaluationFigures.Costs.Select(cost => cost.MissFactor)];
    private static readonly double[] FalseFactors = [.. EvaluationFigures.Costs.Select(cost => cost.FalseAcceptanceFactor)];

    /// <summary>[4] on the trials as they are.</summary>
    public double[] Figures()
    {
        var drawn = new double[(identityCount + 1) * Lanes];
        Array.Fill(drawn, 1);
        var figures = new Vector256<double>[FigureCount];
        Compute(drawn, figures);
        return [.. figures.Select(lanes => lanes[0])];
    }

    /// <summary>[4][draws] on every draw; NaN where one left no target or no non-target trial.</summary>
    public double[][] Figures(IdentityBootstrap bootstrap, CancellationToken cancellationToken)
    {
        double[][] result = [.. Enumerable.Range(0, FigureCount).Select(_ => new double[bootstrap.DrawCount])];
        ParallelLoop.For(
            ParallelLoop.BlockCount(bootstrap.DrawCount, Lanes),
            () => (Drawn: new double[(identityCount + 1) * Lanes], Figures: new Vector256<double>[FigureCount]),
            (block, own) =>
            {
                int first = block * Lanes, count = Math.Min(Lanes, bootstrap.DrawCount - first);
                own.Drawn.AsSpan(identityCount * Lanes).Fill(1); // the same person's other side
                for (int lane = 0; lane < Lanes; lane++)
                {
                    ReadOnlySpan<int> draw = bootstrap.Draw(first + Math.Min(lane, count - 1));
                    for (int k = 0; k < identityCount; k++)
                    {
                        own.Drawn[(k * Lanes) + lane] = draw[k];
                    }
                }

                Compute(own.Drawn, own.Figures);
                for (int f = 0; f < FigureCount; f++)
                {
                    for (int lane = 0; lane < count; lane++)
                    {
                        result[f][first + lane] = own.Figures[f][lane];
                    }
                }
            },
            cancellationToken: cancellationToken);
        return result;
    }

    private void Compute(double[] drawn, Vector256<double>[] figures)
    {
        ReadOnlySpan<Vector256<double>> people = MemoryMarshal.Cast<double, Vector256<double>>(drawn);
        (Vector256<double> targets, Vector256<double> nonTargets) = Totals(people);
        Vector256<double> perTarget = Vector256<double>.One / targets, perNonTarget = Vector256<double>.One / nonTargets;
        Vector256<double> accepted = default, falselyAccepted = default, runTargets = default, runNonTargets = default, area = default;
        Vector256<double> misses = Vector256<double>.One, falseRate = default, equal = default, crossed = default;
        Vector256<double> firstCost = Vector256.Create(MissFactors[0]), secondCost = Vector256.Create(MissFactors[1]);
        Vector256<double> firstMiss = firstCost, secondMiss = secondCost, firstFalse = Vector256.Create(FalseFactors[0]),
            secondFalse = Vector256.Create(FalseFactors[1]);
        for (int i = 0; i < weights.Length; i++)
        {
            Vector256<double> weight = people[asking[i]] * people[others[i]] * weights[i];
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
        figures[0] = (area * perTarget * perNonTarget) + undefined;
        figures[1] = equal + undefined;
        figures[2] = firstCost + undefined;
        figures[3] = secondCost + undefined;
    }

    private (Vector256<double> Targets, Vector256<double> NonTargets) Totals(ReadOnlySpan<Vector256<double>> people)
    {
        Vector256<double> targets = default, nonTargets = default;
        for (int i = 0; i < weights.Length; i++)
        {
            Vector256<double> weight = people[asking[i]] * people[others[i]] * weights[i];
            Vector256<double> own = weight * (isTarget[i] ? 1.0 : 0.0);
            targets += own;
            nonTargets += weight - own;
        }

        return (targets, nonTargets);
    }
}
