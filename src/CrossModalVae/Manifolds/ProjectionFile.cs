using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

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
    /// <exception cref="InvalidDataException">The file does not follow its schema, or its numbers are not those of its method.</exception>
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

        return JsonRecord.Read(json, null, ProjectionJson.Default.ProjectionRecord, others: "schema");
    }

    private static JsonObject ToJson(ProjectionRecord projection)
    {
        ArgumentNullException.ThrowIfNull(projection);
        JsonObject json = JsonRecord.Write(projection, null, ProjectionJson.Default.ProjectionRecord);
        json.Insert(0, "schema", FileSchema.Id(FileSchema.Projection));
        return json;
    }
}

/// <summary>The metadata of a projection, generated from its records; data-schemas/projection.schema.json has the same fields.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ProjectionRecord))]
internal sealed partial class ProjectionJson : JsonSerializerContext;
