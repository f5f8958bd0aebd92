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
        if (File.Exists(path) || Directory.Exists(path))
        {
            FeatureStoreReport found = RequireSame(manifest, path);
            progress?.Report(CountRows(manifest));
            return found;
        }

        string partial = PartialPath(path);
        var content = new FeatureStoreContent(_recipe, manifest, _sources, _options.Reading, _options.Encoders);
        FeatureStoreHeader header = FeatureStoreHeader.Create(_recipe, content, _options.Precision, []);
        using FeatureStoreSkips? skips = _options.SkipBroken ? FeatureStoreSkips.Open(manifest, SkipsPath(path), cancellationToken) : null;
        FeatureStoreReport report;
        using (FeatureStoreFile file = FeatureStoreFile.Open(partial, path, header, content))
        {
            var work = new FeatureStoreWork(content, file, _options, skips);
            int clipCount = manifest.Clips.Count;
            int computed = work.Run(..clipCount, 0, progress, cancellationToken);
            if (skips is null or { Count: 0 })
            {
                computed += work.Run(clipCount.., clipCount, progress, cancellationToken);
            }

            file.Flush();
            report = new FeatureStoreReport(clipCount, content.RowCount, computed, header.Layout.FileBytes);
            if (skips is { Count: > 0 })
            {
                report = BuildRest(manifest, file, skips, path, computed, progress, cancellationToken);
                progress?.Report(content.RowCount);
            }
        }

        try
        {
            File.Move(report.Skipped.Count > 0 ? RestPath(path) : partial, path, overwrite: false);
            File.Delete(partial);
            File.Delete(SkipsPath(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}: cannot be written: {e.Message}", e);
        }

        return report;
    }

    private static string SkipsPath(string path) => PartialPath(path) + ".skipped";

    private static string RestPath(string path) => PartialPath(path) + ".rest";

    // The store of the sound clips: their rows are copied, then views are made of them alone, which may find further broken clips.
    private FeatureStoreReport BuildRest(
        Manifest manifest,
        FeatureStoreFile source,
        FeatureStoreSkips skips,
        string path,
        int computed,
        IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            IReadOnlyList<FeatureStoreSkip> skipped = skips.All;
            BrokenClips.RequireSome(manifest, manifest.Clips.Count, [.. skipped.Select(skip => skip.Clip)]);
            int[] sound = [.. Enumerable.Range(0, manifest.Clips.Count).Where(row => !skips.Contains(manifest.Clips[row]))];
            Manifest rest = manifest.With([.. sound.Select(row => manifest.Clips[row])]);
            var content = new FeatureStoreContent(_recipe, rest, _sources, _options.Reading, _options.Encoders);
            FeatureStoreHeader header = FeatureStoreHeader.Create(_recipe, content, _options.Precision, skipped);
            using FeatureStoreFile target = OpenRest(RestPath(path), path, header, content);
            var row = new byte[header.Layout.RowBytes];
            for (int i = 0; i < sound.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (source.ReadRecord(sound[i]) is FeatureStoreRecord { IsDone: true } record && source.ReadRow(sound[i], row))
                {
                    target.Write(i, row, record);
                }
            }

            var work = new FeatureStoreWork(content, target, _options, skips);
            computed += work.Run(sound.Length.., manifest.Clips.Count, progress, cancellationToken);
            target.Flush();
            if (skips.Count == skipped.Count)
            {
                return new FeatureStoreReport(sound.Length, content.RowCount, computed, header.Layout.FileBytes)
                {
                    Skipped = [.. skipped.Select(skip => skip.Clip)],
                };
            }
        }
    }

    // What an earlier run left is kept where it is of the same clips.
    private static FeatureStoreFile OpenRest(string path, string final, FeatureStoreHeader header, FeatureStoreContent content)
    {
        try
        {
            return FeatureStoreFile.Open(path, final, header, content);
        }
        catch (InvalidDataException)
        {
            File.Delete(path);
            return FeatureStoreFile.Open(path, final, header, content);
        }
    }

    private FeatureStoreReport RequireSame(Manifest manifest, string path)
    {
        using FeatureStore store = FeatureStore.Open(path);
        store.RequireRecipe(_recipe);
        if (store.Precision != _options.Precision)
        {
            throw new InvalidDataException(
                $"{path}: is a feature store in {EnumText.Of(store.Precision)}; "
                + $"expected {EnumText.Of(_options.Precision)}: choose another file, or delete it.");
        }

        if (store.Skipped.Count > 0 && !_options.SkipBroken)
        {
            throw new InvalidDataException(
                $"{path}: was prepared without broken clips, {store.Skipped.Count} of them, the first '{store.Skipped[0].Identity}/"
                + $"{store.Skipped[0].Clip}'; expected all: repeat --skip-broken, or choose another file.");
        }

        (Manifest rest, IReadOnlyList<SkippedClip> skipped) = store.WithoutSkipped(manifest);
        var content = new FeatureStoreContent(_recipe, rest, _sources, encoders: _options.Encoders);
        if (content.Views is not null || store.AugmentedViewCount > 0)
        {
            store.RequireViews(_recipe, content.Views);
        }

        store.RequireClips(rest, rest.Clips);
        if (store.Count != rest.Clips.Count)
        {
            throw new InvalidDataException(
                $"{path}: is a feature store of {store.Count} clips; expected {rest.Clips.Count}, "
                + $"as {manifest.FilePath} has: choose another file, or delete it.");
        }

        return new FeatureStoreReport(rest.Clips.Count, content.RowCount, 0, new FileInfo(path).Length) { Skipped = skipped };
    }
}
