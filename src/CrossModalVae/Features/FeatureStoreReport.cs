namespace CrossModalVae.Features;

/// <summary>What <see cref="FeatureStoreBuilder.Build"/> did.</summary>
/// <param name="ClipCount">Clips in the store.</param>
/// <param name="ComputedCount">Clips whose features were computed now; the others were found done and sound.</param>
/// <param name="Bytes">The store's size.</param>
public sealed record FeatureStoreReport(int ClipCount, int ComputedCount, long Bytes);
