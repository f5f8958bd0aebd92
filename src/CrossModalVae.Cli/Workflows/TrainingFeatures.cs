using CrossModalVae.Audio;
using CrossModalVae.Augmentation;
using CrossModalVae.Training.Folds;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Where the features of a training come from, and its splits: the manifest's own, or folds over identities.</summary>
internal sealed record TrainingFeatures
{
    internal required Manifest Manifest { get; init; }

    internal required AugmentationSources Sources { get; init; }

    internal FeatureStore? Store { get; init; }

    internal required bool SkipBroken { get; init; }

    internal SoundReading? Reading { get; init; }

    internal required FrozenEncoders Encoders { get; init; }

    internal required TextWriter Error { get; init; }

    /// <summary>The manifest's splits by a recipe with its seed.</summary>
    internal (FeatureSource Train, FeatureSource Validation) Splits(Recipe recipe, CancellationToken cancellationToken) =>
        CorpusFeatures.ForTraining(
            Manifest, recipe, Sources, Store, SkipBroken, recipe.Training.Seed, Reading, Encoders, Error, cancellationToken);

    /// <summary>
    /// The parts of each fold over the identities of the training split, made when they are asked for; the other splits take no part.
    /// </summary>
    internal Func<int, (FeatureSource Train, FeatureSource Validation)> Folds(
        Recipe recipe, int count, long seed, CancellationToken cancellationToken)
    {
        IdentityFolds.Assign(Manifest.Clips.Where(IsTraining), count, seed); // refuses too few people before any feature
        int validating = Manifest.Clips.Where(clip => clip.Split == CorpusSplit.Validation)
            .Select(clip => clip.Identity).Distinct(StringComparer.Ordinal).Count();
        if (validating > 0)
        {
            Error.WriteLine($"note: the {Counted.Of(validating, "person")} of the validation split take no part in the folds");
        }

        FeatureSource all = CorpusFeatures.Load(
            Manifest, recipe, Store, IsTraining, SkipBroken, Reading, Encoders, Error, cancellationToken);
        IdentityFolds folds = IdentityFolds.Assign(all.Clips, count, seed);
        return fold =>
        {
            (FeatureSource train, FeatureSource validation) = folds.Split(all, fold);
            FeatureSource augmented = CorpusFeatures.Augment(
                Manifest, recipe, Sources, Store, train, SkipBroken, Reading, Encoders, Error, cancellationToken);
            return (augmented, validation);
        };
    }

    private static bool IsTraining(Clip clip) => clip.Split == CorpusSplit.Train;
}
