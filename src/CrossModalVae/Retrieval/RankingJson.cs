using System.Text.Json.Nodes;
using CrossModalVae.Metrics;

namespace CrossModalVae.Retrieval;

/// <summary>The fields that rankings and calibrations share.</summary>
internal static class RankingJson
{
    private const string Clips = "clip";
    private const string Identities = "identity";

    /// <summary>Writes <c>by</c>, <c>aggregate</c> and <c>top_count</c>.</summary>
    public static void Write(JsonObject json, IdentityAggregation? identities)
    {
        json["by"] = identities is null ? Clips : Identities;
        if (identities is not null)
        {
            json["aggregate"] = EnumText.Of(identities.Score);
            if (identities.Score == IdentityScore.TopM)
            {
                json["top_count"] = identities.TopCount;
            }

            if (identities is { Score: IdentityScore.ShrunkenMean, Shrinkage: double shrinkage })
            {
                json["shrinkage"] = shrinkage;
            }
        }
    }

    /// <exception cref="InvalidDataException">A field that the others require is missing, or is there without them.</exception>
    public static IdentityAggregation? ReadIdentities(StrictJson json)
    {
        bool byIdentity = json["by"].AsString() == Identities;
        IdentityScore? score = Field(json, "aggregate", byIdentity, "by identity")?.AsEnum<IdentityScore>();
        int? count = Field(json, "top_count", score == IdentityScore.TopM, "aggregate top-m")?.AsInt32();
        StrictJson? shrinkage = json.Find("shrinkage");
        if (shrinkage is not null && score != IdentityScore.ShrunkenMean)
        {
            throw shrinkage.Fault("none, as it belongs to aggregate shrunken-mean");
        }

        return score is IdentityScore known
            ? new IdentityAggregation
            {
                Score = known,
                TopCount = count ?? IdentityAggregation.Best.TopCount,
                Shrinkage = shrinkage?.AsDouble(),
            }
            : null;
    }

    /// <summary>Writes <c>a</c>, <c>b</c>, <c>trial_prior</c> and, where one was given, <c>prior</c>.</summary>
    public static void Write(JsonObject json, ScoreCalibration calibration, bool hasPrior = true)
    {
        json["a"] = calibration.Slope;
        json["b"] = calibration.Intercept;
        json["trial_prior"] = calibration.TrialPrior;
        if (hasPrior)
        {
            json["prior"] = calibration.Prior;
        }
    }

    public static ScoreCalibration ReadCalibration(StrictJson json) => new()
    {
        Slope = json["a"].AsDouble(),
        Intercept = json["b"].AsDouble(),
        TrialPrior = json["trial_prior"].AsDouble(),
        Prior = (json.Find("prior") ?? json["trial_prior"]).AsDouble(),
    };

    private static StrictJson? Field(StrictJson json, string name, bool isRequired, string by)
    {
        StrictJson? field = json.Find(name);
        return isRequired == field is not null ? field
            : field is null ? throw json["by"].Fault($"also '{name}', as {by} asks for it")
            : throw field.Fault($"none, as it belongs to {by}");
    }
}
