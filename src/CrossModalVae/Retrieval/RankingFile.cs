using System.Text.Json.Nodes;
using CrossModalVae.Clustering;
using CrossModalVae.Evaluation;
using CrossModalVae.Files;

namespace CrossModalVae.Retrieval;

/// <summary>Reads and writes one query's ranking (data-schemas/ranking.schema.json).</summary>
public static class RankingFile
{
    /// <summary>Writes a ranking.</summary>
    /// <param name="path">The file; its folder is created where missing.</param>
    /// <param name="ranking">The ranking.</param>
    /// <exception cref="IOException">The file cannot be written; it is as it was before.</exception>
    public static void Write(string path, Ranking ranking) => JsonFile.Write(path, FileSchema.Ranking, ToJson(ranking));

    /// <summary>What <see cref="Write"/> writes.</summary>
    /// <param name="ranking">The ranking.</param>
    public static string Text(Ranking ranking) => JsonFile.Text("ranking", FileSchema.Ranking, ToJson(ranking));

    /// <summary>Reads a ranking.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file does not follow its schema, or its ranks do not count from 1.</exception>
    public static Ranking Read(string path)
    {
        StrictJson json = JsonFile.Read(path, FileSchema.Ranking);
        StrictJson query = json["query"];
        RankedMatch[] matches = json["matches"].AsArray(match =>
            new RankedMatch(match["rank"].AsInt32(), match["identity"].AsString(), match["clip"].AsString(), match["score"].AsDouble()));
        for (int i = 0; i < matches.Length; i++)
        {
            if (matches[i].Rank != i + 1)
            {
                throw json["matches"].Children[i]["rank"].Fault($"{i + 1}, as ranks count from 1");
            }
        }

        return new Ranking(
            json["direction"].AsEnum<RetrievalDirection>(),
            json["metric"].AsEnum<DistanceMetric>(),
            new ClipKey(query["identity"].AsString(), query["clip"].AsString()),
            json["gallery_count"].AsInt32(),
            matches);
    }

    private static JsonObject ToJson(Ranking ranking)
    {
        ArgumentNullException.ThrowIfNull(ranking);
        JsonObject json = JsonFile.Start(FileSchema.Ranking);
        json["direction"] = EnumText.Of(ranking.Direction);
        json["metric"] = EnumText.Of(ranking.Metric);
        json["query"] = new JsonObject { ["identity"] = ranking.Query.Identity, ["clip"] = ranking.Query.Clip };
        json["gallery_count"] = ranking.GalleryCount;
        json["matches"] = new JsonArray(
        [
            .. ranking.Matches.Select(match => new JsonObject
            {
                ["rank"] = match.Rank,
                ["identity"] = match.Identity,
                ["clip"] = match.Clip,
                ["score"] = match.Score,
            }),
        ]);
        return json;
    }
}
