using CrossModalVae.Corpora;
using CrossModalVae.Recipes;

namespace CrossModalVae.Features;

/// <content>Checks of recipe and clips.</content>
public sealed unsafe partial class FeatureStore
{
    /// <summary>Refuses a recipe whose front ends would deliver other features than the store holds.</summary>
    /// <param name="recipe">The recipe that is to be trained or scored by.</param>
    /// <exception cref="InvalidDataException">The store was prepared by another voice or face section; the message names the first option
    /// that differs.</exception>
    public void RequireRecipe(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        if (FeatureStoreDifference.Find(_header, recipe) is string difference)
        {
            throw new InvalidDataException(
                $"{_path}: was prepared with {difference}, as recipe '{recipe.Name}' has it: prepare the features for this recipe.");
        }
    }

    /// <summary>
    /// Refuses clips that the store does not hold as the manifest has them: clips it lacks, with other files or times, or whose files have
    /// changed (in size or modification time) since they were read. Files that no longer exist are accepted.
    /// </summary>
    /// <param name="manifest">The corpus, or a part of the one that was prepared.</param>
    /// <param name="clips">Clips of it.</param>
    /// <exception cref="InvalidDataException">One of the above; the message names the first such clip.</exception>
    public void RequireClips(Manifest manifest, IReadOnlyList<Clip> clips)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(clips);
        ObjectDisposedException.ThrowIf(_disposed, this);
        var faults = new string?[clips.Count];
        ParallelLoop.For(clips.Count, i => faults[i] = Fault(manifest, clips[i]));
        if (faults.FirstOrDefault(fault => fault is not null) is string first)
        {
            throw new InvalidDataException(first);
        }
    }

    /// <summary>
    /// A corpus without the clips that the store left out because they are broken; the same one where it left out none.
    /// </summary>
    /// <param name="manifest">The corpus, or a part of the one that was prepared.</param>
    /// <returns>The sound part, and the clips that are not in it, in manifest order.</returns>
    /// <exception cref="InvalidDataException">Such a clip has other files now, or they have changed; it may be sound.</exception>
    public (Manifest Sound, IReadOnlyList<SkippedClip> Skipped) WithoutSkipped(Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        if (_skipped.Count == 0)
        {
            return (manifest, []);
        }

        ILookup<bool, Clip> clips = manifest.Clips.ToLookup(clip => _skipped.ContainsKey((clip.Identity, clip.Name)));
        foreach (Clip clip in clips[true])
        {
            if (!_skipped[(clip.Identity, clip.Name)].IsStill(manifest, clip))
            {
                throw new InvalidDataException(
                    $"{_path}: clip '{clip.Key}' was broken when the features were prepared, and its files have changed since; "
                    + "prepare the features anew.");
            }
        }

        return (manifest.With([.. clips[false]]), [.. clips[true].Select(clip => _skipped[(clip.Identity, clip.Name)].Clip)]);
    }

    /// <summary>Refuses views that are not the ones expected; null expects that there are none.</summary>
    internal void RequireViews(Recipe recipe, FeatureStoreViews? expected)
    {
        string? fault = (_header.Views, expected) switch
        {
            (null, null) => null,
            (null, _) => "holds no augmented views; expected those of",
            (_, null) => "holds augmented views; expected none, as for",
            _ when FeatureStoreDifference.FindInViews(_header, recipe) is string difference => $"was prepared with {difference}, as in",
            (FeatureStoreViews found, _) when found.TrainingHash != expected.TrainingHash =>
                "holds augmented views of another training split; expected this one's for",
            (FeatureStoreViews found, _) when found.RecordingsHash != expected.RecordingsHash =>
                "holds augmented views made with other noise or room recordings; expected the same for",
            _ => null,
        };
        if (fault is not null)
        {
            throw new InvalidDataException($"{_path}: {fault} recipe '{recipe.Name}': prepare the features anew.");
        }
    }

    private string? Fault(Manifest manifest, Clip clip)
    {
        if (!_rows.Value.TryGetValue(ClipFingerprint.Key(clip), out int row))
        {
            return Lacks(clip);
        }

        FeatureStoreRecord record = Record(row);
        if (record.Entry != ClipFingerprint.Entry(clip))
        {
            return $"{_path}: clip '{clip.Key}' was prepared from other files or times than {manifest.FilePath} has; "
                + "expected the same: prepare the features anew.";
        }

        return ClipFingerprint.Sources(manifest, clip) is UInt128 sources && sources != record.Sources
            ? $"{_path}: a file of clip '{clip.Key}' has changed since its features were prepared "
                + $"({string.Join(", ", [.. clip.Voice is null ? [] : (string[])[clip.Voice], .. clip.Faces])}); "
                + "expected its size and time of change to be as they were: prepare the features anew."
            : null;
    }

    private string Lacks(Clip clip) => _skipped.TryGetValue((clip.Identity, clip.Name), out FeatureStoreSkip? skip)
        ? $"{_path}: lacks clip '{clip.Key}', which was broken when the features were prepared: {skip.Clip.Reason}"
        : $"{_path}: has no clip '{clip.Key}'; expected every clip of the manifest: prepare the features anew.";
}
