using CrossModalVae.Embeddings;
using static System.FormattableString;

namespace CrossModalVae.Evaluation;

/// <summary>
/// The first lines of an evaluation: on whom, how good, and whether better than chance, gender and a linear baseline, and by how much.
/// </summary>
internal static class EvaluationSummary
{
    private static readonly RetrievalDirection[] Directions = Enum.GetValues<RetrievalDirection>();

    public static IReadOnlyList<string> Lines(EvaluationReport report)
    {
        PopulationScores first = report.Populations[0];
        return
        [
            On(first, report.Options),
            .. HasMetrics(first) ? Metrics(report, first) : [TooFew(first, report.Options)],
            .. report.Populations.Skip(1).Where(HasMetrics).Select(Beside),
            .. Gap(first),
            .. first.IdentityCount < PopulationScores.FewestIdentitiesOfMetric ? [] : first.Notes, // the one line says it all
            .. HasMetrics(first) && first.IdentityCount < PopulationScores.FewestIdentities
                ? [$"{Counted.Of(first.IdentityCount, "person")}: too few to say anything about quality."]
                : Array.Empty<string>(),
        ];
    }

    /// <summary>What the people of a population were in training.</summary>
    public static string Title(PopulationScores population) => population.Population switch
    {
        Population.SeenHeard => "seen in training",
        Population.Validation => "not trained on, but the epoch was chosen on them",
        _ => "not seen in training",
    };

    private static bool HasMetrics(PopulationScores population) =>
        Array.TrueForAll(Directions, way => population.Systems[0].Find(Stratum.Everybody, way) is not null);

    private static string On(PopulationScores population, ProtocolOptions options)
    {
        string positives = options.Positives switch
        {
            PositiveClips.Own => "the probe's own clip",
            PositiveClips.Any => "all clips of the probe's person, its own too",
            _ => "other clips of the probe's person, never its own",
        };
        string one = Counted.Of(population.OneClipIdentityCount, "person") + (population.OneClipIdentityCount == 1 ? " has" : " have");
        return $"{Counted.Of(population.IdentityCount, "person")} {Title(population)}, {Counted.Of(population.ClipCount, "clip")} "
            + $"({EnumText.Of(population.Split)} split); positives: {positives}; {one} one clip.";
    }

    private static string TooFew(PopulationScores population, ProtocolOptions options)
    {
        const int Fewest = PopulationScores.FewestIdentitiesOfMetric;
        if (population.IdentityCount < Fewest)
        {
            return $"No metric: {Counted.Of(population.IdentityCount, "person")} in this split; it takes {Fewest}. Put more people into "
                + "it (corpus folder --test-share), or score another (--split).";
        }

        string remedy = options.Positives == PositiveClips.Any ? "" : ", or positives any (--positives)";
        return $"No metric: fewer than {Fewest} of {population.IdentityCount} people have a positive; it takes more clips of a "
            + $"person{remedy}.";
    }

    private static IEnumerable<string> Metrics(EvaluationReport report, PopulationScores population)
    {
        DirectionScores[] model = [.. Directions.Select(way => population.Systems[0].Find(Stratum.Everybody, way)!)];
        yield return $"AUC {Both(model, EvaluationMetric.Auc)} (voice to face, face to voice); chance 0.500"
            + (Of(population, SystemKind.RandomScores) is DirectionScores[] random
                ? $", random scores {Both(random, EvaluationMetric.Auc)}."
                : ".");
        yield return Verdict(population, SystemKind.GenderOracle, "gender alone", "not compared")
            + (population.Find(SystemKind.GenderOracle) is SystemScores oracle && oracle.IdentityCount < population.IdentityCount
                ? $" ({oracle.IdentityCount} people with a known gender)"
                : "");
        yield return Verdict(
            population, SystemKind.Linear, "the linear baseline (CCA)", "not scored; --manifest and --recipe add it");
        if (population.Find(SystemKind.Against) is not null)
        {
            yield return Verdict(population, SystemKind.Against, "the other system", "");
        }

        if (population.Transductive is TransductiveClusters clusters)
        {
            yield return Transductive(population, clusters);
        }

        if (population.Explanation is ScoreExplanation explanation)
        {
            yield return Explained(explanation);
        }

        foreach (SelectiveTask task in Enum.GetValues<SelectiveTask>())
        {
            UncertaintyScores[] scores = [.. population.Uncertainty.Where(one => one.Task == task)];
            if (scores.Length > 0)
            {
                yield return Uncertain(task, scores);
            }
        }

        DirectionScores[] same =
            [.. Directions.Select(way => population.Systems[0].Find(Stratum.Gender, way)).OfType<DirectionScores>()];
        if (same.Length == Directions.Length)
        {
            yield return $"Among people of the same gender: AUC {Both(same, EvaluationMetric.Auc)}: what is left when gender does not "
                + (Array.Exists(same, one => one.Auc.Interval is { Low: < 0.5, High: > 0.5 })
                    ? "help. An interval holds 0.500: nothing beyond gender is shown."
                    : "help.");
        }

        EvaluationMetric largest = model[0].Metrics.Keys.Where(metric => metric <= EvaluationMetric.MatchingOf10).Max();
        if (largest > EvaluationMetric.MatchingOf2 && model.All(scores => scores.Metrics.ContainsKey(largest)))
        {
            int candidates = largest - EvaluationMetric.MatchingOf2 + EvaluationMetrics.SmallestMatching;
            yield return $"Right one of {candidates}: {Both(model, largest)}; chance {Text(1.0 / candidates)}. Of 2: "
                + $"{Both(model, EvaluationMetric.MatchingOf2)}; chance 0.500.";
        }

        yield return $"Retrieval: MRR {Both(model, EvaluationMetric.MeanReciprocalRank)}, chance "
            + $"{Text(model[0].MeanReciprocalRank.Chance)}; R@1 {Both(model, EvaluationMetric.RecallAt1, intervals: false)}, chance "
            + $"{Text(model[0].Recall(1).Chance)}.";
        if (Of(population, SystemKind.Ceiling) is DirectionScores[] ceiling)
        {
            yield return $"Ceiling of this synthetic corpus: AUC {Both(ceiling, EvaluationMetric.Auc, intervals: false)}; the model is "
                + $"{Share(model[0], ceiling[0])} and {Share(model[1], ceiling[1])} of the way from chance to it.";
        }

        string pairs = model[0].IsEnumerated
            ? Invariant($"all {model[0].PairCount} and {model[1].PairCount} pairs, nothing drawn")
            : "trials are drawn, see below";
        yield return report.Options.DrawCount > 0
            ? Invariant($"Verification: {pairs}; [{report.Options.Confidence:P0} intervals] over people, both sides of a pair.")
            : $"Verification: {pairs}; no intervals asked for.";
    }

    // Of another population, one line.
    private static string Beside(PopulationScores population)
    {
        DirectionScores[] model = Of(population, SystemKind.Model)!;
        return $"Beside it {Counted.Of(population.IdentityCount, "person")} {Title(population)}: AUC {Both(model, EvaluationMetric.Auc)}.";
    }

    private static IEnumerable<string> Gap(PopulationScores population)
    {
        if (population.ModalityGap is ModalityGap gap)
        {
            yield return Invariant($"Modality gap: the centroids of voices and faces lie {gap.Distance:0.000} apart, ")
                + Invariant($"{gap.RelativeDistance:0.00} times the spread.");
        }
    }

    private static string Verdict(PopulationScores population, SystemKind kind, string name, string absent)
    {
        DirectionDifference?[] differences =
        [
            .. Directions.Select(way => population.Differences.FirstOrDefault(
                one => one.Against == kind && one.Stratum == Stratum.Everybody && one.Direction == way)),
        ];
        if (Of(population, kind) is not DirectionScores[] other || differences.Contains(null))
        {
            return $"Against {name}: {absent}.";
        }

        MetricDifference[] auc = [.. differences.Select(difference => difference!.Metrics[EvaluationMetric.Auc])];
        string[] words = [.. auc.Select(Word)];
        string verdict = words[0] == words[1] ? words[0] : $"{words[0]} and {words[1]}";
        return $"Against {name} (AUC {Both(other, EvaluationMetric.Auc, intervals: false)}): {verdict}, by {Signed(auc[0])} and "
            + $"{Signed(auc[1])} AUC";
    }

    // Its difference is told as what the set adds to the model: the inductive scores come first.
    private static string Transductive(PopulationScores population, TransductiveClusters clusters)
    {
        if (clusters.AreNone)
        {
            return "Transductive (means over clusters of this set's voices and faces): no cluster stands out, so these are the inductive "
                + "figures above.";
        }

        MetricDifference[] gains = [.. Directions.Select(way => population.Differences.First(one =>
            one.Against == SystemKind.Transductive && one.Stratum == Stratum.Everybody && one.Direction == way))
            .Select(difference => Negative(difference.Metrics[EvaluationMetric.Auc]))];
        string alone = population.OneClipIdentityCount == population.IdentityCount
            ? "; everybody has one clip, so clusters can only join different people"
            : "";
        return $"Transductive (means over clusters of this set's voices and faces, {Found(clusters.Voice)} voices and "
            + $"{Found(clusters.Face)} faces): AUC {Both(Of(population, SystemKind.Transductive)!, EvaluationMetric.Auc)}, "
            + $"{Signed(gains[0])} and "
            + $"{Signed(gains[1])} against the inductive one{alone}.";

        static string Found(TransductiveModality own) =>
            $"{Counted.Of(own.ClusterCount, "cluster")} of {own.ClusteredCount} of {own.RowCount}";
    }

    private static string Explained(ScoreExplanation explanation)
    {
        double above = explanation.Auc - 0.5;
        IEnumerable<string> parts = explanation.Parts.Select(part => Part(EnumText.Of(part.Attribute), part.Gain, part.GainInterval));
        return $"Explained: AUC {Text(explanation.Auc)} = 0.500 by chance, "
            + $"{string.Join(", ", parts.Append(Part("the rest", explanation.Rest, explanation.RestInterval)))}; of the variance of scores "
            + string.Join(
                ", ", explanation.Parts.Select(part => Invariant($"{EnumText.Of(part.Attribute)} {part.VarianceShare:0.0 %}"))
                    .Append(Invariant($"the rest {explanation.RestVarianceShare:0.0 %}"))) + ".";

        string Part(string name, double gain, Interval? interval)
        {
            string share = above > 0 ? Invariant($" ({gain / above:0 %})") : "";
            return $"{Signed(gain, interval)} {name}{share}";
        }
    }

    // Said also where the answer is no.
    private static string Uncertain(SelectiveTask task, UncertaintyScores[] scores)
    {
        string what = task == SelectiveTask.OneOfTwo ? "right one of 2" : "nearest one right";
        string best = string.Join(" and ", scores.Select(one => Invariant(
            $"{one.Risk:0.000} at random, {one.Find(ConfidenceKind.Margin)!.Area:0.000} by the margin of scores, ")
            + Invariant($"{one.IdealArea:0.000} ideal")));
        ConfidenceKind[] deviations = [ConfidenceKind.LogVariance, ConfidenceKind.Variance, ConfidenceKind.MutualLikelihood];
        string[] said =
        [
            .. deviations.Where(kind => Array.TrueForAll(scores, one => one.Find(kind) is not null)).Select(kind =>
            {
                ConfidenceScores[] own = [.. scores.Select(one => one.Find(kind)!)];
                string verdict = Array.TrueForAll(own, one => one.GainInterval is (> 0, _)) ? "predicts errors"
                    : Array.Exists(own, one => one.GainInterval is (> 0, _)) ? "predicts errors one way only"
                    : Array.TrueForAll(own, one => one.GainInterval is (_, < 0)) ? "is misleading: surer where wrong"
                    : "does not predict errors";
                return $"{Name(kind)} {string.Join(", ", own.Select(one => Text(one.Area)))} ({verdict})";
            }),
        ];
        return $"Uncertainty, {what}, area under risk-coverage (AURC, lower is better): {best}"
            + (said.Length == 0 ? "." : $"; by the posteriors' deviations: {string.Join("; ", said)}.");

        static string Name(ConfidenceKind kind) => kind == ConfidenceKind.MutualLikelihood
            ? "mutual likelihood, of means too,"
            : EnumText.Of(kind).Replace('-', ' ');
    }

    private static MetricDifference Negative(MetricDifference difference) => new(
        -difference.Value, Turn(difference.Interval), -difference.ByIdentityValue, Turn(difference.ByIdentityInterval));

    private static Interval? Turn(Interval? interval) => interval is (double low, double high) ? new Interval(-high, -low) : null;

    private static string Word(MetricDifference difference) => difference.Interval switch
    {
        (double low, _) when low > 0 => "better",
        (_, double high) when high < 0 => "worse",
        null => difference.Value > 0 ? "better (no interval)" : difference.Value < 0 ? "worse (no interval)" : "equal",
        _ => "no clear difference",
    };

    private static DirectionScores[]? Of(PopulationScores population, SystemKind kind)
    {
        DirectionScores?[] scores = [.. Directions.Select(way => population.Find(kind)?.Find(Stratum.Everybody, way))];
        return scores.Contains(null) ? null : [.. scores.OfType<DirectionScores>()];
    }

    private static string Both(DirectionScores[] scores, EvaluationMetric metric, bool intervals = true) => string.Join(
        ", ", scores.Select(one => Text(one.Metrics[metric], intervals)));

    private static string Text(MetricValue value, bool interval) => interval && value.Interval is (double low, double high)
        ? Invariant($"{value.Value:0.000} [{low:0.000}, {high:0.000}]")
        : Text(value.Value);

    private static string Text(double value) => Invariant($"{value:0.000}");

    private static string Signed(MetricDifference difference) => Signed(difference.Value, difference.Interval);

    private static string Signed(double number, Interval? interval)
    {
        string value = Invariant($"{number:+0.000;-0.000;0.000}");
        return interval is (double low, double high)
            ? Invariant($"{value} [{low:+0.000;-0.000;0.000}, {high:+0.000;-0.000;0.000}]")
            : value;
    }

    private static string Share(DirectionScores model, DirectionScores ceiling)
    {
        double way = ceiling.Auc.Value - ceiling.Auc.Chance;
        return way > 0 ? Invariant($"{(model.Auc.Value - model.Auc.Chance) / way:0 %}") : "-";
    }
}
