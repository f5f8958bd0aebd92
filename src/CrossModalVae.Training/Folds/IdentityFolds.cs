using CrossModalVae.Corpora;

namespace CrossModalVae.Training.Folds;

/// <summary>
/// Folds over identities for cross-validation: each identity validates exactly once, with all of its clips. Sizes differ by one at most,
/// of each gender too where the manifest says it.
/// </summary>
public sealed class IdentityFolds
{
    private const int FewestOnEitherSide = 2;

    private readonly Dictionary<string, int> _folds;

    private IdentityFolds(Dictionary<string, int> folds, int count) => (_folds, Count) = (folds, count);

    /// <summary>N, the number of folds.</summary>
    public int Count { get; }

    /// <summary>Deals the identities of clips into folds; a function of identities, genders, count and seed alone.</summary>
    /// <param name="clips">The clips; their order does not matter.</param>
    /// <param name="count">N, at least 2.</param>
    /// <param name="seed">Seed of the draw.</param>
    /// <exception cref="InvalidDataException">Fewer than 2 identities a fold.</exception>
    public static IdentityFolds Assign(IEnumerable<Clip> clips, int count, long seed)
    {
        ArgumentNullException.ThrowIfNull(clips);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        (string Name, string Gender)[] people =
        [
            .. clips.GroupBy(clip => clip.Identity, StringComparer.Ordinal)
                .Select(own => (own.Key, own.Select(clip => clip.Gender).OfType<string>().Order(StringComparer.Ordinal).FirstOrDefault("")))
                .OrderBy(person => person.Key, StringComparer.Ordinal),
        ];
        if (people.Length < FewestOnEitherSide * count)
        {
            throw new InvalidDataException(
                $"The training split has {Counted.Of(people.Length, "person")}; {count} folds need at least "
                + $"{FewestOnEitherSide * count}, two to validate on in each.");
        }

        SeededRandom.For(seed, "folds").Shuffle(people.AsSpan());
        return new IdentityFolds(
            people.OrderBy(person => person.Gender, StringComparer.Ordinal).Index() // stable: shuffled within a gender
                .ToDictionary(entry => entry.Item.Name, entry => entry.Index % count, StringComparer.Ordinal),
            count);
    }

    /// <summary>One fold's parts of a source, without a copy of its features: it must stay usable.</summary>
    /// <param name="source">Clips of the identities that were dealt.</param>
    /// <param name="fold">Zero-based.</param>
    /// <returns>The clips of all other folds, and those of this one marked as validation.</returns>
    public (FeatureSource Train, FeatureSource Validation) Split(FeatureSource source, int fold)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegative(fold);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fold, Count);
        return (
            source.Select(clip => _folds[clip.Identity] != fold),
            source.Select(clip => _folds[clip.Identity] == fold, clip => clip with { Split = CorpusSplit.Validation }));
    }
}
