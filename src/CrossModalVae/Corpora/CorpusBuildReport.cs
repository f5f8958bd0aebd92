namespace CrossModalVae.Corpora;

/// <summary>What a manifest was made of.</summary>
/// <param name="IdentityCount">People with at least one clip.</param>
/// <param name="ClipCount">Clips written.</param>
/// <param name="VoiceCount">Clips with a voice.</param>
/// <param name="FaceCount">Clips with a face.</param>
/// <param name="PairCount">Clips with both.</param>
/// <param name="ClipsPerSplit">Clips of each split, every split named.</param>
/// <param name="Notices">Everything that was left out or is missing, counted.</param>
public sealed record CorpusBuildReport(
    int IdentityCount,
    int ClipCount,
    int VoiceCount,
    int FaceCount,
    int PairCount,
    IReadOnlyDictionary<CorpusSplit, int> ClipsPerSplit,
    IReadOnlyList<CorpusNotice> Notices);
