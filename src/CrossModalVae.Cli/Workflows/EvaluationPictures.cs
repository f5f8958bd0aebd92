using CrossModalVae.Evaluation;
using CrossModalVae.Pictures;

namespace CrossModalVae.Cli.Workflows;

/// <summary>
/// The curves of an evaluation: roc, det and matching, each as SVG and PNG; of people whom training has met in files of their own.
/// </summary>
internal static class EvaluationPictures
{
    private static readonly SystemKind[] Drawn = [SystemKind.Model, SystemKind.Against, SystemKind.Linear, SystemKind.Ceiling];

    internal static void Write(EvaluationReport report, string folder, string prefix = "")
    {
        foreach (PopulationScores population in report.Populations)
        {
            string own = population.Population == Population.SeenHeard && report.Populations.Count > 1
                ? $"{prefix}{EnumText.Of(population.Population)}-"
                : prefix;
            Write(population, folder, own);
        }
    }

    private static void Write(PopulationScores population, string folder, string prefix)
    {
        (string Name, DirectionScores Scores)[] systems =
        [
            .. Drawn.Select(population.Find).OfType<SystemScores>().SelectMany(system => Enum.GetValues<RetrievalDirection>()
                .Select(direction => (Name: Name(system.Kind, direction), Scores: system.Find(Stratum.Random, direction)!))),
        ];
        RocSeries[] trials = [.. systems.Select(system => new RocSeries(system.Name, system.Scores.Verification!))];
        RocPicture.Draw(trials).SaveBoth(folder, prefix + "roc");
        DetPicture.Draw(trials).SaveBoth(folder, prefix + "det");
        MatchingPicture.Draw([.. systems.Select(system => new MatchingSeries(system.Name, Points(system.Scores)))])
            .SaveBoth(folder, prefix + "matching");
    }

    private static string Name(SystemKind kind, RetrievalDirection direction)
    {
        string arrow = direction == RetrievalDirection.VoiceToFace ? "voice → face" : "face → voice";
        return kind == SystemKind.Model ? arrow : $"{EnumText.Of(kind)}, {arrow}";
    }

    private static MatchingPoint[] Points(DirectionScores scores) =>
    [
        .. Enumerable.Range(EvaluationMetrics.SmallestMatching, EvaluationMetrics.LargestMatching - EvaluationMetrics.SmallestMatching + 1)
            .Select(n => (Count: n, Accuracy: scores.MatchingAccuracy(n)))
            .Where(point => point.Accuracy is not null)
            .Select(point =>
                new MatchingPoint(point.Count, point.Accuracy!.Value, point.Accuracy.Interval?.Low, point.Accuracy.Interval?.High)),
    ];
}
