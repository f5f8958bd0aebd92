using System.Text.Json.Serialization;
using CrossModalVae.Recipes;

namespace CrossModalVae.Models;

/// <summary>The metadata of a model card, generated from its records; data-schemas/model-card.schema.json has the same fields.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    IgnoreReadOnlyProperties = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(EnumTextConverter), typeof(RecipeJson.AutoConverter)])]
[JsonSerializable(typeof(ModelCard))]
internal sealed partial class ModelCardJson : JsonSerializerContext;
