using System.Text.Json.Nodes;
using CrossModalVae.Files;

namespace CrossModalVae.Clustering;

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
    /// <exception cref="InvalidDataException">The file does not follow its schema, or its rows have another number of clusters than it says.</exception>
    public static ClusteringRecord Read(string path)
    {
        StrictJson json = JsonFile.Read(path, FileSchema.Clusters);
        ClusteredRow[] rows = json["rows"].AsArray(row =>
            new ClusteredRow(row["identity"].AsString(), row["clip"].AsString(), row["cluster"].AsInt32(), row["core"].AsBoolean()));
        int found = rows.Select(row => row.Cluster).Where(cluster => cluster >= 0).Distinct().Count();
        return json["cluster_count"].AsInt32() != found
            ? throw json["cluster_count"].Fault($"{found}, as the rows have")
            : new ClusteringRecord
            {
                Modality = json["modality"].AsEnum<Modality>(),
                Metric = json["metric"].AsEnum<DistanceMetric>(),
                Eps = json["eps"].AsDouble(),
                IsEpsChosen = json["eps_chosen"].AsBoolean(),
                MinSamples = json["min_samples"].AsInt32(),
                ClusterCount = found,
                NoiseShare = json["noise_share"].AsDouble(),
                AdjustedRandScore = json.Find("adjusted_rand_index")?.AsDouble(),
                NormalisedMutualInformationScore = json.Find("normalised_mutual_information")?.AsDouble(),
                Rows = rows,
            };
    }

    private static JsonObject ToJson(ClusteringRecord clustering)
    {
        ArgumentNullException.ThrowIfNull(clustering);
        JsonObject json = JsonFile.Start(FileSchema.Clusters);
        json["modality"] = EnumText.Of(clustering.Modality);
        json["metric"] = EnumText.Of(clustering.Metric);
        json["eps"] = clustering.Eps;
        json["eps_chosen"] = clustering.IsEpsChosen;
        json["min_samples"] = clustering.MinSamples;
        json["cluster_count"] = clustering.ClusterCount;
        json["noise_share"] = clustering.NoiseShare;
        json["adjusted_rand_index"] = clustering.AdjustedRandScore;
        json["normalised_mutual_information"] = clustering.NormalisedMutualInformationScore;
        json["rows"] = new JsonArray(
        [
            .. clustering.Rows.Select(row => new JsonObject
            {
                ["identity"] = row.Identity,
                ["clip"] = row.Clip,
                ["cluster"] = row.Cluster,
                ["core"] = row.IsCore,
            }),
        ]);
        return json;
    }
}
