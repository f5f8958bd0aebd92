namespace CrossModalVae.Synthesis;

/// <summary>The ground truth of a synthetic corpus, read from its folder: each identity's traits, and the optimal score of each
/// pair.</summary>
public sealed class SyntheticTruth
{
    /// <summary>The file of the true traits, beside the manifest.</summary>
    public const string TraitsFileName = "traits.jsonl";

    private readonly IdealMatcher _matcher;

    private SyntheticTruth(SyntheticCorpusOptions options, IReadOnlyDictionary<string, IdentityTraits> identities)
    {
        Options = options;
        Identities = identities;
        _matcher = new IdealMatcher(options.Correlations);
    }

    /// <summary>The options of the corpus, without the number of threads.</summary>
    public SyntheticCorpusOptions Options { get; }

    /// <summary>The traits of each identity by its name in the manifest.</summary>
    internal IReadOnlyDictionary<string, IdentityTraits> Identities { get; }

    /// <summary>Whether a folder holds a synthetic corpus, complete or not.</summary>
    /// <param name="folder">A manifest's folder.</param>
    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, SyntheticCard.FileName));

    /// <summary>Reads card and traits of a synthetic corpus.</summary>
    /// <param name="folder">The manifest's folder.</param>
    /// <exception cref="FileNotFoundException">The folder lacks synthetic-card.json or traits.jsonl.</exception>
    /// <exception cref="InvalidDataException">One of them does not follow its schema, or another version of
    /// the generator wrote the card.</exception>
    public static SyntheticTruth Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new SyntheticTruth(
            SyntheticCard.Read(Path.Combine(folder, SyntheticCard.FileName)),
            SyntheticTraitsFile.Read(Path.Combine(folder, TraitsFileName)));
    }

    /// <summary>The optimal score of one identity's voice and one identity's face, the same in both directions.</summary>
    /// <param name="voiceIdentity">The voice's identity.</param>
    /// <param name="faceIdentity">The face's identity.</param>
    /// <returns>A log likelihood ratio in nats; by the Neyman-Pearson lemma no score separates target from non-target pairs better.
    /// Negative infinity where the sexes differ.</returns>
    /// <exception cref="ArgumentException">An identity is not of this corpus.</exception>
    public double Score(string voiceIdentity, string faceIdentity) => _matcher.Score(Find(voiceIdentity).Voice, Find(faceIdentity).Face);

    private IdentityTraits Find(string identity) => Identities.TryGetValue(identity, out IdentityTraits? traits)
        ? traits
        : throw UserError.Mark(new ArgumentException(
            $"'{identity}' is no identity of this synthetic corpus; "
            + $"must be one of the {Identities.Count} in {TraitsFileName}.", nameof(identity)));
}
