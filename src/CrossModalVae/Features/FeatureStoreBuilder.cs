using CrossModalVae.Augmentation;
using CrossModalVae.Corpora;
using CrossModalVae.Recipes;

namespace CrossModalVae.Features;

/// <summary>
/// Computes the features of a corpus into a feature store, on all cores and with one clip a core in memory. An interrupted build (killed,
/// full disk, loss of power) is resumed: valid rows are kept, and the store has the same bytes as of an uninterrupted build, for any number
/// of cores.
/// </summary>
public sealed class FeatureStoreBuilder
{
    private readonly Recipe _recipe;
    private readonly FeatureStoreOptions _options;
    private readonly AugmentationSources _sources;

    /// <summary>Stores and validates recipe and options.</summary>
    /// <param name="recipe">Its voice, face and augmentation sections are used; with the last, the store also holds augmented views of the
    /// training split.</param>
    /// <param name="options">Precision and number of workers; null for the defaults.</param>
    /// <param name="sources">Noise, speech and room recordings of augmented views; null to generate noise and rooms. Babble is made of the
    /// training split's voices.</param>
    /// <exception cref="ArgumentException">An option is out of range; all faults are named.</exception>
    /// <exception cref="InvalidDataException">The recipe's front end leaves no information in the features.</exception>
    public FeatureStoreBuilder(Recipe recipe, FeatureStoreOptions? options = null, AugmentationSources? sources = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        _recipe = recipe;
        _options = options ?? new FeatureStoreOptions();
        _options.Validate();
        FeatureGuard.RequireInformativeOrder(recipe.Voice); // first, since its message explains the cause
        recipe.Validate();
        _sources = sources ?? AugmentationSources.Generated;
    }

    /// <summary>The file of an unfinished store; it is renamed when complete.</summary>
    /// <param name="path">The store.</param>
    public static string PartialPath(string path) => path + AtomicFile.PartialSuffix;

    /// <summary>
    /// How many rows the store of a corpus has: its clips and, where the recipe augments, the views of its training split.
    /// </summary>
    /// <param name="manifest">The corpus.</param>
    public int CountRows(Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        int views = _recipe.Augmentation?.Views ?? 0;
        return manifest.Clips.Count + (views * manifest.Clips.Count(clip => clip.Split == CorpusSplit.Train));
    }

    /// <summary>Makes the store, resumes an interrupted build, or checks a complete store.</summary>
    /// <param name="manifest">The corpus: every clip of it.</param>
    /// <param name="path">The store's file; until it is complete, <see cref="PartialPath"/> is used.</param>
    /// <param name="progress">Receives the number of rows done, in rising order.</param>
    /// <param name="cancellationToken">Stops the work; the same call resumes it.</param>
    /// <exception cref="InvalidDataException">The recipe augments and the manifest lacks a training or validation split, a clip's file is
    /// broken or its features cannot be held in the precision, or the path holds something else: another corpus's, recipe's or precision's
    /// store, or no store. Of several broken clips the first in manifest order is named.</exception>
    /// <exception cref="FileNotFoundException">A clip's file is missing.</exception>
    /// <exception cref="IOException">The store cannot be written (no space, no permission, open in another process); finished rows are
    /// kept.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public FeatureStoreReport Build(
        Manifest manifest, string path, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var content = new FeatureStoreContent(_recipe, manifest, _sources, _options.Reading);
        FeatureStoreHeader header = FeatureStoreHeader.Create(_recipe, content, _options.Precision);
        if (File.Exists(path) || Directory.Exists(path))
        {
            RequireSame(manifest, path, content.Views);
            progress?.Report(content.RowCount);
            return new FeatureStoreReport(manifest.Clips.Count, content.RowCount, 0, header.Layout.FileBytes);
        }

        string partial = PartialPath(path);
        int computed;
        using (FeatureStoreFile file = FeatureStoreFile.Open(partial, path, header, content))
        {
            computed = new FeatureStoreWork(content, file, _options).Run(progress, cancellationToken);
            file.Flush();
        }

        try
        {
            File.Move(partial, path, overwrite: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}: cannot be written: {e.Message}", e);
        }

        return new FeatureStoreReport(manifest.Clips.Count, content.RowCount, computed, header.Layout.FileBytes);
    }

    private void RequireSame(Manifest manifest, string path, FeatureStoreViews? views)
    {
        using FeatureStore store = FeatureStore.Open(path);
        store.RequireRecipe(_recipe);
        if (store.Precision != _options.Precision)
        {
            throw new InvalidDataException(
                $"{path}: is a feature store in {EnumText.Of(store.Precision)}; "
                + $"expected {EnumText.Of(_options.Precision)}: choose another file, or delete it.");
        }

        if (views is not null || store.AugmentedViewCount > 0)
        {
            store.RequireViews(_recipe, views);
        }

        store.RequireClips(manifest, manifest.Clips);
        if (store.Count != manifest.Clips.Count)
        {
            throw new InvalidDataException(
                $"{path}: is a feature store of {store.Count} clips; expected {manifest.Clips.Count}, "
                + $"as {manifest.FilePath} has: choose another file, or delete it.");
        }
    }
}
