namespace CrossModalVae.Evaluation;

/// <summary>What the model is better by than another system in one stratum and direction, figure by figure.</summary>
/// <param name="Against">The other system.</param>
/// <param name="Stratum">The stratum.</param>
/// <param name="Direction">The direction.</param>
/// <param name="Figures">The model's figure minus the other's.</param>
public sealed record DirectionDifference(
    SystemKind Against, Stratum Stratum, RetrievalDirection Direction, IReadOnlyDictionary<EvaluationFigure, FigureDifference> Figures);
