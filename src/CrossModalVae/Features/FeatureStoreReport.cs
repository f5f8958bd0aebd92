namespace CrossModalVae.Features;

/// <summary>What <see cref="FeatureStoreBuilder.Build"/> did.</summary>
/// <param name="ClipCount">Clips in the store.</param>
/// <param name="RowCount">Rows of the store: the clips as they are, and their augmented views.</param>
/// <param name="ComputedCount">Rows that were computed now; the others were found done and sound.</param>
/// <param name="Bytes">The store's size.</param>
public sealed record FeatureStoreReport(int ClipCount, int RowCount, int ComputedCount, long Bytes);
