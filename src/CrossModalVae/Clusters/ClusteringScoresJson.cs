using System.Text.Json.Nodes;
using CrossModalVae.Metrics;

namespace CrossModalVae.Clusters;

/// <summary>Clustering scores as the metrics file and the clusters file hold them.</summary>
internal static class ClusteringScoresJson
{
    internal static JsonObject Write(ClusteringScores scores) => new()
    {
        ["method"] = EnumText.Of(scores.Method),
        ["eps"] = scores.Eps,
        ["point_count"] = scores.PointCount,
        ["identity_count"] = scores.IdentityCount,
        ["cluster_count"] = scores.ClusterCount,
        ["noise_share"] = scores.NoiseShare,
        ["noise_as_cluster"] = Write(scores.NoiseAsCluster),
        ["noise_left_out"] = scores.NoiseLeftOut is null ? null : Write(scores.NoiseLeftOut),
    };

    internal static ClusteringScores Read(StrictJson json) => new()
    {
        Method = json["method"].AsEnum<ClusteringMethod>(),
        Eps = json.Find("eps")?.AsDouble(),
        PointCount = json["point_count"].AsInt32(),
        IdentityCount = json["identity_count"].AsInt32(),
        ClusterCount = json["cluster_count"].AsInt32(),
        NoiseShare = json["noise_share"].AsDouble(),
        NoiseAsCluster = ReadFigures(json["noise_as_cluster"]),
        NoiseLeftOut = json.Find("noise_left_out") is StrictJson leftOut ? ReadFigures(leftOut) : null,
    };

    private static JsonObject Write(ClusteringFigures figures) => new()
    {
        ["adjusted_rand_index"] = figures.Agreement.AdjustedRandScore,
        ["adjusted_mutual_information"] = figures.Agreement.AdjustedMutualInformationScore,
        ["normalised_mutual_information"] = figures.Agreement.NormalisedMutualInformationScore,
        ["homogeneity"] = figures.Agreement.HomogeneityScore,
        ["completeness"] = figures.Agreement.CompletenessScore,
        ["v_measure"] = figures.Agreement.VMeasureScore,
        ["purity"] = figures.Agreement.PurityScore,
        ["silhouette"] = figures.SilhouetteScore,
    };

    private static ClusteringFigures ReadFigures(StrictJson json) => new(
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
