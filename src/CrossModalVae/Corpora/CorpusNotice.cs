namespace CrossModalVae.Corpora;

/// <summary>Something about a corpus that its user should know: what was left out, what is missing.</summary>
/// <param name="What">In words, as in "clip folders with more than one wav file".</param>
/// <param name="Count">How often.</param>
/// <param name="Examples">The first few, in corpus order.</param>
public sealed record CorpusNotice(string What, int Count, IReadOnlyList<string> Examples);
