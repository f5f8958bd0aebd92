namespace CrossModalVae.Pictures;

/// <summary>One point of a 1:N matching curve.</summary>
/// <param name="Count">N, how many there were to choose from, at least 1.</param>
/// <param name="Accuracy">Share of trials in which the right one scored highest, 0 to 1.</param>
/// <param name="Low">Lower end of its interval, or null.</param>
/// <param name="High">Upper end of its interval, or null.</param>
public readonly record struct MatchingPoint(int Count, double Accuracy, double? Low = null, double? High = null);
