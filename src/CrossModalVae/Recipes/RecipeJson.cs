using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrossModalVae.Recipes;

/// <summary>
/// The metadata of a recipe and all its sections, generated from the records: an option is a property of its record; a file spells it in
/// snake_case or as <see cref="JsonPropertyNameAttribute"/> says. It has a line in data-schemas/recipe.schema.json, and a test compares
/// both.
/// </summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    IgnoreReadOnlyProperties = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(EnumTextConverter), typeof(RecipeJson.AutoConverter)])]
[JsonSerializable(typeof(Recipe))]
internal sealed partial class RecipeJson : JsonSerializerContext
{
    /// <summary>A number that may be left to the program: null is spelt "auto".</summary>
    internal sealed class AutoConverter : JsonConverter<double?>
    {
        private const string Auto = "auto";

        public override bool HandleNull => true;

        public override double? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number ? reader.GetDouble()
            : reader.ValueTextEquals(Auto) ? null
            : throw new JsonException($"must be a number or \"{Auto}\".");

        public override void Write(Utf8JsonWriter writer, double? value, JsonSerializerOptions options)
        {
            if (value is double number)
            {
                writer.WriteNumberValue(number);
            }
            else
            {
                writer.WriteStringValue(Auto);
            }
        }
    }
}
