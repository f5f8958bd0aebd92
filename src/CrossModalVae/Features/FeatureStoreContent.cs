using CrossModalVae.Audio;
using CrossModalVae.Augmentation;
using CrossModalVae.Corpora;
using CrossModalVae.Recipes;

namespace CrossModalVae.Features;

/// <summary>
/// The planned rows of a store: every clip without augmentation, in manifest order, then the augmented views of the training split, clip by
/// clip.
/// </summary>
internal sealed class FeatureStoreContent
{
    private readonly IReadOnlyList<Clip> _training;
    private readonly int _viewCount;

    /// <exception cref="InvalidDataException">The recipe augments, and the manifest lacks a training or validation split.</exception>
    public FeatureStoreContent(
        Recipe recipe, Manifest manifest, AugmentationSources sources, SoundReading? reading = null, FrozenEncoders? encoders = null)
    {
        Manifest = manifest;
        if (recipe.Augmentation is null)
        {
            Extractor = new FeatureExtractor(recipe, reading, encoders);
            _training = [];
            return;
        }

        _training = [.. manifest.Clips.Where(clip => clip.Split == CorpusSplit.Train)];
        if (_training.Count == 0 || !manifest.Clips.Any(clip => clip.Split == CorpusSplit.Validation))
        {
            throw new InvalidDataException(
                $"{manifest.FilePath}: has no {(_training.Count == 0 ? "training" : "validation")} split; "
                + $"expected both, because recipe '{recipe.Name}' augments the training clips, "
                + "and which those are must not depend on a run: mark both splits, "
                + "or prepare by a recipe without 'augmentation'.");
        }

        Extractor = new FeatureExtractor(recipe, sources.WithVoices(manifest, _training), reading, encoders);
        _viewCount = Extractor.AugmentedViewCount;
        Views = FeatureStoreViews.Of(recipe, _training, sources);
    }

    public Manifest Manifest { get; }

    public FeatureExtractor Extractor { get; }

    public FeatureStoreViews? Views { get; }

    public int RowCount => checked(Manifest.Clips.Count + (_training.Count * _viewCount));

    /// <summary>The clip and view of a row.</summary>
    public (Clip Clip, int View) this[int row]
    {
        get
        {
            int augmented = row - Manifest.Clips.Count;
            return augmented < 0
                ? (Manifest.Clips[row], 0)
                : (_training[augmented / _viewCount], 1 + (augmented % _viewCount));
        }
    }
}

/// <summary>The inputs of a store's augmented views.</summary>
/// <param name="TrainingClips">Clips of the training split; each has the same number of views.</param>
/// <param name="TrainingHash">The hash of those clips, whose voices are mixed into babble.</param>
/// <param name="RecordingsHash">The noise and room recordings, <see cref="AugmentationSources.Fingerprint"/>.</param>
internal sealed record FeatureStoreViews(int TrainingClips, string TrainingHash, string RecordingsHash)
{
    /// <summary>Null where the recipe has no augmentation.</summary>
    public static FeatureStoreViews? Of(Recipe recipe, IReadOnlyList<Clip> training, AugmentationSources sources) =>
        recipe.Augmentation is null
        ? null
        : new FeatureStoreViews(training.Count, ClipFingerprint.Set(training), sources.Fingerprint);
}
