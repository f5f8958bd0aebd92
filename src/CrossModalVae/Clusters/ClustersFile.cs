using System.Text.Json.Nodes;
using CrossModalVae.Clustering;

namespace CrossModalVae.Clusters;

/// <summary>Reads and writes a clustering (data-schemas/clusters.schema.json).</summary>
public static class ClustersFile
{
    /// <summary>Writes a clustering.</summary>
    /// <param name="path">The file; its folder is created where missing.</param>
    /// <param name="clustering">The clustering.</param>
    /// <exception cref="IOException">The file cannot be written; it is as it was before.</exception>
    public static void Write(string path, ClusteringRecord clustering) => JsonFile.Write(path, FileSchema.Clusters, ToJson(clustering));

    /// <summary>What <see cref="Write"/> writes.</summary>
    /// <param name="clustering">The clustering.</param>
    public static string Text(ClusteringRecord clustering) => JsonFile.Text("clusters", FileSchema.Clusters, ToJson(clustering));

    /// <summary>Reads a clustering.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file does not follow its schema, or its rows have another
    /// number of clusters than it says.</exception>
    public static ClusteringRecord Read(string path)
    {
        StrictJson json = JsonFile.Read(path, FileSchema.Clusters);
        ClusteredRow[] rows = json["rows"].AsArray(row => new ClusteredRow(
            row["identity"].AsString(),
            row["clip"].AsString(),
            row["cluster"].AsInt32(),
            row.Find("core")?.AsBoolean(),
            row.Find("probability")?.AsDouble(),
            row.Find("outlier_score")?.AsDouble()));
        int found = rows.Select(row => row.Cluster).Where(cluster => cluster >= 0).Distinct().Count();
        ClusteringScores scores = ClusteringScoresJson.Read(json["scores"]);
        if (scores.ClusterCount != found)
        {
            throw json["scores"]["cluster_count"].Fault($"{found}, as the rows have");
        }

        var defaults = new ClusteringOptions();
        return new ClusteringRecord
        {
            Modality = json["modality"].AsEnum<Modality>(),
            Options = new ClusteringOptions
            {
                Method = scores.Method,
                Eps = scores.Eps,
                MinSamples = json["min_samples"].AsInt32(),
                MinClusterSize = json.Find("min_cluster_size")?.AsInt32() ?? defaults.MinClusterSize,
                Selection = json.Find("selection")?.AsEnum<ClusterSelection>() ?? defaults.Selection,
                Metric = json["metric"].AsEnum<DistanceMetric>(),
            },
            IsEpsChosen = json.Find("eps_chosen")?.AsBoolean() ?? false,
            Scores = scores,
            Rows = rows,
        };
    }

    private static JsonObject ToJson(ClusteringRecord clustering)
    {
        ArgumentNullException.ThrowIfNull(clustering);
        JsonObject json = JsonFile.Start(FileSchema.Clusters);
        json["modality"] = EnumText.Of(clustering.Modality);
        json["metric"] = EnumText.Of(clustering.Options.Metric);
        json["min_samples"] = clustering.Options.MinSamples;
        if (clustering.Options.Method == ClusteringMethod.Hdbscan)
        {
            json["min_cluster_size"] = clustering.Options.MinClusterSize;
            json["selection"] = EnumText.Of(clustering.Options.Selection);
        }
        else
        {
            json["eps_chosen"] = clustering.IsEpsChosen;
        }

        json["scores"] = ClusteringScoresJson.Write(clustering.Scores);
        json["rows"] = new JsonArray([.. clustering.Rows.Select(ToJson)]);
        return json;
    }

    private static JsonObject ToJson(ClusteredRow row)
    {
        var json = new JsonObject { ["identity"] = row.Identity, ["clip"] = row.Clip, ["cluster"] = row.Cluster };
        if (row.IsCore is bool core)
        {
            json["core"] = core;
        }

        if (row is { Probability: double probability, OutlierScore: double score })
        {
            json["probability"] = probability;
            json["outlier_score"] = score;
        }

        return json;
    }
}
