using System.Text.Json.Nodes;
using CrossModalVae.Clustering;
using CrossModalVae.Metrics;

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
    /// <exception cref="InvalidDataException">The file does not follow its schema, or its rows have another number of clusters than it
    /// says.</exception>
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
        ClusteringScores scores = ScoresOf(json["scores"]);
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
            Ceiling = json.Find("ceiling") is StrictJson ceiling ? CeilingOf(ceiling, json["metric"].AsEnum<DistanceMetric>()) : null,
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

        json["scores"] = ToJson(clustering.Scores);
        if (clustering.Ceiling is ClusteringCeiling ceiling)
        {
            json["ceiling"] = ToJson(ceiling);
        }

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

    /// <summary>Scores as the clusters file and the metrics file have them.</summary>
    internal static JsonObject ToJson(ClusteringScores scores)
    {
        JsonObject json = Fields(scores);
        if (scores.KneeRise is double rise)
        {
            json["knee_rise"] = rise;
        }

        return json;
    }

    private static JsonObject Fields(ClusteringScores scores) => new()
    {
        ["method"] = EnumText.Of(scores.Method),
        ["eps"] = scores.Eps,
        ["point_count"] = scores.PointCount,
        ["identity_count"] = scores.IdentityCount,
        ["cluster_count"] = scores.ClusterCount,
        ["noise_share"] = scores.NoiseShare,
        ["noise_as_cluster"] = ToJson(scores.NoiseAsCluster),
        ["noise_left_out"] = scores.NoiseLeftOut is null ? null : ToJson(scores.NoiseLeftOut),
    };

    internal static ClusteringScores ScoresOf(StrictJson json) => new()
    {
        Method = json["method"].AsEnum<ClusteringMethod>(),
        Eps = json.Find("eps")?.AsDouble(),
        KneeRise = json.Find("knee_rise")?.AsDouble(),
        PointCount = json["point_count"].AsInt32(),
        IdentityCount = json["identity_count"].AsInt32(),
        ClusterCount = json["cluster_count"].AsInt32(),
        NoiseShare = json["noise_share"].AsDouble(),
        NoiseAsCluster = MetricsOf(json["noise_as_cluster"]),
        NoiseLeftOut = json.Find("noise_left_out") is StrictJson leftOut ? MetricsOf(leftOut) : null,
    };

    private static JsonObject ToJson(ClusteringCeiling ceiling) => new()
    {
        ["point_count"] = ceiling.PointCount,
        ["identity_count"] = ceiling.IdentityCount,
        ["best"] = ToJson(ceiling.Best),
        ["known_count_adjusted_rand_index"] = ceiling.KnownCountAdjustedRandScore,
        ["identity_silhouette"] = ceiling.IdentitySilhouetteScore,
        ["nearest_is_same"] = ceiling.NearestIsSameAccuracy,
        ["nearest_is_same_chance"] = ceiling.NearestIsSameChance,
        ["gender_adjusted_rand_index"] = ceiling.GenderAdjustedRandScore,
        ["repeated_row_count"] = ceiling.RepeatedRowCount,
    };

    private static JsonObject ToJson(ClusteringAttempt attempt)
    {
        ClusteringOptions options = attempt.Options;
        bool isHdbscan = options.Method == ClusteringMethod.Hdbscan;
        return new JsonObject
        {
            ["method"] = EnumText.Of(options.Method),
            ["eps"] = options.Eps,
            ["min_samples"] = options.MinSamples,
            ["min_cluster_size"] = isHdbscan ? options.MinClusterSize : null,
            ["selection"] = isHdbscan ? EnumText.Of(options.Selection) : null,
            ["cluster_count"] = attempt.ClusterCount,
            ["adjusted_rand_index"] = attempt.AdjustedRandScore,
        };
    }

    private static ClusteringCeiling CeilingOf(StrictJson json, DistanceMetric metric)
    {
        StrictJson best = json["best"];
        var defaults = new ClusteringOptions();
        return new ClusteringCeiling
        {
            PointCount = json["point_count"].AsInt32(),
            IdentityCount = json["identity_count"].AsInt32(),
            Best = new ClusteringAttempt(
                new ClusteringOptions
                {
                    Method = best["method"].AsEnum<ClusteringMethod>(),
                    Eps = best.Find("eps")?.AsDouble(),
                    MinSamples = best["min_samples"].AsInt32(),
                    MinClusterSize = best.Find("min_cluster_size")?.AsInt32() ?? defaults.MinClusterSize,
                    Selection = best.Find("selection")?.AsEnum<ClusterSelection>() ?? defaults.Selection,
                    Metric = metric,
                },
                best["cluster_count"].AsInt32(),
                best["adjusted_rand_index"].AsDouble()),
            KnownCountAdjustedRandScore = json["known_count_adjusted_rand_index"].AsDouble(),
            IdentitySilhouetteScore = json.Find("identity_silhouette")?.AsDouble(),
            NearestIsSameAccuracy = json.Find("nearest_is_same")?.AsDouble(),
            NearestIsSameChance = json.Find("nearest_is_same_chance")?.AsDouble(),
            GenderAdjustedRandScore = json.Find("gender_adjusted_rand_index")?.AsDouble(),
            RepeatedRowCount = json.Find("repeated_row_count")?.AsInt32() ?? 0,
        };
    }

    private static JsonObject ToJson(ClusteringMetrics metrics) => new()
    {
        ["adjusted_rand_index"] = metrics.Agreement.AdjustedRandScore,
        ["adjusted_mutual_information"] = metrics.Agreement.AdjustedMutualInformationScore,
        ["normalised_mutual_information"] = metrics.Agreement.NormalisedMutualInformationScore,
        ["homogeneity"] = metrics.Agreement.HomogeneityScore,
        ["completeness"] = metrics.Agreement.CompletenessScore,
        ["v_measure"] = metrics.Agreement.VMeasureScore,
        ["purity"] = metrics.Agreement.PurityScore,
        ["silhouette"] = metrics.SilhouetteScore,
    };

    private static ClusteringMetrics MetricsOf(StrictJson json) => new(
        new ClusterAgreement
        {
            AdjustedRandScore = json["adjusted_rand_index"].AsDouble(),
            AdjustedMutualInformationScore = json["adjusted_mutual_information"].AsDouble(),
            NormalisedMutualInformationScore = json["normalised_mutual_information"].AsDouble(),
            HomogeneityScore = json["homogeneity"].AsDouble(),
            CompletenessScore = json["completeness"].AsDouble(),
            VMeasureScore = json["v_measure"].AsDouble(),
            PurityScore = json["purity"].AsDouble(),
        },
        json.Find("silhouette")?.AsDouble());
}
