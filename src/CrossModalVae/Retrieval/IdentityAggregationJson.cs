using System.Text.Json.Nodes;

namespace CrossModalVae.Retrieval;

/// <summary>The fields <c>by</c>, <c>aggregate</c> and <c>top_count</c> of rankings and calibrations.</summary>
internal static class IdentityAggregationJson
{
    private const string Clips = "clip";
    private const string Identities = "identity";

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
        }
    }

    /// <exception cref="InvalidDataException">A field that the others ask for is missing, or is there without them.</exception>
    public static IdentityAggregation? Read(StrictJson json)
    {
        bool byIdentity = json["by"].AsString() == Identities;
        IdentityScore? score = Field(json, "aggregate", byIdentity, "by identity")?.AsEnum<IdentityScore>();
        int? count = Field(json, "top_count", score == IdentityScore.TopM, "aggregate top-m")?.AsInt32();
        return score is IdentityScore known
            ? new IdentityAggregation { Score = known, TopCount = count ?? IdentityAggregation.Best.TopCount }
            : null;
    }

    private static StrictJson? Field(StrictJson json, string name, bool isAsked, string by)
    {
        StrictJson? field = json.Find(name);
        return isAsked == field is not null ? field
            : field is null ? throw json["by"].Fault($"also '{name}', as {by} asks for it")
            : throw field.Fault($"none, as it belongs to {by}");
    }
}
