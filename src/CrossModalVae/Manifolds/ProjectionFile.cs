using System.Text.Json.Nodes;

namespace CrossModalVae.Manifolds;

/// <summary>Reads and writes a projection (data-schemas/projection.schema.json).</summary>
public static class ProjectionFile
{
    /// <summary>Writes a projection.</summary>
    /// <param name="path">The file; its folder is created where missing.</param>
    /// <param name="projection">The projection.</param>
    /// <exception cref="IOException">The file cannot be written; it is as it was before.</exception>
    public static void Write(string path, ProjectionRecord projection) => JsonFile.Write(path, FileSchema.Projection, ToJson(projection));

    /// <summary>What <see cref="Write"/> writes.</summary>
    /// <param name="projection">The projection.</param>
    public static string Text(ProjectionRecord projection) => JsonFile.Text("projection", FileSchema.Projection, ToJson(projection));

    /// <summary>Reads a projection.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file does not follow its schema, or its figures are not those of its method.</exception>
    public static ProjectionRecord Read(string path)
    {
        StrictJson json = JsonFile.Read(path, FileSchema.Projection);
        var method = json["method"].AsEnum<ProjectionMethod>();
        foreach (string name in new[] { "perplexity", "seed", "kl_divergence", "explained_variance_ratio" })
        {
            bool expected = (method == ProjectionMethod.Pca) == (name == "explained_variance_ratio");
            if (json[name].IsNull == expected)
            {
                throw json[name].Fault($"{(expected ? "a number" : "null")}, as the method is {EnumText.Of(method)}");
            }
        }

        return new ProjectionRecord
        {
            Method = method,
            Metric = json["metric"].AsEnum<DistanceMetric>(),
            Perplexity = json.Find("perplexity")?.AsDouble(),
            Seed = json.Find("seed")?.AsInt64(),
            KullbackLeiblerLoss = json.Find("kl_divergence")?.AsDouble(),
            ExplainedVarianceRatio = json.Find("explained_variance_ratio")?.AsDouble(),
            TrustworthinessScore = json.Find("trustworthiness")?.AsDouble(),
            Rows = json["rows"].AsArray(row => new ProjectedRow(
                row["identity"].AsString(),
                row["clip"].AsString(),
                row["modality"].AsEnum<Modality>(),
                row["x"].AsDouble(),
                row["y"].AsDouble())),
        };
    }

    private static JsonObject ToJson(ProjectionRecord projection)
    {
        ArgumentNullException.ThrowIfNull(projection);
        JsonObject json = JsonFile.Start(FileSchema.Projection);
        json["method"] = EnumText.Of(projection.Method);
        json["metric"] = EnumText.Of(projection.Metric);
        json["perplexity"] = projection.Perplexity;
        json["seed"] = projection.Seed;
        json["kl_divergence"] = projection.KullbackLeiblerLoss;
        json["explained_variance_ratio"] = projection.ExplainedVarianceRatio;
        json["trustworthiness"] = projection.TrustworthinessScore;
        json["rows"] = new JsonArray(
        [
            .. projection.Rows.Select(row => new JsonObject
            {
                ["identity"] = row.Identity,
                ["clip"] = row.Clip,
                ["modality"] = EnumText.Of(row.Modality),
                ["x"] = row.X,
                ["y"] = row.Y,
            }),
        ]);
        return json;
    }
}
