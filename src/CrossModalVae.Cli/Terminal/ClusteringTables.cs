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
        ClusteringOptions options = record.Options;
        string how = options.Method == ClusteringMethod.Hdbscan
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"HDBSCAN, clusters of {options.MinClusterSize} or more, {options.MinSamples} samples, {EnumText.Of(options.Selection)}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"DBSCAN, eps {options.Eps:0.####}{(record.IsEpsChosen ? " (chosen)" : "")}, {options.MinSamples} samples");
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{record.Scores.PointCount} {EnumText.Of(record.Modality)} rows; {how}, {EnumText.Of(options.Metric)}"));
        Print(writer, new Dictionary<Modality, ClusteringScores> { [record.Modality] = record.Scores });
    }

    /// <summary>
    /// The scores of clusterings, a line a figure and two columns a clustering: with noise as one more cluster, and with noise left out.
    /// </summary>
    internal static void Print(TextWriter writer, IReadOnlyDictionary<Modality, ClusteringScores> clusterings)
    {
        writer.WriteLine(
            "Clusters against identities (ARI and AMI of random labels are 0; noise counted as one more cluster, and left out)");
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("");
        foreach (Modality modality in clusterings.Keys)
        {
            table.AddColumn(new TableColumn(EnumText.Of(modality)).RightAligned());
            table.AddColumn(new TableColumn("w/o noise").RightAligned());
        }

        AddOnce("identities", scores => scores.IdentityCount.ToString(CultureInfo.InvariantCulture));
        AddOnce("clusters", scores => scores.ClusterCount.ToString(CultureInfo.InvariantCulture));
        AddOnce("noise", scores => scores.NoiseShare.ToString("0.0%", CultureInfo.InvariantCulture));
        if (clusterings.Values.Any(scores => scores.Eps is not null))
        {
            AddOnce("eps", scores => scores.Eps?.ToString("0.####", CultureInfo.InvariantCulture) ?? "-");
        }

        AddBoth("adjusted Rand index, ARI", figures => figures.Agreement.AdjustedRandScore);
        AddBoth("adjusted mutual information, AMI", figures => figures.Agreement.AdjustedMutualInformationScore);
        AddBoth("normalised mutual information", figures => figures.Agreement.NormalisedMutualInformationScore);
        AddBoth("homogeneity", figures => figures.Agreement.HomogeneityScore);
        AddBoth("completeness", figures => figures.Agreement.CompletenessScore);
        AddBoth("V-measure", figures => figures.Agreement.VMeasureScore);
        AddBoth("purity", figures => figures.Agreement.PurityScore);
        AddBoth("silhouette (-1 to 1)", figures => figures.SilhouetteScore);
        Tables.Write(writer, table);

        void AddOnce(string name, Func<ClusteringScores, string> cell) =>
            table.AddRow([name, .. clusterings.Values.SelectMany(scores => new[] { cell(scores), "" })]);

        void AddBoth(string name, Func<ClusteringMetrics, double?> figure) => table.AddRow([
            name,
            .. clusterings.Values.SelectMany(scores => new[] { scores.NoiseAsCluster, scores.NoiseLeftOut })
                .Select(figures => EvaluationTables.Text(figures is null ? null : figure(figures))),
        ]);
    }
}
