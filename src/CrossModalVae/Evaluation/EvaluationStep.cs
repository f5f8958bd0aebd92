namespace CrossModalVae.Evaluation;

/// <summary>How far an evaluation is.</summary>
/// <param name="Name">What begins now: a system in a direction, or the clusters.</param>
/// <param name="DoneCount">Steps that are done.</param>
/// <param name="TotalCount">All steps.</param>
public sealed record EvaluationStep(string Name, int DoneCount, int TotalCount);
