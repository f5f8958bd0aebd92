using System.Text.Json;
using System.Text.Json.Serialization;
using CrossModalVae.Audio;
using CrossModalVae.Augmentation;
using CrossModalVae.Encoders;
using CrossModalVae.Faces;
using CrossModalVae.Towers;

namespace CrossModalVae.Recipes;

/// <summary>
/// Reads a recipe, JSON by data-schemas/recipe.schema.json. An option that is absent has its default; an unknown one is refused.
/// </summary>
public static class RecipeReader
{
    /// <summary>Reads a recipe file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no recipe, misspells an option or gives it a value it cannot have; a line for
    /// every fault.</exception>
    public static Recipe Read(string path) => From(JsonFile.Read(path, FileSchema.Recipe));

    /// <summary>Reads a recipe from text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="place">What messages call it.</param>
    /// <exception cref="InvalidDataException">As for <see cref="Read"/>.</exception>
    public static Recipe Parse(string json, string place = "recipe") => From(JsonFile.Parse(json, place, FileSchema.Recipe));

    /// <summary>A recipe from a document that its schema has already accepted.</summary>
    /// <param name="source">The document, or the part of one that is a recipe.</param>
    /// <exception cref="InvalidDataException">Options contradict each other.</exception>
    internal static Recipe From(StrictJson source)
    {
        if (source.Find("statistics") is StrictJson statistics)
        {
            CheckLengths(statistics["voice"]);
            CheckLengths(statistics["face"]);
        }

        var defaults = new Recipe
        {
            Name = "",
            Voice = VoiceDefaults(source.Find("voice")),
            Face = new FaceOptions { Encoder = source.Find("face")?.Find("encoder") is null ? null : new FaceEncoderOptions() },
            Model = new ModelOptions
            {
                VoiceTower = source.Find("model")?.Find("voice_tower") is null ? null : new TowerOptions(),
                FaceTower = source.Find("model")?.Find("face_tower") is null ? null : new TowerOptions(),
            },
            Training = new TrainingOptions
            {
                Pretraining = source.Find("training")?.Find("pretraining") is null ? null : new PretrainingOptions(),
            },
            Augmentation = source.Find("augmentation") is null ? null : new AugmentationOptions(),
            FreshAugmentation = source.Find("fresh_augmentation") is null ? null : new FreshAugmentationOptions(),
        };
        Recipe recipe = JsonRecord.Read(source, defaults, RecipeJson.Default.Recipe, others: ["schema", "preset"]);
        try
        {
            recipe.Validate();
        }
        catch (ArgumentException e) when (UserError.IsMarked(e))
        {
            throw new InvalidDataException($"{source.Place}: {e.Message}", e);
        }

        return recipe;
    }

    // A preset's options; where there is none, those that the encoder's preset was trained on.
    private static VoiceOptions VoiceDefaults(StrictJson? voice)
    {
        StrictJson? encoder = voice?.Find("encoder");
        VoiceEncoderPreset layout = encoder?.Find("preset")?.AsEnum<VoiceEncoderPreset>() ?? VoiceEncoderPreset.None;
        VoiceOptions defaults = voice?.Find("preset") is StrictJson preset
            ? VoicePresets.Get(preset.AsString())
            : VoicePresets.ForEncoder(layout);
        return encoder is null ? defaults : defaults with { Encoder = new VoiceEncoderOptions() };
    }

    private static void CheckLengths(StrictJson statistics)
    {
        StrictJson deviation = statistics["standard_deviation"];
        int expected = statistics["mean"].Children.Count;
        if (deviation.Children.Count != expected)
        {
            throw deviation.Fault($"as many items as 'mean' has, {expected}");
        }
    }
}

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
    Converters = [typeof(RecipeJson.AutoConverter)])]
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
