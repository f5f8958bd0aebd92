using CrossModalVae.Augmentation;
using CrossModalVae.Corpora;
using CrossModalVae.Recipes;

namespace CrossModalVae.Features;

/// <summary>
/// What is to stand in a store's rows: every clip as it is, in manifest order, then the augmented
/// views of the training split, clip by clip.
/// </summary>
internal sealed class FeatureStoreContent
{
    private readonly IReadOnlyList<Clip> _training;
    private readonly int _viewCount;

    /// <exception cref="InvalidDataException">Views are asked for, and the manifest leaves open who is trained on.</exception>
    public FeatureStoreContent(Recipe recipe, Manifest manifest, AugmentationSources sources)
    {
        Manifest = manifest;
        if (recipe.Augmentation is null)
        {
            Extractor = new FeatureExtractor(recipe);
            _training = [];
            return;
        }

        _training = [.. manifest.Clips.Where(clip => clip.Split == CorpusSplit.Train)];
        if (_training.Count == 0 || !manifest.Clips.Any(clip => clip.Split == CorpusSplit.Validation))
        {
            throw new InvalidDataException(
                $"{manifest.FilePath}: has no {(_training.Count == 0 ? "training" : "validation")} split; "
                + $"expected both, because recipe '{recipe.Name}' augments the clips "
                + "that are trained on, and which those are must not depend on a run: mark both splits, "
                + "or prepare by a recipe without 'augmentation'.");
        }

        Extractor = new FeatureExtractor(recipe, sources.WithVoices(manifest, _training));
        _viewCount = Extractor.AugmentedViewCount;
        Views = FeatureStoreViews.Of(recipe, _training, sources);
    }

    public Manifest Manifest { get; }

    public FeatureExtractor Extractor { get; }

    public FeatureStoreViews? Views { get; }

    public int RowCount => checked(Manifest.Clips.Count + (_training.Count * _viewCount));

    /// <summary>Which clip, and which view of it, stands in a row.</summary>
    public (Clip Clip, int View) this[int row]
    {
        get
        {
            if (row < Manifest.Clips.Count)
            {
                return (Manifest.Clips[row], 0);
            }

            (int clip, int view) = Math.DivRem(row - Manifest.Clips.Count, _viewCount);
            return (_training[clip], 1 + view);
        }
    }
}
