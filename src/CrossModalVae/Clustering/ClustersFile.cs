using System.Text.Json.Nodes;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;
using CrossModalVae.Files;

namespace CrossModalVae.Clustering;

/// <summary>Writes a clustering (data-schemas/clusters.schema.json).</summary>
public static class ClustersFile
{
    /// <summary>A clustering of one modality's rows as the text of its file.</summary>
    /// <param name="modality">What was clustered.</param>
    /// <param name="options">The options in use; a null eps says that it was chosen.</param>
    /// <param name="rows">The rows that were clustered, at least one.</param>
    /// <param name="result">Their clusters.</param>
    public static string Text(Modality modality, DbscanOptions options, IReadOnlyList<EmbeddingRow> rows, DbscanResult result)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(result);
        ClusteringScores scores = ClusteringScores.Compute([.. rows.Select(row => row.Identity)], result);
        JsonObject json = JsonFile.Start(FileSchema.Clusters);
        json["modality"] = EnumText.Of(modality);
        json["metric"] = EnumText.Of(options.Metric);
        json["eps"] = result.Eps;
        json["eps_chosen"] = options.Eps is null;
        json["min_samples"] = options.MinSamples;
        json["cluster_count"] = result.ClusterCount;
        json["noise_share"] = result.NoiseShare;
        json["adjusted_rand_index"] = scores.AdjustedRandScore;
        json["normalised_mutual_information"] = scores.NormalisedMutualInformationScore;
        json["rows"] = new JsonArray(
        [
            .. rows.Select((row, i) => new JsonObject
            {
                ["identity"] = row.Identity,
                ["clip"] = row.Clip,
                ["cluster"] = result.Labels[i],
                ["core"] = result.IsCore[i],
            }),
        ]);
        return JsonFile.Text("clusters", FileSchema.Clusters, json);
    }
}
