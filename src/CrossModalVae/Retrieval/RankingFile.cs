using System.Text.Json.Nodes;
using CrossModalVae.Clustering;
using CrossModalVae.Evaluation;
using CrossModalVae.Files;

namespace CrossModalVae.Retrieval;

/// <summary>Writes one query's ranking (data-schemas/ranking.schema.json).</summary>
public static class RankingFile
{
    /// <summary>A ranking as the text of its file.</summary>
    /// <param name="direction">Which modality asked.</param>
    /// <param name="metric">What nearness meant.</param>
    /// <param name="query">The clip that asked.</param>
    /// <param name="galleryCount">Rows of the gallery.</param>
    /// <param name="matches">The matches, nearest first.</param>
    public static string Text(
        RetrievalDirection direction, DistanceMetric metric, ClipKey query, int galleryCount, IReadOnlyList<RankedMatch> matches)
    {
        ArgumentNullException.ThrowIfNull(matches);
        JsonObject json = JsonFile.Start(FileSchema.Ranking);
        json["direction"] = EnumText.Of(direction);
        json["metric"] = EnumText.Of(metric);
        json["query"] = new JsonObject { ["identity"] = query.Identity, ["clip"] = query.Clip };
        json["gallery_count"] = galleryCount;
        json["matches"] = new JsonArray(
        [
            .. matches.Select(match => new JsonObject
            {
                ["rank"] = match.Rank,
                ["identity"] = match.Identity,
                ["clip"] = match.Clip,
                ["score"] = match.Score,
            }),
        ]);
        return JsonFile.Text("ranking", FileSchema.Ranking, json);
    }
}
