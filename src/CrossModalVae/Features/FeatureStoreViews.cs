using CrossModalVae.Augmentation;
using CrossModalVae.Corpora;
using CrossModalVae.Recipes;

namespace CrossModalVae.Features;

/// <summary>What the augmented views of a store were made of.</summary>
/// <param name="TrainingClips">Clips of the training split; each has the same number of views.</param>
/// <param name="TrainingHash">Which clips those are: babble is made of their voices.</param>
/// <param name="RecordingsHash">The noise and room recordings, <see cref="AugmentationSources.Fingerprint"/>.</param>
internal sealed record FeatureStoreViews(int TrainingClips, string TrainingHash, string RecordingsHash)
{
    /// <summary>Null where the recipe has no augmentation.</summary>
    public static FeatureStoreViews? Of(Recipe recipe, IReadOnlyList<Clip> training, AugmentationSources sources) =>
        recipe.Augmentation is null
        ? null
        : new FeatureStoreViews(training.Count, ClipFingerprint.Set(training), sources.Fingerprint);
}
