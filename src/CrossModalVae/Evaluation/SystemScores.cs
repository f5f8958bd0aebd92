namespace CrossModalVae.Evaluation;

/// <summary>One system in every stratum and both directions.</summary>
/// <param name="Kind">The part it plays.</param>
/// <param name="Scores">By stratum, then direction.</param>
public sealed record SystemScores(SystemKind Kind, IReadOnlyList<DirectionScores> Scores)
{
    /// <summary>The scores of a stratum and direction; null where the stratum has no trial.</summary>
    /// <param name="stratum">The stratum.</param>
    /// <param name="direction">The direction.</param>
    public DirectionScores? Find(Stratum stratum, RetrievalDirection direction) =>
        Scores.FirstOrDefault(scores => scores.Stratum == stratum && scores.Direction == direction);
}
