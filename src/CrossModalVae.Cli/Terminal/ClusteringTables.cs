using CrossModalVae.Clusters;
using Spectre.Console;

namespace CrossModalVae.Cli.Terminal;

/// <summary>
/// Prints clusterings: what was found, and how it agrees with the identities, noise counted as one more cluster and left out.
/// </summary>
internal static class ClusteringTables
{
    /// <summary>One clustering: its options and scores.</summary>
    internal static void Print(TextWriter writer, ClusteringRecord record)
    {
        writer.WriteLine($"{Counted.Of(record.Scores.PointCount, $"{EnumText.Of(record.Modality)} row")}; {Method(record)}");
        Print(writer, new Dictionary<Modality, ClusteringScores> { [record.Modality] = record.Scores });
        foreach (string line in ClusterFindings.Of(record))
        {
            writer.WriteLine(line);
        }
    }

    /// <summary>The method and its options in words.</summary>
    internal static string Method(ClusteringRecord record) => Method(record.Options, record.IsEpsChosen);

    /// <summary>The method and its options in words.</summary>
    internal static string Method(ClusteringOptions options, bool isEpsChosen = false)
    {
        string chosen = isEpsChosen ? " (chosen)" : "";
        string method = options.Method == ClusteringMethod.Hdbscan
            ? $"HDBSCAN, clusters of {options.MinClusterSize} or more, "
                + $"{Counted.Of(options.MinSamples, "sample")}, {EnumText.Of(options.Selection)}"
            : Invariant($"DBSCAN, eps {options.Eps:g4}{chosen}, {Counted.Of(options.MinSamples, "sample")}");
        return $"{method}, {EnumText.Of(options.Metric)}";
    }

    /// <summary>
    /// The scores of clusterings, a line a metric and two columns a clustering: with noise as one more cluster, and with noise left out.
    /// </summary>
    internal static void Print(TextWriter writer, IReadOnlyDictionary<Modality, ClusteringScores> clusterings)
    {
        writer.WriteLine(
            "Clusters against identities (ARI and AMI of random labels are 0; noise counted as one more cluster, and left out)");
        Table table = Tables.Start([""], clusterings.Keys.SelectMany(modality => new[] { EnumText.Of(modality), "w/o noise" }));
        AddOnce("identities", scores => Tables.Number(scores.IdentityCount));
        AddOnce("clusters", scores => Tables.Number(scores.ClusterCount));
        AddOnce("noise", scores => Tables.Percent(scores.NoiseShare));
        if (clusterings.Values.Any(scores => scores.Eps is not null))
        {
            AddOnce(
                "eps", scores => scores.Eps is double eps ? Invariant($"{eps:g4}{(scores.LacksKnee ? ", no knee" : "")}") : "-");
        }

        AddBoth("adjusted Rand index, ARI", scores => scores.Agreement.AdjustedRandScore);
        AddBoth("adjusted mutual information, AMI", scores => scores.Agreement.AdjustedMutualInformationScore);
        AddBoth("normalised mutual information", scores => scores.Agreement.NormalisedMutualInformationScore);
        AddBoth("homogeneity", scores => scores.Agreement.HomogeneityScore);
        AddBoth("completeness", scores => scores.Agreement.CompletenessScore);
        AddBoth("V-measure", scores => scores.Agreement.VMeasureScore);
        AddBoth("purity", scores => scores.Agreement.PurityScore);
        AddBoth("silhouette (-1 to 1)", scores => scores.SilhouetteScore);
        Tables.Write(writer, table);

        void AddOnce(string name, Func<ClusteringScores, string> cell) =>
            table.Row([name, .. clusterings.Values.SelectMany(scores => new[] { cell(scores), "" })]);

        void AddBoth(string name, Func<ClusteringMetrics, double?> metric) => table.Row([
            name,
            .. clusterings.Values.SelectMany(scores => new[] { scores.NoiseAsCluster, scores.NoiseLeftOut })
                .Select(scores => Tables.Metric(scores is null ? null : metric(scores))),
        ]);
    }
}
