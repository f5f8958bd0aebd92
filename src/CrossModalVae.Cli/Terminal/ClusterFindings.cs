using CrossModalVae.Clusters;

namespace CrossModalVae.Cli.Terminal;

/// <summary>
/// Says in words what a clustering found and what there was to find: whether there are clusters of people, and what the clusters found are.
/// </summary>
internal static class ClusterFindings
{
    // Of ARI: what most readers of one call a partition that is found again, and one that is recognisable.
    private const double Found = 0.8;
    private const double Recognisable = 0.3;

    private const double IsGender = 0.5;

    /// <summary>The sentences, a line each.</summary>
    /// <param name="record">The clustering.</param>
    /// <param name="advice">What to do where eps is a guess, in options of the verb.</param>
    internal static IEnumerable<string> Of(ClusteringRecord record, string advice = " Set --eps, or use --method hdbscan.")
    {
        ClusteringScores scores = record.Scores;
        if (scores.LacksKnee)
        {
            yield return Invariant($"eps {scores.Eps:g4} is a guess: the k-distance curve has no sharp knee ")
                + Invariant($"(it rises x {scores.KneeRise:0.00} around eps; at least 1.5 with a knee), so no distance separates dense ")
                + $"from sparse rows.{advice}";
        }

        if (record.Ceiling is not ClusteringCeiling ceiling || scores.IdentityCount < 2)
        {
            yield break;
        }

        double found = scores.NoiseAsCluster.Agreement.AdjustedRandScore;
        double most = Math.Max(found, Math.Max(ceiling.Best.AdjustedRandScore, ceiling.KnownCountAdjustedRandScore));
        yield return $"Are there clusters of people? {Answer(found, most)}";
        yield return Invariant($"  found: {Count(scores.ClusterCount)} for {scores.IdentityCount} people, ARI {found:0.000} ")
            + "(0 for random labels, 1 for the people themselves)";
        yield return Invariant($"  ceiling: ARI {ceiling.Best.AdjustedRandScore:0.000} by the best setting of DBSCAN and HDBSCAN ")
            + $"({ClusteringTables.Method(ceiling.Best.Options)}: {Count(ceiling.Best.ClusterCount)}), "
            + Invariant($"{ceiling.KnownCountAdjustedRandScore:0.000} by Ward's linkage told that there are ")
            + Invariant($"{ceiling.IdentityCount} people");
        string silhouette = ceiling.IdentitySilhouetteScore is double own
            ? Invariant($"silhouette of the people themselves {own:0.000}")
            : "silhouette of the people themselves not defined";
        string nearest = ceiling is { NearestIsSameAccuracy: double same, NearestIsSameChance: double chance }
            ? Invariant($"; the nearest other clip is the same person's in {same:0.0%} (chance {chance:0.0%})")
            : "";
        yield return $"  {silhouette}{nearest}";
        if (What(record, ceiling, found) is string what)
        {
            yield return $"  {what}";
        }

        if (RepeatedRows.IsMost(ceiling.RepeatedRowCount, ceiling.PointCount))
        {
            yield return $"  {ceiling.RepeatedRowCount} of {ceiling.PointCount} rows equal another one of the same person exactly "
                + "(the same file under several clips?): they cluster by themselves, which says nothing about people";
        }
    }

    /// <summary>The same of two clusterings of the same rows: the first, then what the second's clusters are.</summary>
    internal static IEnumerable<string> Of(ClusteringRecord record, ClusteringRecord other)
    {
        foreach (string line in Of(record, advice: ""))
        {
            yield return line;
        }

        double found = other.Scores.NoiseAsCluster.Agreement.AdjustedRandScore;
        string what = other.Ceiling is ClusteringCeiling ceiling ? What(other, ceiling, found) ?? "" : "";
        string method = EnumText.Of(other.Options.Method).ToUpperInvariant();
        yield return Invariant($"  {method}: {Count(other.Scores.ClusterCount)}, ARI {found:0.000}")
            + (what.Length > 0 ? $"; {what}" : "");
    }

    private static string Answer(double found, double most) => most switch
    {
        >= Found => found >= Found ? "Yes." : "Yes, but these options do not find them.",
        >= Recognisable => found >= Recognisable ? "In part." : "In part, but these options do not find them.",
        _ => "No: people's clips lie among those of others, whatever the setting.",
    };

    // What the clusters found are, where they are not the people.
    private static string? What(ClusteringRecord record, ClusteringCeiling ceiling, double found) =>
        found >= Recognisable ? null
        : record.Scores.ClusterCount == 0 ? "no cluster: everywhere rows are too sparse for these options"
        : record.Scores.ClusterCount == 1 ? "one cluster: rows of all people form one dense cloud without gaps"
        : ceiling.GenderAdjustedRandScore is double gender and >= IsGender
            ? Invariant($"the clusters are the sexes: ARI {gender:0.000} with gender")
            : null;

    private static string Count(int clusters) => Counted.Of(clusters, "cluster");
}
