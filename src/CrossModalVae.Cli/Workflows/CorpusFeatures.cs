using CrossModalVae.Audio;
using CrossModalVae.Augmentation;
using CrossModalVae.Cli.Terminal;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Features of a corpus, computed or from a store, and its training and validation splits.</summary>
internal static class CorpusFeatures
{
    /// <summary>Gets the features of all but the test split and makes the splits of them.</summary>
    internal static (FeatureTable Train, FeatureTable Validation) ForTraining(
        Manifest manifest,
        Recipe recipe,
        AugmentationSources sources,
        string? store,
        long? seed,
        SoundReading? reading,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        using FeatureStore? features = store is null ? null : FeatureStore.Open(store);
        FeatureTable table = Get(manifest, recipe, features, clip => clip.Split != CorpusSplit.Test, reading, error, cancellationToken);
        return Split(table, manifest, recipe, sources, features, seed, reading, error, cancellationToken);
    }

    /// <summary>
    /// The training and validation splits of a table; where the manifest has no validation split, a share of the training identities
    /// becomes one. The recipe's augmented views are added after that, to the training split alone: babble has no validation voice.
    /// </summary>
    internal static (FeatureTable Train, FeatureTable Validation) Split(
        FeatureTable table,
        Manifest manifest,
        Recipe recipe,
        AugmentationSources sources,
        FeatureStore? store,
        long? seed,
        SoundReading? reading,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        FeatureTable train = table.Where(clip => clip.Split == CorpusSplit.Train);
        FeatureTable validation = table.Where(clip => clip.Split == CorpusSplit.Validation);
        if (validation.Count == 0)
        {
            error.WriteLine($"no validation split: {recipe.Training.ValidationShare:0%} of the training identities become one");
            (train, validation) = Training.ValidationSplit.ByIdentity(train, recipe.Training.ValidationShare, seed ?? recipe.Training.Seed);
        }

        return (Augment(manifest, recipe, sources, store, train, reading, error, cancellationToken), validation);
    }

    private static FeatureTable Augment(
        Manifest manifest,
        Recipe recipe,
        AugmentationSources sources,
        FeatureStore? store,
        FeatureTable train,
        SoundReading? reading,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        if (recipe.Augmentation is null)
        {
            return train;
        }

        if (store?.AugmentedViewCount > 0)
        {
            return store.Augment(manifest, recipe, sources, train, progress: null, cancellationToken);
        }

        var extractor = new FeatureExtractor(recipe, sources.WithVoices(manifest, train.Clips), reading);
        using ProgressBar progress = ProgressBar.Start("augmented views", train.Count * extractor.AugmentedViewCount, error);
        return extractor.Augment(manifest, train, progress, cancellationToken);
    }

    /// <summary>
    /// Features of the clips that satisfy a condition: read from a store where one is named, else
    /// computed. Refuses first what carries nothing to learn.
    /// </summary>
    internal static FeatureTable Get(
        Manifest manifest,
        Recipe recipe,
        FeatureStore? store,
        Func<Clip, bool> condition,
        SoundReading? reading,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        CorpusGuard.RequireSeparateSplits(manifest.Clips.Select(clip => (clip.Identity, clip.Split)));
        FeatureGuard.RequireInformativeOrder(recipe.Voice);
        if (store is not null)
        {
            store.RequireRecipe(recipe);
            return store.Read(manifest, condition, progress: null, cancellationToken);
        }

        var extractor = new FeatureExtractor(recipe, reading);
        using ProgressBar progress = ProgressBar.Start("features", manifest.Clips.Count(condition), error);
        return extractor.Extract(manifest, condition, progress, cancellationToken);
    }
}
