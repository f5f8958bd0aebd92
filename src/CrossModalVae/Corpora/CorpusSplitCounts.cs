namespace CrossModalVae.Corpora;

/// <summary>The counts of one split.</summary>
/// <param name="Split">The split.</param>
/// <param name="IdentityCount">People with a clip in it.</param>
/// <param name="ClipCount">Clips.</param>
/// <param name="PairCount">Clips with voice and face.</param>
/// <param name="FrameCount">Face frames.</param>
/// <param name="Hours">Voice, in hours.</param>
public sealed record CorpusSplitCounts(CorpusSplit Split, int IdentityCount, int ClipCount, int PairCount, int FrameCount, double Hours);
