using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CrossModalVae.Pipelines.Saving;

/// <summary>What bundle.json holds: the steps in their order, and every other file of the bundle with its hash.</summary>
internal sealed record BundleIndex(
    [property: JsonPropertyOrder(-1)] string Schema, IReadOnlyList<BundleStep> Steps, IReadOnlyList<BundleEntry> Files)
{
    /// <summary>The index's own name.</summary>
    public const string FileName = "bundle.json";

    /// <summary>The name of the file with the index's SHA-256.</summary>
    public const string HashName = "bundle.sha256";

    /// <summary>The pipeline's input schema, as ML.NET saves one.</summary>
    public const string SchemaFile = "input-schema.zip";

    /// <summary>The format's name without its version.</summary>
    public const string Format = "crossmodalvae/bundle/";

    /// <summary>The version that is written, and the newest that is read.</summary>
    public const int Version = 1;

    /// <summary>How records become JSON: strict in what is read.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        WriteIndented = true,
        NewLine = "\n",
    };
}

/// <summary>A step: what it is, and the record of its options.</summary>
internal sealed record BundleStep(string Kind, JsonNode Options)
{
    public static BundleStep Of<T>(string kind, T options) => new(kind, JsonSerializer.SerializeToNode(options, BundleIndex.Json)!);

    /// <summary>The options, of the kind's record.</summary>
    public T Read<T>() => Options.Deserialize<T>(BundleIndex.Json) ?? throw new JsonException($"the options of '{Kind}' are null");
}

/// <summary>A file of a bundle.</summary>
internal sealed record BundleEntry(string Name, long Length, string Sha256);

/// <summary>A column that a step reads or adds.</summary>
internal sealed record SavedColumns(IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs)
{
    public static SavedColumns Of(CrossModalTransformer step) =>
        new([.. step.Inputs.Select(column => column.Name)], [.. step.Outputs.Select(column => column.Name)]);
}
