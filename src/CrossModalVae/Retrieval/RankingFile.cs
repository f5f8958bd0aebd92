using System.Text.Json.Nodes;
using CrossModalVae.Corpora;
using CrossModalVae.Metrics;

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
    /// <exception cref="InvalidDataException">The file does not follow its schema, its ranks do not count from 1, or a field lacks one that
    /// belongs to it.</exception>
    public static Ranking Read(string path)
    {
        StrictJson json = JsonFile.Read(path, FileSchema.Ranking);
        RankedMatch[] matches = json["matches"].AsArray(match =>
            new RankedMatch(match["rank"].AsInt32(), match["identity"].AsString(), match["clip"].AsString(), match["score"].AsDouble())
            {
                ClipCount = match.Find("clip_count")?.AsInt32(),
                Probability = match.Find("probability")?.AsDouble(),
            });
        foreach ((int i, RankedMatch match) in matches.Index())
        {
            if (match.Rank != i + 1)
            {
                throw json["matches"].Children[i]["rank"].Fault($"{i + 1}, as ranks count from 1");
            }
        }

        return new Ranking(
            json["direction"].AsEnum<RetrievalDirection>(),
            json["metric"].AsEnum<RankingMetric>(),
            Query(json["query"]),
            json["gallery_count"].AsInt32(),
            matches)
        {
            Identities = RankingJson.ReadIdentities(json),
            Filter = json.Find("filter") is StrictJson filter ? Filter(filter) : new RankingFilter(),
            Place = json.Find("place") is StrictJson place ? Place(place) : null,
            Calibration = json.Find("calibration") is StrictJson calibration ? RankingJson.ReadCalibration(calibration) : null,
        };
    }

    private static RankingProbe Query(StrictJson json)
    {
        StrictJson? combined = json.Find("combined");
        string? clip = json.Find("clip")?.AsString();
        return clip is null == combined is not null
            ? new RankingProbe(json["identity"].AsString(), clip)
            {
                ClipCount = json.Find("clip_count")?.AsInt32() ?? 1,
                Combination = combined?.AsEnum<ProbeCombination>(),
            }
            : throw json["identity"].Fault("either 'clip' beside it, or 'combined', as all clips of an identity are probes");
    }

    private static RankingPlace Place(StrictJson json) => new(
        json.Find("rank")?.AsInt32(), json["ranked_count"].AsInt32(), json["own_count"].AsInt32(), json["identity_count"].AsInt32());

    private static RankingFilter Filter(StrictJson json) => new()
    {
        Modality = json.Find("modality")?.AsEnum<Modality>(),
        Gender = json.Find("gender")?.AsString(),
        Split = json.Find("split")?.AsEnum<CorpusSplit>(),
        Nationality = json.Find("nationality")?.AsString(),
        LeastAge = json.Find("least_age")?.AsDouble(),
        LargestAge = json.Find("largest_age")?.AsDouble(),
        Exclude = json.Find("exclude")?.AsEnum<QueryExclusion>() ?? QueryExclusion.None,
    };

    private static JsonObject ToJson(Ranking ranking)
    {
        ArgumentNullException.ThrowIfNull(ranking);
        JsonObject json = JsonFile.Start(FileSchema.Ranking);
        json["direction"] = EnumText.Of(ranking.Direction);
        json["metric"] = EnumText.Of(ranking.Metric);
        json["query"] = ToJson(ranking.Query);
        RankingJson.Write(json, ranking.Identities);
        if (!ranking.Filter.IsEmpty)
        {
            json["filter"] = ToJson(ranking.Filter);
        }

        json["gallery_count"] = ranking.GalleryCount;
        if (ranking.Place is RankingPlace place)
        {
            json["place"] = new JsonObject
            {
                ["rank"] = place.Rank,
                ["ranked_count"] = place.RankedCount,
                ["own_count"] = place.OwnCount,
                ["identity_count"] = place.IdentityCount,
                ["chance_rank"] = place.ChanceRank,
            };
        }

        if (ranking.Calibration is ScoreCalibration calibration)
        {
            var fields = new JsonObject();
            RankingJson.Write(fields, calibration);
            json["calibration"] = fields;
        }

        json["matches"] = new JsonArray([.. ranking.Matches.Select(ToJson)]);
        return json;
    }

    private static JsonObject ToJson(RankingProbe query) => WithoutNulls(new()
    {
        ["identity"] = query.Identity,
        ["clip"] = query.Clip,
        ["clip_count"] = query.Combination is null ? null : query.ClipCount,
        ["combined"] = query.Combination is ProbeCombination combination ? EnumText.Of(combination) : null,
    });

    private static JsonObject ToJson(RankingFilter filter) => WithoutNulls(new()
    {
        ["modality"] = filter.Modality is Modality modality ? EnumText.Of(modality) : null,
        ["gender"] = filter.Gender,
        ["split"] = filter.Split is CorpusSplit split ? EnumText.Of(split) : null,
        ["nationality"] = filter.Nationality,
        ["least_age"] = filter.LeastAge,
        ["largest_age"] = filter.LargestAge,
        ["exclude"] = filter.Exclude == QueryExclusion.None ? null : EnumText.Of(filter.Exclude),
    });

    private static JsonObject ToJson(RankedMatch match) => WithoutNulls(new()
    {
        ["rank"] = match.Rank,
        ["identity"] = match.Identity,
        ["clip"] = match.Clip,
        ["clip_count"] = match.ClipCount,
        ["score"] = match.Score,
        ["probability"] = match.Probability,
    });

    private static JsonObject WithoutNulls(JsonObject json)
    {
        foreach (string name in json.Where(field => field.Value is null).Select(field => field.Key).ToArray())
        {
            json.Remove(name);
        }

        return json;
    }
}
