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
        if (HasCollapsed(epoch) != HasCollapsed(best))
        {
            return HasCollapsed(best);
        }

        int byAuc = criterion == SelectionCriterion.ValidationAuc ? Nullable.Compare(epoch.ValidationAuc, best.ValidationAuc) : 0;
        return byAuc > 0 || (byAuc == 0 && epoch.SelectionLoss < best.SelectionLoss);
    }

    // A line without the field is of an earlier version.
    private static bool HasCollapsed(EpochLog epoch) => epoch.Collapse is not (null or PosteriorCollapse.None);
}
