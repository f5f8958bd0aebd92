using CrossModalVae.Evaluation;
using Spectre.Console;

namespace CrossModalVae.Cli.Terminal;

/// <summary>
/// Prints the scores of one population in at most 100 columns: every figure, then strata, then systems beside each other, then differences.
/// </summary>
internal static class PopulationTables
{
    private static readonly RetrievalDirection[] Directions = Enum.GetValues<RetrievalDirection>();

    // Of strata no retrieval: every group is a gallery of its own size, with its own chance.
    private static readonly EvaluationMetric[] OfStrata =
    [
        EvaluationMetric.Auc,
        EvaluationMetric.EqualErrorRate,
        EvaluationMetric.MatchingOf2,
        EvaluationMetric.MatchingOf10,
    ];

    private static readonly EvaluationMetric[] OfSystems =
    [
        EvaluationMetric.Auc,
        EvaluationMetric.MatchingOf10,
        EvaluationMetric.MeanReciprocalRank,
    ];

    private static readonly SystemKind[] Order =
        [SystemKind.Random, SystemKind.GenderOracle, SystemKind.Linear, SystemKind.Against, SystemKind.Model, SystemKind.Ceiling];

    internal static void Print(TextWriter writer, PopulationScores population, ProtocolOptions options)
    {
        string met = population.Population == Population.SeenHeard ? "people whom training has met" : "people whom training has never met";
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{EnumText.Of(population.Population).ToUpperInvariant()}: {population.IdentityCount} {met}, {population.ClipCount} "
            + $"clips ({EnumText.Of(population.Split)} split)"));
        string intervals = options.DrawCount == 0
            ? "no intervals asked for"
            : string.Create(CultureInfo.InvariantCulture, $"[{options.Confidence:P0} intervals] over people, {options.DrawCount} draws");
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{options.TrialsPerProbe} trials a probe, seed {options.Seed}; {intervals}; * lower is better"));
        foreach (RetrievalDirection direction in Directions)
        {
            if (population.Systems[0].Find(Stratum.Random, direction) is DirectionScores scores)
            {
                PrintFigures(writer, scores);
            }
        }

        PrintStrata(writer, population);
        PrintSystems(writer, population);
        PrintDifferences(writer, population);
        foreach (string warning in population.Warnings)
        {
            writer.WriteLine($"warning: {warning}");
        }

        writer.WriteLine();
    }

    internal static string Name(EvaluationMetric figure)
    {
        string name = figure switch
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
            _ => $"1 of {EvaluationMetrics.SmallestMatching + (figure - EvaluationMetric.MatchingOf2)}",
        };
        return EvaluationMetrics.LowerIsBetter(figure) ? $"{name} *" : name;
    }

    /// <summary>A value and its interval, as in 0.812 [0.790, 0.833].</summary>
    internal static string Text(double? value, Interval? interval) => interval is (double low, double high)
        ? string.Create(CultureInfo.InvariantCulture, $"{EvaluationTables.Text(value)} [{low:0.000}, {high:0.000}]")
        : EvaluationTables.Text(value);

    /// <summary>A difference and its interval, with signs; + and - stand out where the interval leaves out 0.</summary>
    internal static string Signed(MetricDifference difference)
    {
        const string Form = "+0.000;-0.000;0.000";
        string value = difference.Value.ToString(Form, CultureInfo.InvariantCulture);
        return difference.Interval is (double low, double high)
            ? $"{value} [{low.ToString(Form, CultureInfo.InvariantCulture)}, "
                + $"{high.ToString(Form, CultureInfo.InvariantCulture)}]{(low > 0 || high < 0 ? " !" : "  ")}"
            : value;
    }

    private static void PrintFigures(TextWriter writer, DirectionScores scores)
    {
        Table table = Start(Arrow(scores.Direction), "trials", "chance", "all trials alike", "all people alike");
        foreach ((EvaluationMetric figure, MetricValue value) in scores.Metrics.OrderBy(pair => pair.Key))
        {
            Row(
                table,
                Name(figure),
                value.Count.ToString(CultureInfo.InvariantCulture),
                EvaluationTables.Text(value.Chance),
                Text(value.Value, value.Interval),
                Text(value.ByIdentity?.Value, value.ByIdentity?.Interval));
        }

        Tables.Write(writer, table);
    }

    private static void PrintStrata(TextWriter writer, PopulationScores population)
    {
        Table table = Start("others are", ["people", .. OfStrata.Select(Name)]);
        foreach (RetrievalDirection direction in Directions)
        {
            foreach (DirectionScores scores in population.Systems[0].Scores.Where(scores => scores.Direction == direction))
            {
                Row(
                    table,
                    [
                        $"{Who(scores.Stratum)}, {Short(direction)}",
                        scores.IdentityCount.ToString(CultureInfo.InvariantCulture),
                        .. OfStrata.Select(figure => scores.Metrics.TryGetValue(figure, out MetricValue? value) ? Short(value) : "-"),
                    ]);
            }
        }

        Tables.Write(writer, table);
    }

    private static void PrintSystems(TextWriter writer, PopulationScores population)
    {
        Table table = Start(
            "system, among everybody",
            [.. OfSystems.SelectMany(figure => Directions.Select(direction => $"{Name(figure)} {Short(direction)}"))]);
        AddRow("chance", population.Systems[0], value => value.Chance);
        foreach (SystemScores system in Order.Select(population.Find).OfType<SystemScores>())
        {
            AddRow(EnumText.Of(system.Kind), system, value => value.Value);
        }

        Tables.Write(writer, table);

        void AddRow(string name, SystemScores system, Func<MetricValue, double> pick) => Row(
            table,
            [
                name,
                .. OfSystems.SelectMany(figure => Directions.Select(direction =>
                    system.Find(Stratum.Random, direction)?.Metrics.GetValueOrDefault(figure) is MetricValue value
                        ? EvaluationTables.Text(pick(value))
                        : "-")),
            ]);
    }

    private static void PrintDifferences(TextWriter writer, PopulationScores population)
    {
        foreach (IGrouping<SystemKind, DirectionDifference> other in population.Differences.Where(
            difference => difference.Stratum == Stratum.Random)
            .GroupBy(difference => difference.Against))
        {
            writer.WriteLine("Model minus another system on the same draws of people; ! where the interval leaves out 0");
            Table table = Start($"minus {EnumText.Of(other.Key)}", [.. other.Select(difference => Arrow(difference.Direction))]);
            DirectionDifference[] directions = [.. other];
            foreach (EvaluationMetric figure in directions[0].Metrics.Keys.Order())
            {
                Row(table, [Name(figure), .. directions.Select(difference => Signed(difference.Metrics[figure]))]);
            }

            Tables.Write(writer, table);
        }
    }

    private static string Short(MetricValue value) => value.Interval is (double low, double high)
        ? string.Create(CultureInfo.InvariantCulture, $"{value.Value:.000} [{low:.00}, {high:.00}]")
        : EvaluationTables.Text(value.Value);

    private static string Who(Stratum stratum) => stratum == Stratum.Random ? "random" : $"same {Strata.Name(stratum)}";

    private static string Arrow(RetrievalDirection direction) => direction == RetrievalDirection.VoiceToFace ? "voice→face" : "face→voice";

    private static string Short(RetrievalDirection direction) => direction == RetrievalDirection.VoiceToFace ? "v→f" : "f→v";

    private static Table Start(string first, params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn(new TableColumn(first).NoWrap());
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        return table;
    }

    private static void Row(Table table, params string[] cells) => table.AddRow([.. cells.Select(Markup.Escape)]);
}
