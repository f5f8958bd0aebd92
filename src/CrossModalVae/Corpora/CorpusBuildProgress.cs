namespace CrossModalVae.Corpora;

/// <summary>How far the making of a manifest has come.</summary>
/// <param name="DoneIdentities">People whose clips have all been written.</param>
/// <param name="IdentityCount">People of the whole corpus.</param>
/// <param name="ClipCount">Clips written so far.</param>
public readonly record struct CorpusBuildProgress(int DoneIdentities, int IdentityCount, int ClipCount);
