using CrossModalVae.Augmentation;
using CrossModalVae.Corpora;
using CrossModalVae.Recipes;

namespace CrossModalVae.Features;

/// <summary>
/// Computes the features of a corpus into a feature store, on all cores and with one clip a core in memory. Work that was stopped, by a
/// kill, a full disk or a loss of power, is gone on with: clips that are done and sound are kept, and the store ends in the same bytes as
/// an undisturbed one, whatever the number of cores.
/// </summary>
public sealed class FeatureStoreBuilder
{
    private readonly Recipe _recipe;
    private readonly FeatureStoreOptions _options;
    private readonly AugmentationSources _sources;

    /// <summary>Stores what is to be made.</summary>
    /// <param name="recipe">Its voice, face and augmentation sections are used; with the last, the store also holds
    /// the views of the training split.</param>
    /// <param name="options">How.</param>
    /// <param name="sources">Where the disturbances of augmented views come from; null to generate them. Voices for
    /// babble are the training split's.</param>
    /// <exception cref="ArgumentException">An option is out of range; all faults are named.</exception>
    /// <exception cref="InvalidDataException">The recipe's order of steps leaves no information in the features.</exception>
    public FeatureStoreBuilder(Recipe recipe, FeatureStoreOptions? options = null, AugmentationSources? sources = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        _recipe = recipe;
        _options = options ?? new FeatureStoreOptions();
        _options.Validate();
        FeatureGuard.RequireInformativeOrder(recipe.Voice); // before the options' own faults: this sentence says why
        recipe.Validate();
        _sources = sources ?? AugmentationSources.Generated;
    }

    /// <summary>Where the work lies until it is done; it then takes its own name.</summary>
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

    /// <summary>Makes the store, or goes on with making it, or finds it done.</summary>
    /// <param name="manifest">The corpus: every clip of it.</param>
    /// <param name="path">The store's file; until it is complete its work lies beside it, under <see cref="PartialPath"/>.</param>
    /// <param name="progress">Receives the number of rows done, in rising order.</param>
    /// <param name="cancellationToken">Stops the work; the same call goes on with it.</param>
    /// <exception cref="InvalidDataException">
    /// The manifest leaves open who is trained on while the recipe augments, a clip's file is broken or its features cannot be held in
    /// the precision, or the path holds something else: another corpus's, recipe's or precision's store, or no store. Of several broken
    /// clips the first in manifest order is named.
    /// </exception>
    /// <exception cref="FileNotFoundException">A clip's file is missing.</exception>
    /// <exception cref="IOException">The store cannot be written (no room, no right, another
    /// process at it); what is done stays.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public FeatureStoreReport Build(
        Manifest manifest, string path, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var content = new FeatureStoreContent(_recipe, manifest, _sources);
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
