using System.Text.Json.Nodes;
using CrossModalVae.Audio;
using CrossModalVae.Encoders;
using CrossModalVae.Faces;

namespace CrossModalVae.Recipes;

/// <summary>
/// Writes a recipe with every option, so that a recipe as used stays valid when a default changes; options that were added since the first
/// version are written where they are not at their default, which never changes. Presets are written as their options.
/// </summary>
public static class RecipeWriter
{
    // Sections that may be absent, too, are written where they are there, less what is at its default.
    private static readonly Recipe Defaults = new()
    {
        Name = "",
        Voice = new VoiceOptions { Encoder = new VoiceEncoderOptions() },
        Face = new FaceOptions { Encoder = new FaceEncoderOptions() },
    };

    // Where an encoder lies, and what the card says of it, changes no number.
    private static readonly string[] EncoderNames = ["path", "licence", "source"];

    /// <summary>Writes a recipe file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="recipe">The recipe.</param>
    /// <exception cref="ArgumentException">The recipe has a value it cannot have.</exception>
    /// <exception cref="IOException">The file cannot be written; it is as it was before.</exception>
    public static void Write(string path, Recipe recipe) => JsonFile.Write(path, FileSchema.Recipe, ToJson(recipe));

    /// <summary>What <see cref="Write"/> writes.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <exception cref="ArgumentException">The recipe has a value it cannot have.</exception>
    public static string Text(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return JsonFile.Text($"recipe '{recipe.Name}'", FileSchema.Recipe, ToJson(recipe));
    }

    /// <summary>The recipe as a document, to be part of another (a model card).</summary>
    /// <param name="recipe">The recipe.</param>
    /// <exception cref="ArgumentException">The recipe has a value it cannot have.</exception>
    internal static JsonObject ToJson(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        recipe.Validate();
        JsonObject json = Sections(recipe);
        json.Insert(0, "schema", FileSchema.Id(FileSchema.Recipe));
        return json;
    }

    /// <summary>The sections that shape the model, for its hash.</summary>
    internal static JsonObject ModelSections(Recipe recipe) =>
        Sections(recipe, "voice", "face", "model", "objective", "training", "augmentation", "fresh_augmentation", "statistics");

    /// <summary>The sections that determine what the front ends deliver of clips as they are, for the hash of a feature store.</summary>
    internal static JsonObject FeatureSections(Recipe recipe) => Sections(recipe, "voice", "face");

    /// <summary>The same and the section that determines augmented views, for a feature store's header.</summary>
    internal static JsonObject ViewSections(Recipe recipe) => Sections(recipe, "voice", "face", "augmentation");

    // A recipe without augmentation has no such section, so that recipes from before it was known keep their hash.
    private static JsonObject Sections(Recipe recipe, params string[] chosen)
    {
        JsonObject sections = JsonRecord.Write(recipe, Defaults, RecipeJson.Default.Recipe);
        string[] others = [.. sections.Select(section => section.Key).Where(name => chosen.Length > 0 && !chosen.Contains(name))];
        foreach (string name in others)
        {
            sections.Remove(name);
        }

        foreach (JsonNode? encoder in chosen.Select(name => sections[name]?["encoder"]).Where(encoder => encoder is not null))
        {
            foreach (string name in EncoderNames)
            {
                encoder!.AsObject().Remove(name);
            }
        }

        return sections;
    }
}
