namespace CrossModalVae.Corpora;

/// <summary>One item of a protocol: a clip by its identity and name.</summary>
/// <param name="Identity">Whose clip it is.</param>
/// <param name="Clip">The clip's name within its identity.</param>
public readonly record struct ClipKey(string Identity, string Clip);
