namespace CrossModalVae.Training;

/// <summary>Which epoch's weights are kept.</summary>
internal static class EpochSelection
{
    /// <summary>
    /// Whether an epoch is better than the best before it: one whose posteriors carry something than one whose have collapsed, whatever its
    /// score, which is chance then; else by the criterion, and of equal AUC, which few people often have, by the validation loss.
    /// </summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="best">The best before it.</param>
    /// <param name="criterion">The criterion.</param>
    public static bool IsBetter(EpochLog epoch, EpochLog best, SelectionCriterion criterion)
    {
        if (criterion == SelectionCriterion.LastEpoch)
        {
            return true;
        }

        if (HasCollapsed(epoch) != HasCollapsed(best))
        {
            return HasCollapsed(best);
        }

        int byAuc = criterion == SelectionCriterion.ValidationLoss ? 0 : Nullable.Compare(Score(epoch), Score(best));
        return byAuc > 0 || (byAuc == 0 && epoch.SelectionLoss < best.SelectionLoss);
    }

    /// <summary>The AUC that the selection goes by.</summary>
    public static double? Score(EpochLog epoch) => epoch.SelectionScore ?? epoch.ValidationAuc;

    /// <summary>
    /// <see cref="EpochLog.SelectionScore"/> of an epoch: the mean over the last epochs of the criterion's AUC; null where that is the
    /// epoch's <see cref="EpochLog.ValidationAuc"/>, or not defined.
    /// </summary>
    public static double? Smoothed(EpochLog epoch, IEnumerable<EpochLog> before, TrainingOptions options)
    {
        if (!options.SelectsByAuc || options is { Selection: SelectionCriterion.ValidationAuc, SelectionSmoothingEpochs: 1 })
        {
            return null;
        }

        return before.Append(epoch).TakeLast(options.SelectionSmoothingEpochs)
            .Average(line => options.Selection == SelectionCriterion.ValidationAuc ? line.ValidationAuc : line.ValidationIdentityAuc);
    }

    /// <summary>Whether patience is at its end: as many epochs as the recipe allows without a better one.</summary>
    public static bool IsOver(IReadOnlyList<EpochLog> log, int patience) =>
        patience > 0 && log.Count - (log.LastOrDefault(line => line.Best)?.Epoch ?? log.Count) >= patience;

    // A line without the field is of an earlier version.
    private static bool HasCollapsed(EpochLog epoch) => epoch.Collapse is not (null or PosteriorCollapse.None);
}
