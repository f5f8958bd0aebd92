using System.Diagnostics;
using CrossModalVae.Audio;
using CrossModalVae.Augmentation;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Models;
using CrossModalVae.Onnx.Precision;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Features of a corpus, computed or from a store, and its training and validation splits.</summary>
internal static class CorpusFeatures
{
    // Features that take less are not worth a store.
    private static readonly TimeSpan HintAfter = TimeSpan.FromSeconds(10);

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
                $"{Counted.Of(train.Length, "person")} in the training split and none in the validation split; expected at least "
                + $"{2 * Fewest}, two to train on and two to choose the epoch on: add people, or move some from the test split "
                + "(corpus folder --test-share 0).",
            _ when train.Length < Fewest =>
                $"{Counted.Of(train.Length, "person")} in the training split; expected at least {Fewest}, to tell people apart: "
                + "add people, or move some from the other splits.",
            > 0 and < Fewest =>
                $"one person in the validation split, '{validation[0]}'; expected at least {Fewest}, to choose the epoch on: add people "
                + "(6 are enough for three splits), move somebody else into that split, or mark it as train, and a share of the training "
                + "people is taken.",
            _ => null,
        };
        if (fault is not null)
        {
            throw new InvalidDataException($"{manifest.FilePath}: has {fault}");
        }

        string[] People(CorpusSplit split) =>
            [.. manifest.Clips.Where(clip => clip.Split == split).Select(clip => clip.Identity).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Gets the features of all but the test split and makes the splits of them.</summary>
    internal static (FeatureSource Train, FeatureSource Validation) ForTraining(
        Manifest manifest,
        Recipe recipe,
        AugmentationSources sources,
        FeatureStore? store,
        bool skipBroken,
        long? seed,
        SoundReading? reading,
        FrozenEncoders encoders,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        RequireTrainable(manifest);
        FeatureSource table = Load(
            manifest, recipe, store, clip => clip.Split != CorpusSplit.Test, skipBroken, reading, encoders, error, cancellationToken);
        return Split(table, manifest, recipe, sources, store, skipBroken, seed, reading, encoders, error, cancellationToken);
    }

    /// <summary>The training and validation clips that tell what less precision costs, as training splits them.</summary>
    internal static PrecisionOptions ForPrecision(
        Manifest manifest,
        Recipe recipe,
        ModelPrecision kind,
        string? features,
        FrozenEncoders encoders,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        RequireTrainable(manifest);
        using FeatureStore? store = features is null ? null : FeatureStore.Open(features);
        FeatureTable table = Get(
            manifest, recipe, store, clip => clip.Split != CorpusSplit.Test, skipBroken: false, reading: null, encoders, error,
            cancellationToken);
        (FeatureSource train, FeatureSource validation) = Split(
            table, manifest, recipe with { Augmentation = null }, AugmentationSources.Generated, store: null, skipBroken: false, seed: null,
            reading: null, encoders, error, cancellationToken);
        return new PrecisionOptions { Kind = kind, Training = train, Validation = validation };
    }

    /// <summary>The features of the clips that satisfy a condition: rows of a store, or computed into memory.</summary>
    internal static FeatureSource Load(
        Manifest manifest,
        Recipe recipe,
        FeatureStore? store,
        Func<Clip, bool> condition,
        bool skipBroken,
        SoundReading? reading,
        FrozenEncoders encoders,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        if (store is not null)
        {
            CheckBefore(manifest, recipe);
            store.RequireRecipe(recipe);
            FeatureSource stored = store.Stream(manifest, condition);
            List(stored.Skipped, error.WriteLine);
            return stored;
        }

        RequireMemory(manifest, recipe, encoders);
        var watch = Stopwatch.StartNew();
        FeatureTable table = Get(manifest, recipe, store, condition, skipBroken, reading, encoders, error, cancellationToken);
        if (watch.Elapsed > HintAfter)
        {
            error.WriteLine(
                Invariant($"note: computing the features took {watch.Elapsed.TotalSeconds:0} s, and every run and resumption computes ")
                + "them again; 'cmvae prepare' computes them once, and 'cmvae train --features' then reads them.");
        }

        return table;
    }

    // Before hours of work end without memory.
    private static void RequireMemory(Manifest manifest, Recipe recipe, FrozenEncoders encoders)
    {
        var extractor = new FeatureExtractor(recipe, encoders: encoders);
        int views = recipe.Augmentation?.Views ?? 0;
        long rows = manifest.Clips.Count(clip => clip.Split != CorpusSplit.Test)
            + ((long)views * manifest.Clips.Count(clip => clip.Split == CorpusSplit.Train));
        double needed = rows * (double)(extractor.VoiceLength + extractor.FaceLength) * sizeof(float);
        double available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed > available)
        {
            throw new UserErrorException(
                Invariant($"{manifest.FilePath}: the features of recipe '{recipe.Name}' are {needed / 1e9:0.0} GB ({rows} rows of clips ")
                + Invariant($"and augmented views), and {available / 1e9:0.0} GB of memory are there; write them to disk with ")
                + "'cmvae prepare' and train with --features, which keeps them there.");
        }
    }

    /// <summary>
    /// The training and validation splits of a table; where the manifest has no validation split, a share of the training identities
    /// becomes one. The recipe's augmented views are added after that, to the training split alone: babble has no validation voice.
    /// </summary>
    internal static (FeatureSource Train, FeatureSource Validation) Split(
        FeatureSource table,
        Manifest manifest,
        Recipe recipe,
        AugmentationSources sources,
        FeatureStore? store,
        bool skipBroken,
        long? seed,
        SoundReading? reading,
        FrozenEncoders encoders,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        FeatureSource train = table.Select(clip => clip.Split == CorpusSplit.Train);
        FeatureSource validation = table.Select(clip => clip.Split == CorpusSplit.Validation);
        if (validation.Count == 0)
        {
            error.WriteLine($"note: no validation split: {recipe.Training.ValidationShare:0%} of the training identities become one");
            (train, validation) = Training.ValidationSplit.ByIdentity(train, recipe.Training.ValidationShare, seed ?? recipe.Training.Seed);
        }

        return (Augment(manifest, recipe, sources, store, train, skipBroken, reading, encoders, error, cancellationToken), validation);
    }

    /// <summary>
    /// The features of one modality of another corpus, to pre-train on: of its clips that are not marked as test, without the people that
    /// the main corpus is validated or tested on, whose number is said.
    /// </summary>
    /// <exception cref="InvalidDataException">Nothing is left.</exception>
    internal static FeatureSource ForPretraining(
        Manifest corpus,
        Modality modality,
        IReadOnlySet<string> keptBack,
        Recipe recipe,
        bool skipBroken,
        SoundReading? reading,
        FrozenEncoders encoders,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        Clip[] clips =
        [
            .. corpus.Clips.Where(clip => clip.Split != CorpusSplit.Test)
                .Where(clip => modality == Modality.Voice ? clip.Voice is not null : clip.Faces.Count > 0)
                .Select(clip => modality == Modality.Voice ? clip with { Faces = [] } : clip with { Voice = null }),
        ];
        Clip[] left = [.. clips.Where(clip => !keptBack.Contains(clip.Identity)).Select(clip => clip with { Split = CorpusSplit.Train })];
        int without = clips.Select(clip => clip.Identity).Where(keptBack.Contains).Distinct(StringComparer.Ordinal).Count();
        error.WriteLine(
            $"pre-training on {Counted.Of(left.Length, EnumText.Of(modality))} of {corpus.FilePath} too"
            + (without == 0 ? "" : $"; left out: {Counted.Of(without, "person")} that the main corpus is validated or tested on"));
        if (left.Length == 0)
        {
            throw new InvalidDataException($"{corpus.FilePath}: has no {EnumText.Of(modality)} to pre-train on.");
        }

        return Get(
            corpus.With(left), recipe, store: null, _ => true, skipBroken, reading, encoders, error, cancellationToken);
    }

    /// <summary>Adds the recipe's augmented views to a training split.</summary>
    internal static FeatureSource Augment(
        Manifest manifest,
        Recipe recipe,
        AugmentationSources sources,
        FeatureStore? store,
        FeatureSource train,
        bool skipBroken,
        SoundReading? reading,
        FrozenEncoders encoders,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        if (recipe.Augmentation is null)
        {
            return train;
        }

        if (store?.AugmentedViewCount > 0)
        {
            return store.Stream(manifest, recipe, sources, train);
        }

        var extractor = new FeatureExtractor(recipe, sources.WithVoices(manifest, train.Clips), reading, encoders);
        using ProgressBar progress = ProgressBar.Start("augmented views", train.Count * extractor.AugmentedViewCount, error);
        FeatureSource augmented = extractor.Augment(manifest, train, progress, skipBroken, cancellationToken);
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
        FrozenEncoders encoders,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        CheckBefore(manifest, recipe);
        if (store is not null)
        {
            store.RequireRecipe(recipe);
            FeatureTable stored = store.Read(manifest, condition, progress: null, cancellationToken);
            List(stored.Skipped, error.WriteLine);
            return stored;
        }

        var extractor = new FeatureExtractor(recipe, reading, encoders);
        using ProgressBar progress = ProgressBar.Start("features", manifest.Clips.Count(condition), error);
        FeatureTable table = extractor.Extract(manifest, condition, progress, skipBroken, cancellationToken);
        List(table.Skipped, progress.Line);
        return table;
    }

    private static void List(IEnumerable<SkippedClip> skipped, Action<string> print)
    {
        foreach (SkippedClip clip in skipped)
        {
            print($"warning: {clip.Text}");
        }
    }

    private static void CheckBefore(Manifest manifest, Recipe recipe)
    {
        CorpusGuard.RequireSeparateSplits(manifest.Clips.Select(clip => (clip.Identity, clip.Split)));
        FeatureGuard.RequireInformativeOrder(recipe.Voice);
    }
}
