namespace CrossModalVae.Features;

/// <summary>
/// Mean and standard deviation of every feature over the clips of the training split. They belong to a recipe as used and are carried
/// into the exported graphs, so that training and serving cannot drift.
/// </summary>
/// <param name="Mean">[F] the features' means.</param>
/// <param name="StandardDeviation">[F] the features' standard deviations (population), each above 0.</param>
/// <param name="ClipCount">How many clips they were computed over.</param>
public sealed record FeatureStatistics(float[] Mean, float[] StandardDeviation, int ClipCount)
{
    /// <summary>F, the number of features.</summary>
    public int Length => Mean.Length;
}
