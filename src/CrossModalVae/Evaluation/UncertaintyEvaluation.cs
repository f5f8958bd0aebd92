using CrossModalVae.Embeddings;
using CrossModalVae.Metrics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation;

/// <summary>
/// Asks whether the posteriors' deviations predict errors, beside the margin of scores: risk-coverage curves of 1:2 matching and of the
/// nearest neighbour. Scores are computed probe by probe; O(probes x gallery x dimension) time, O(answers) memory.
/// </summary>
internal sealed class UncertaintyEvaluation(
    EmbeddingSet part, RankingMetric metric, ProtocolOptions options, CancellationToken cancellationToken)
{
    private const int MostTrials = 10_000; // of 1:2 matching; what a bootstrap draw costs grows with them
    private const int MostTrialsPerProbe = 10;
    private const int CurvePoints = 100;
    private const double SmallestVariance = 1e-30;
    private const double SmallestSpread = 1e-5; // of mean log-variances: below it, single precision alone tells rows apart

    /// <summary>Why there are no deviations to ask; null where there are.</summary>
    public string? Absence => part.StandardDeviations is null
        ? "uncertainty: these embeddings hold no standard deviations (cmvae embed --standard-deviations keeps them); only scores are "
            + "examined."
        : !IsVarying(Modality.Voice) && !IsVarying(Modality.Face)
            ? "uncertainty: every row has the same standard deviation (recipes without variances: bound none, CCA), so deviations cannot "
                + "predict errors; only scores are examined."
            : null;

    /// <summary>Both tasks in both directions, of those with enough identities.</summary>
    public IReadOnlyList<UncertaintyScores> Run()
    {
        Dictionary<string, int> identities = ProtocolPlan.Number(part.Rows);
        var bootstrap = new IdentityBootstrap(identities.Count, options.DrawCount, options.Seed); // the protocol's draws
        bool hasDeviations = Absence is null;
        return
        [
            .. Enum.GetValues<RetrievalDirection>().SelectMany(direction => Answers(direction, identities, hasDeviations)
                .Select(task => Score(direction, task.Task, task.Answers, bootstrap, hasDeviations)).OfType<UncertaintyScores>()),
        ];
    }

    private static double MutualLikelihood(
        ReadOnlySpan<float> mu1, ReadOnlySpan<float> sigma1, ReadOnlySpan<float> mu2, ReadOnlySpan<float> sigma2)
    {
        double sum = 0;
        for (int d = 0; d < mu1.Length; d++)
        {
            double variance = Math.Max(SmallestVariance, ((double)sigma1[d] * sigma1[d]) + ((double)sigma2[d] * sigma2[d]));
            double difference = (double)mu1[d] - mu2[d];
            sum += (difference * difference / variance) + Math.Log(variance);
        }

        return -sum / 2;
    }

    private static (double LogVariance, double Trace) Spread(EmbeddingSet set, int row)
    {
        double logs = 0, trace = 0;
        foreach (float sigma in Deviations(set, row))
        {
            double variance = Math.Max(SmallestVariance, (double)sigma * sigma);
            logs += Math.Log(variance);
            trace += variance;
        }

        return (logs / set.Dimension, trace);
    }

    private static ReadOnlySpan<float> Deviations(EmbeddingSet set, int row) =>
        set.StandardDeviations.AsSpan(row * set.Dimension, set.Dimension);

    private bool IsVarying(Modality modality)
    {
        EmbeddingSet own = part.Where(row => row.Modality == modality);
        double[] logs = [.. Enumerable.Range(0, own.Count).Select(row => Spread(own, row).LogVariance)];
        return logs.Length > 0 && logs.Max() - logs.Min() > SmallestSpread;
    }

    private (SelectiveTask Task, Answer[] Answers)[] Answers(
        RetrievalDirection direction, Dictionary<string, int> identities, bool hasDeviations)
    {
        (Modality asking, Modality answering) = ProtocolPlan.Sides(direction);
        EmbeddingSet probes = part.Where(row => row.Modality == asking), gallery = part.Where(row => row.Modality == answering);
        var ranker = new Ranker(gallery, metric);
        string[] names = ClipOrder.Names(probes.Rows);
        ILookup<string, int> rowsOf = Enumerable.Range(0, gallery.Count).ToLookup(row => gallery.Rows[row].Identity);
        (double LogVariance, double Trace)[] spreads =
            hasDeviations ? [.. Enumerable.Range(0, gallery.Count).Select(row => Spread(gallery, row))] : [];
        int trialCount = Math.Clamp(MostTrials / Math.Max(1, probes.Count), 1, MostTrialsPerProbe);
        var matching = new Answer[probes.Count][];
        var nearest = new Answer[probes.Count][];
        ParallelLoop.For(
            probes.Count,
            () => new double[gallery.Count],
            (probe, scores) =>
            {
                EmbeddingRow row = probes.Rows[probe];
                int[] positives =
                [
                    .. rowsOf[row.Identity].Where(other => options.Positives == PositiveClips.Any
                        || (gallery.Rows[other].Clip == row.Clip) == (options.Positives == PositiveClips.Own)),
                ];
                int[] others = [.. Enumerable.Range(0, gallery.Count).Where(other => gallery.Rows[other].Identity != row.Identity)];
                (matching[probe], nearest[probe]) = ([], []);
                if (positives.Length == 0 || others.Length == 0)
                {
                    return;
                }

                ranker.Score(probes, probe, scores);
                int identity = identities[row.Identity];
                var random = SeededRandom.For(options.Seed, $"uncertainty/{direction}/{names[probe]}");
                matching[probe] =
                [
                    .. Enumerable.Range(0, trialCount).Select(_ =>
                    {
                        int right = positives[random.NextInt32(positives.Length)], wrong = others[random.NextInt32(others.Length)];
                        double risk = scores[right] > scores[wrong] ? 0 : scores[right] == scores[wrong] ? 0.5 : 1;
                        return new Answer(identity, risk, OfTwo(right, wrong));
                    }),
                ];
                nearest[probe] = [Nearest(positives, others)];

                double[] OfTwo(int one, int other)
                {
                    double[] sure = [Math.Abs(scores[one] - scores[other]), Math.Max(scores[one], scores[other])];
                    return hasDeviations
                        ?
                        [
                            .. sure, .. Sure((spreads[one].LogVariance + spreads[other].LogVariance) / 2,
                                (spreads[one].Trace + spreads[other].Trace) / 2),
                            Math.Abs(Likelihood(one) - Likelihood(other)),
                        ]
                        : sure;
                }

                Answer Nearest(int[] positives, int[] others)
                {
                    double best = double.NegativeInfinity, second = double.NegativeInfinity;
                    int first = -1, ties = 0, right = 0;
                    for (int i = 0; i < positives.Length + others.Length; i++)
                    {
                        int at = i < positives.Length ? positives[i] : others[i - positives.Length];
                        if (scores[at] > best)
                        {
                            (second, best, first, ties, right) = (best, scores[at], at, 0, 0);
                        }
                        else
                        {
                            second = Math.Max(second, scores[at]);
                        }

                        if (scores[at] == best)
                        {
                            ties++;
                            right += i < positives.Length ? 1 : 0;
                        }
                    }

                    double[] sure = [best - second, best];
                    return new Answer(identity, 1 - ((double)right / ties), hasDeviations
                        ? [.. sure, .. Sure(spreads[first].LogVariance, spreads[first].Trace), Likelihood(first)]
                        : sure);
                }

                double[] Sure(double logVariance, double trace)
                {
                    (double ownLog, double ownTrace) = Spread(probes, probe);
                    return [-(ownLog + logVariance), -(ownTrace + trace)];
                }

                double Likelihood(int other) =>
                    MutualLikelihood(probes[probe], Deviations(probes, probe), gallery[other], Deviations(gallery, other));
            },
            cancellationToken: cancellationToken);
        return
        [
            (SelectiveTask.OneOfTwo, [.. matching.SelectMany(own => own)]), (SelectiveTask.Nearest, [.. nearest.SelectMany(own => own)]),
        ];
    }

    private UncertaintyScores? Score(
        RetrievalDirection direction, SelectiveTask task, Answer[] answers, IdentityBootstrap bootstrap, bool hasDeviations)
    {
        int people = answers.Select(answer => answer.Identity).Distinct().Count();
        if (people < PopulationScores.FewestIdentitiesOfMetric)
        {
            return null;
        }

        double[] risks = Array.ConvertAll(answers, answer => answer.Risk);
        ConfidenceKind[] kinds = [.. Enum.GetValues<ConfidenceKind>().Take(hasDeviations ? int.MaxValue : 2)];
        RiskCoverage[] curves =
            [.. kinds.Select((_, k) => new RiskCoverage(Array.ConvertAll(answers, answer => answer.Confidences[k]), risks))];
        double ideal = RiskCoverage.Ideal(risks).Area;
        var areas = new double[kinds.Length][];
        var gains = new double[kinds.Length][];
        for (int k = 0; k < kinds.Length; k++)
        {
            (areas[k], gains[k]) = (new double[bootstrap.DrawCount], new double[bootstrap.DrawCount]);
        }

        ParallelLoop.For(
            bootstrap.DrawCount,
            () => new int[answers.Length],
            (draw, weights) =>
            {
                ReadOnlySpan<int> drawn = bootstrap.Draw(draw);
                double sum = 0, count = 0;
                for (int i = 0; i < answers.Length; i++)
                {
                    weights[i] = drawn[answers[i].Identity];
                    sum += weights[i] * risks[i];
                    count += weights[i];
                }

                for (int k = 0; k < kinds.Length; k++)
                {
                    areas[k][draw] = curves[k].AreaOf(weights);
                    gains[k][draw] = (sum / count) - areas[k][draw];
                }
            },
            cancellationToken: cancellationToken);
        return new UncertaintyScores(
            direction,
            task,
            answers.Length,
            people,
            curves[0].Risk,
            ideal,
            [
                .. kinds.Select((kind, k) => new ConfidenceScores(
                    kind,
                    curves[k].Area,
                    Interval.Of(areas[k], options.Confidence),
                    curves[k].Area - ideal,
                    curves[k].Risk - curves[k].Area,
                    Interval.Of(gains[k], options.Confidence),
                    curves[k].Curve(CurvePoints))),
            ]);
    }

    private readonly record struct Answer(int Identity, double Risk, double[] Confidences);
}
