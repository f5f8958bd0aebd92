using CrossModalVae.Models;
using CrossModalVae.Training;
using CrossModalVae.Training.Folds;

namespace CrossModalVae.Cli.Workflows;

/// <summary>A run for each fold over identities, in a folder of its own, and the summary of all.</summary>
internal static class CrossValidation
{
    /// <summary>The name of a one-based fold's run folder.</summary>
    internal static string FolderOf(int fold) => Invariant($"fold-{fold}");

    /// <summary>Trains every fold that is not done, up to an epoch, and returns the folders and results.</summary>
    internal static IReadOnlyList<(string Run, FoldResult Result)> Run(
        Recipe recipe,
        Func<int, (FeatureSource Train, FeatureSource Validation)> splits,
        int count,
        string folder,
        TrainerOptions options,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        var results = new List<(string Run, FoldResult Result)>();
        for (int fold = 1; fold <= count; fold++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            error.WriteLine($"fold {fold} of {count}");
            (FeatureSource train, FeatureSource validation) = splits(fold - 1);
            TrainerOptions own = options with { PretrainingCorpus = Without(validation, options.PretrainingCorpus, error) };
            results.Add((FolderOf(fold), One(
                recipe, train, validation, Path.Combine(folder, FolderOf(fold)), own, error, cancellationToken)));
        }

        return results;
    }

    // What a fold pre-trains on beside its training clips: not the people that validate it.
    private static FeatureSource? Without(FeatureSource validation, FeatureSource? more, TextWriter error)
    {
        if (more is null)
        {
            return null;
        }

        HashSet<string> people = [.. validation.Clips.Select(clip => clip.Identity)];
        FeatureSource left = more.Select(clip => !people.Contains(clip.Identity));
        int without = more.Clips.Select(clip => clip.Identity).Where(people.Contains).Distinct(StringComparer.Ordinal).Count();
        if (without > 0)
        {
            error.WriteLine($"left out of pre-training: {Counted.Of(without, "person")} of the other corpora that validate this fold");
        }

        return left.Count > 0 ? left : null;
    }

    /// <summary>Trains one run up to the epoch of its options, unless it is done.</summary>
    internal static FoldResult One(
        Recipe recipe,
        FeatureSource train,
        FeatureSource validation,
        string folder,
        TrainerOptions options,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        FoldResult result = FoldResult.Complete(
            folder,
            recipe,
            train,
            validation,
            options.StopAfterEpoch ?? recipe.Training.Epochs,
            resume => TrainingRun.Run(
                recipe, train, validation, folder, options with { Resume = resume, StopOnCollapse = false }, error, cancellationToken));
        if (result.Collapse != PosteriorCollapse.None)
        {
            error.WriteLine($"warning: {folder}: {result.Collapse.Sentence()}");
        }

        return result;
    }
}
