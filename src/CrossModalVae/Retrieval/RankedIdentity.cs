namespace CrossModalVae.Retrieval;

/// <summary>An identity of a gallery and its score.</summary>
/// <param name="Identity">Who.</param>
/// <param name="BestRow">Zero-based row of its best clip.</param>
/// <param name="ClipCount">How many of its clips took part.</param>
/// <param name="Score">What its clips' scores come to, higher is nearer.</param>
public sealed record RankedIdentity(string Identity, int BestRow, int ClipCount, double Score);
