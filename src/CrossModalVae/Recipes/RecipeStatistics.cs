namespace CrossModalVae.Recipes;

/// <summary>The training split's feature statistics, present in a recipe as used.</summary>
/// <param name="Voice">The voice features' statistics.</param>
/// <param name="Face">The face features' statistics.</param>
public sealed record RecipeStatistics(FeatureStatistics Voice, FeatureStatistics Face);
