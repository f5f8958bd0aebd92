namespace CrossModalVae.Evaluation.Trials;

/// <summary>How one list was scored, with every bootstrap draw.</summary>
/// <param name="Scores">The list, without figures.</param>
/// <param name="Figures">The figures; none where nothing was left to score.</param>
internal sealed record TrialListSample(TrialListScores Scores, IReadOnlyDictionary<EvaluationFigure, FigureSample> Figures)
{
    public TrialListScores ToScores(TrialListSample? against, double confidence) => Scores with
    {
        Figures = Figures.ToDictionary(pair => pair.Key, pair => pair.Value.ToMetric(confidence)),
        Differences = against is null
            ? new Dictionary<EvaluationFigure, FigureDifference>()
            : Figures.ToDictionary(pair => pair.Key, pair => pair.Value.Minus(against.Figures[pair.Key], confidence)),
    };
}
