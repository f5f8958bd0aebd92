using CrossModalVae.Evaluation;
using Spectre.Console;

namespace CrossModalVae.Cli.Terminal;

/// <summary>
/// Prints the scores of one population in at most 100 columns: every metric, then strata, then systems beside each other, then differences.
/// </summary>
internal static class PopulationTables
{
    private static readonly RetrievalDirection[] Directions = Enum.GetValues<RetrievalDirection>();

    // No retrieval for strata: every group is a gallery of its own size, with its own chance level.
    private static readonly EvaluationMetric[] OfStrata =
    [
        EvaluationMetric.Auc,
        EvaluationMetric.EqualErrorRate,
        EvaluationMetric.MatchingOf2,
        EvaluationMetric.MatchingOf10,
    ];

    // Two metrics with their intervals in both directions fill the width.
    private static readonly EvaluationMetric[] OfSystems = [EvaluationMetric.Auc, EvaluationMetric.MatchingOf10];

    private static readonly SystemKind[] Order =
    [
        SystemKind.RandomScores, SystemKind.GenderOracle, SystemKind.Linear, SystemKind.Against, SystemKind.Model,
        SystemKind.Transductive, SystemKind.Ceiling,
    ];

    internal static void Print(TextWriter writer, PopulationScores population, ProtocolOptions options)
    {
        string seen = population.Population switch
        {
            Population.SeenHeard => "seen in training",
            Population.Validation => "that chose the epoch",
            _ => "not seen in training",
        };
        writer.WriteLine(
            $"{EnumText.Of(population.Population).ToUpperInvariant()}: {Counted.Of(population.IdentityCount, "identity")} {seen}, "
            + $"{Counted.Of(population.ClipCount, "clip")} ({EnumText.Of(population.Split)} split), "
            + $"{population.OneClipIdentityCount} with one clip");
        string intervals = options.DrawCount == 0
            ? "no intervals asked for"
            : Invariant($"[{options.Confidence:P0} intervals] over identities, {Counted.Of(options.DrawCount, "draw")}");
        writer.WriteLine($"positives: {EnumText.Of(options.Positives)} (--positives); {intervals}; * lower is better");
        if (population.ModalityGap is { } gap)
        {
            writer.WriteLine(Invariant(
                $"modality gap {gap.Distance:0.000}, spread {gap.Spread:0.000}: {gap.RelativeDistance:0.00} times the spread"));
        }

        SystemScores model = population.Systems[0];
        foreach (DirectionScores scores in Directions.Select(way => model.Find(Stratum.Everybody, way)).OfType<DirectionScores>())
        {
            PrintMetrics(writer, scores);
        }

        PrintStrata(writer, population);
        PrintSystems(writer, population);
        PrintDifferences(writer, population);
        PrintExplanation(writer, population.Explanation);
        PrintUncertainty(writer, population.Uncertainty);
        foreach (string note in population.Notes)
        {
            writer.WriteLine($"note: {note}");
        }

        foreach (string warning in population.Warnings)
        {
            writer.WriteLine($"warning: {warning}");
        }

        writer.WriteLine();
    }

    /// <summary>A system in prose.</summary>
    internal static string Name(SystemKind kind) => EnumText.Of(kind).Replace('-', ' ');

    internal static string Name(EvaluationMetric metric)
    {
        string name = metric switch
        {
            EvaluationMetric.Auc => "AUC",
            EvaluationMetric.EqualErrorRate => "EER",
            EvaluationMetric.DetectionCostAt1Percent => "minDCF 1 %",
            EvaluationMetric.DetectionCostAt5Percent => "minDCF 5 %",
            EvaluationMetric.MeanReciprocalRank => "MRR",
            EvaluationMetric.RecallAt1 => "R@1",
            EvaluationMetric.RecallAt5 => "R@5",
            EvaluationMetric.RecallAt10 => "R@10",
            EvaluationMetric.MeanAveragePrecision => "mAP",
            EvaluationMetric.ListedMatching => "accuracy",
            _ => $"1 of {EvaluationMetrics.SmallestMatching + (metric - EvaluationMetric.MatchingOf2)}",
        };
        return EvaluationMetrics.LowerIsBetter(metric) ? $"{name} *" : name;
    }

    /// <summary>A value and its interval, as in 0.812 [0.790, 0.833].</summary>
    internal static string Text(double? value, Interval? interval) => interval is (double low, double high)
        ? Invariant($"{Tables.Metric(value)} [{low:0.000}, {high:0.000}]")
        : Tables.Metric(value);

    /// <summary>A difference and its interval, with signs; "!" where the interval leaves out 0.</summary>
    internal static string Signed(MetricDifference difference)
    {
        string value = Invariant($"{difference.Value:+0.000;-0.000;0.000}");
        return difference.Interval is (double low, double high)
            ? Invariant($"{value} [{low:+0.000;-0.000;0.000}, {high:+0.000;-0.000;0.000}]{(low > 0 || high < 0 ? " !" : "  ")}")
            : value;
    }

    private static void PrintMetrics(TextWriter writer, DirectionScores scores)
    {
        Table table = Tables.Start([Arrow(scores.Direction)], "trials", "chance", "over trials", "over identities");
        foreach ((EvaluationMetric metric, MetricValue value) in scores.Metrics.OrderBy(pair => pair.Key))
        {
            table.Row(
                Name(metric),
                Tables.Number(value.Count),
                Tables.Metric(value.Chance),
                Text(value.Value, value.Interval),
                Text(value.ByIdentity?.Value, value.ByIdentity?.Interval));
        }

        Tables.Write(writer, table);
    }

    private static void PrintStrata(TextWriter writer, PopulationScores population)
    {
        Table table = Tables.Start(["others are"], ["identities", .. OfStrata.Select(Name)]);
        foreach (DirectionScores scores in Directions.SelectMany(way => population.Systems[0].Scores.Where(own => own.Direction == way)))
        {
            string stratum = scores.Stratum == Stratum.Everybody ? "everybody" : $"same {Strata.Name(scores.Stratum)}";
            table.Row([
                $"{stratum}, {Short(scores.Direction)}",
                Tables.Number(scores.IdentityCount),
                .. OfStrata.Select(metric => scores.Metrics.TryGetValue(metric, out MetricValue? value) ? Short(value) : "-"),
            ]);
        }

        Tables.Write(writer, table);
        if (population.Systems[0].Scores.Any(scores => scores.Stratum != Stratum.Everybody))
        {
            writer.WriteLine("G: gender, N: nationality, A: age group of ten years, GNA: all three");
        }
    }

    private static void PrintSystems(TextWriter writer, PopulationScores population)
    {
        (EvaluationMetric Metric, RetrievalDirection Direction)[] columns =
            [.. OfSystems.SelectMany(metric => Directions.Select(direction => (metric, direction)))];
        Table table = Tables.Start(["system, everybody"], columns.Select(column => $"{Name(column.Metric)} {Short(column.Direction)}"));
        AddRow("chance", population.Systems[0], value => Tables.Metric(value.Chance));
        foreach (SystemScores system in Order.Select(population.Find).OfType<SystemScores>())
        {
            string people = system.IdentityCount == population.IdentityCount ? "" : $" ({system.IdentityCount} people)";
            AddRow($"{Name(system.Kind)}{people}", system, Short);
        }

        Tables.Write(writer, table);

        void AddRow(string name, SystemScores system, Func<MetricValue, string> text) => table.Row([
            name,
            .. columns.Select(column => system.Find(Stratum.Everybody, column.Direction)?.Metrics.GetValueOrDefault(column.Metric))
                .Select(value => value is null ? "-" : text(value)),
        ]);
    }

    private static void PrintDifferences(TextWriter writer, PopulationScores population)
    {
        foreach (IGrouping<SystemKind, DirectionDifference> other in population.Differences
            .Where(difference => difference.Stratum == Stratum.Everybody)
            .GroupBy(difference => difference.Against))
        {
            writer.WriteLine("Model minus another system on the same draws of identities; ! where the interval leaves out 0");
            Table table = Tables.Start([$"minus {Name(other.Key)}"], other.Select(difference => Arrow(difference.Direction)));
            foreach (EvaluationMetric metric in other.First().Metrics.Keys.Order())
            {
                table.Row([Name(metric), .. other.Select(difference => Signed(difference.Metrics[metric]))]);
            }

            Tables.Write(writer, table);
        }
    }

    private static void PrintExplanation(TextWriter writer, ScoreExplanation? explanation)
    {
        if (explanation is null)
        {
            return;
        }

        writer.WriteLine(Invariant($"What explains the AUC of {Text(explanation.Auc, explanation.AucInterval)} ")
            + $"({Counted.Of(explanation.IdentityCount, "identity")}): taken out one after the other");
        Table table = Tables.Start(["explained by"], "AUC", "score change", "share of variance");
        foreach (ExplainedPart part in explanation.Parts)
        {
            table.Row(
                EnumText.Of(part.Attribute),
                Text(part.Gain, part.GainInterval),
                part.Change.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture),
                Tables.Percent(part.VarianceShare));
        }

        table.Row("the rest", Text(explanation.Rest, explanation.RestInterval), "", Tables.Percent(explanation.RestVarianceShare));
        Tables.Write(writer, table);
    }

    private static void PrintUncertainty(TextWriter writer, IReadOnlyList<UncertaintyScores> uncertainty)
    {
        foreach (UncertaintyScores scores in uncertainty)
        {
            string task = scores.Task == SelectiveTask.OneOfTwo ? "the right one of 2" : "whether the nearest is right";
            writer.WriteLine(
                $"Confidence and errors, {task}, {Arrow(scores.Direction)}: {Counted.Of(scores.AnswerCount, "answer")}; "
                + $"AURC {Tables.Metric(scores.Risk)} at random, {Tables.Metric(scores.IdealArea)} ideal; lower is better");
            Table table = Tables.Start(["confidence"], "AURC", "excess", "below random");
            foreach (ConfidenceScores one in scores.Confidences)
            {
                table.Row(
                    EnumText.Of(one.Kind).Replace('-', ' '),
                    Text(one.Area, one.AreaInterval),
                    Tables.Metric(one.Excess),
                    Signed(new MetricDifference(one.Gain, one.GainInterval, 0, null)));
            }

            Tables.Write(writer, table);
        }
    }

    private static string Short(MetricValue value) => value.Interval is (double low, double high)
        ? Invariant($"{value.Value:.000} [{low:.00}, {high:.00}]")
        : Tables.Metric(value.Value);

    private static string Arrow(RetrievalDirection direction) =>
        direction == RetrievalDirection.VoiceToFace ? "voice→face" : "face→voice";

    private static string Short(RetrievalDirection direction) => direction == RetrievalDirection.VoiceToFace ? "v→f" : "f→v";
}
