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
        bool skipBroken,
        long? seed,
        SoundReading? reading,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        RequireTrainable(manifest);
        using FeatureStore? features = store is null ? null : FeatureStore.Open(store);
        FeatureTable table = Get(
            manifest, recipe, features, clip => clip.Split != CorpusSplit.Test, skipBroken, reading, error, cancellationToken);
        return Split(table, manifest, recipe, sources, features, skipBroken, seed, reading, error, cancellationToken);
    }

    /// <summary>Refuses, before any work, splits that leave too few people to train or to choose an epoch on.</summary>
    /// <exception cref="InvalidDataException">The message says what to do.</exception>
    internal static void RequireTrainable(Manifest manifest)
    {
        CorpusGuard.RequireSeparateSplits(manifest.Clips.Select(clip => (clip.Identity, clip.Split)));
        string[] train = People(CorpusSplit.Train), validation = People(CorpusSplit.Validation);
        const int Fewest = IdentitySplit.FewestToCompare;
        string? fault = validation.Length switch
        {
            0 when train.Length < 2 * Fewest =>
                $"{Counted.Of(train.Length, "person")} in the training split and none in the validation split; expected at least {2 * Fewest}, "
                + "two to train on and two to choose the epoch on: add people, or move some from the test split (corpus folder --test-share 0).",
            _ when train.Length < Fewest =>
                $"{Counted.Of(train.Length, "person")} in the training split; expected at least {Fewest}, to tell people apart: add people, or "
                + "move some from the other splits.",
            > 0 and < Fewest =>
                $"one person in the validation split, '{validation[0]}'; expected at least {Fewest}, to choose the epoch on: add people (6 are "
                + "enough for three splits), move somebody else into that split, or mark it as train, and a share of the training people is "
                + "taken.",
            _ => null,
        };
        if (fault is not null)
        {
            throw new InvalidDataException($"{manifest.FilePath}: has {fault}");
        }

        string[] People(CorpusSplit split) =>
            [.. manifest.Clips.Where(clip => clip.Split == split).Select(clip => clip.Identity).Distinct(StringComparer.Ordinal)];
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
        bool skipBroken,
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

        return (Augment(manifest, recipe, sources, store, train, skipBroken, reading, error, cancellationToken), validation);
    }

    private static FeatureTable Augment(
        Manifest manifest,
        Recipe recipe,
        AugmentationSources sources,
        FeatureStore? store,
        FeatureTable train,
        bool skipBroken,
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
        FeatureTable augmented = extractor.Augment(manifest, train, progress, skipBroken, cancellationToken);
        List(augmented.Skipped.Skip(train.Skipped.Count), progress.Line);
        return augmented;
    }

    /// <summary>
    /// Features of the clips that satisfy a condition: read from a store where one is named, else
    /// computed. Refuses first what carries nothing to learn. Broken clips that are left out are listed.
    /// </summary>
    internal static FeatureTable Get(
        Manifest manifest,
        Recipe recipe,
        FeatureStore? store,
        Func<Clip, bool> condition,
        bool skipBroken,
        SoundReading? reading,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        CorpusGuard.RequireSeparateSplits(manifest.Clips.Select(clip => (clip.Identity, clip.Split)));
        FeatureGuard.RequireInformativeOrder(recipe.Voice);
        if (store is not null)
        {
            store.RequireRecipe(recipe);
            FeatureTable stored = store.Read(manifest, condition, progress: null, cancellationToken);
            List(stored.Skipped, error.WriteLine);
            return stored;
        }

        var extractor = new FeatureExtractor(recipe, reading);
        using ProgressBar progress = ProgressBar.Start("features", manifest.Clips.Count(condition), error);
        FeatureTable table = extractor.Extract(manifest, condition, progress, skipBroken, cancellationToken);
        List(table.Skipped, progress.Line);
        return table;
    }

    private static void List(IEnumerable<SkippedClip> skipped, Action<string> print)
    {
        foreach (SkippedClip clip in skipped)
        {
            print($"cmvae: {clip.Text}");
        }
    }
}
