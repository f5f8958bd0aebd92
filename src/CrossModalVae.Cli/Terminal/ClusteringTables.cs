using System.Globalization;
using CrossModalVae.Clustering;
using CrossModalVae.Evaluation;
using CrossModalVae.Files;
using Spectre.Console;

namespace CrossModalVae.Cli.Terminal;

/// <summary>Prints clusterings: what was found, and how it agrees with the identities, noise counted as one more cluster and left out.</summary>
internal static class ClusteringTables
{
    /// <summary>One clustering: its options and scores.</summary>
    internal static void Print(TextWriter writer, ClusteringRecord record)
    {
        ClusteringOptions options = record.Options;
        string how = options.Method == ClusteringMethod.Hdbscan
            ? string.Create(CultureInfo.InvariantCulture, $"HDBSCAN, clusters of {options.MinClusterSize} or more, {options.MinSamples} samples, {EnumText.Of(options.Selection)}")
            : string.Create(CultureInfo.InvariantCulture, $"DBSCAN, eps {options.Eps:0.####}{(record.IsEpsChosen ? " (chosen)" : "")}, {options.MinSamples} samples");
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{record.Scores.PointCount} {EnumText.Of(record.Modality)} rows; {how}, {EnumText.Of(options.Metric)}"));
        Print(writer, new Dictionary<Modality, ClusteringScores> { [record.Modality] = record.Scores });
    }

    /// <summary>The scores of clusterings, two lines each.</summary>
    internal static void Print(TextWriter writer, IReadOnlyDictionary<Modality, ClusteringScores> clusterings)
    {
        writer.WriteLine("Clusters against identities (ARI and AMI of random labels are 0; silhouette: clusters by themselves, -1 to 1)");
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("embeddings");
        foreach (string column in new[] { "identities", "clusters", "noise", "eps" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        table.AddColumn("noise is");
        foreach (string column in new[] { "ARI", "AMI", "NMI", "homogen.", "complete.", "V", "purity", "silhouette" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach ((Modality modality, ClusteringScores scores) in clusterings)
        {
            table.AddRow([
                EnumText.Of(modality),
                scores.IdentityCount.ToString(CultureInfo.InvariantCulture),
                scores.ClusterCount.ToString(CultureInfo.InvariantCulture),
                scores.NoiseShare.ToString("0.0%", CultureInfo.InvariantCulture),
                scores.Eps?.ToString("0.####", CultureInfo.InvariantCulture) ?? "-",
                "a cluster",
                .. Cells(scores.NoiseAsCluster),
            ]);
            table.AddRow(["", "", "", "", "", "left out", .. Cells(scores.NoiseLeftOut)]);
        }

        Tables.Write(writer, table);
    }

    private static IEnumerable<string> Cells(ClusteringFigures? figures) =>
        new[]
        {
            figures?.Agreement.AdjustedRandScore,
            figures?.Agreement.AdjustedMutualInformationScore,
            figures?.Agreement.NormalisedMutualInformationScore,
            figures?.Agreement.HomogeneityScore,
            figures?.Agreement.CompletenessScore,
            figures?.Agreement.VMeasureScore,
            figures?.Agreement.PurityScore,
            figures?.SilhouetteScore,
        }.Select(EvaluationTables.Text);
}
