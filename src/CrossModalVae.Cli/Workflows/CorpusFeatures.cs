using CrossModalVae.Cli.Terminal;
using CrossModalVae.Corpora;
using CrossModalVae.Features;
using CrossModalVae.Recipes;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Features of a corpus's training and validation splits, with progress.</summary>
internal static class CorpusFeatures
{
    /// <summary>Extracts both splits; where the manifest has no validation split, a share of the training identities becomes one.</summary>
    internal static (FeatureTable Train, FeatureTable Validation) ForTraining(
        Manifest manifest, Recipe recipe, long? seed, TextWriter error, CancellationToken cancellationToken)
    {
        CorpusGuard.RequireSeparateSplits(manifest.Clips.Select(clip => (clip.Identity, clip.Split)));
        FeatureGuard.RequireInformativeOrder(recipe.Voice);
        FeatureTable table = Extract(manifest, recipe, clip => clip.Split != CorpusSplit.Test, error, cancellationToken);
        FeatureTable train = table.Where(clip => clip.Split == CorpusSplit.Train);
        FeatureTable validation = table.Where(clip => clip.Split == CorpusSplit.Validation);
        if (validation.Count > 0)
        {
            return (train, validation);
        }

        error.WriteLine($"no validation split: {recipe.Training.ValidationShare:0%} of the training identities become one");
        return Training.ValidationSplit.ByIdentity(train, recipe.Training.ValidationShare, seed ?? recipe.Training.Seed);
    }

    internal static FeatureTable Extract(
        Manifest manifest, Recipe recipe, Func<Clip, bool> condition, TextWriter error, CancellationToken cancellationToken)
    {
        var extractor = new FeatureExtractor(recipe);
        using ProgressBar progress = ProgressBar.Start("features", manifest.Clips.Count(condition), error);
        return extractor.Extract(manifest, condition, progress, cancellationToken);
    }
}
