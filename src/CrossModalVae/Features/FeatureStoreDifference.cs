using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrossModalVae.Recipes;

namespace CrossModalVae.Features;

/// <summary>Finds the difference between a store's recipe and the one it is to be used for.</summary>
internal static class FeatureStoreDifference
{
    private const string Default = "at its default"; // recipes omit options that came later and are at their default

    /// <summary>
    /// Null where both give the same features without augmentation, else the first option that differs: "voice.hop_s 0.01; expected 0.02".
    /// </summary>
    public static string? Find(FeatureStoreHeader header, Recipe recipe) => header.FeatureHash == RecipeHash.ComputeFeatures(recipe)
        ? null
        : First(RecipeWriter.FeatureSections(header.Sections), RecipeWriter.FeatureSections(recipe))
            ?? $"another revision of the front ends; expected revision {RecipeHash.FrontEndRevision}";

    /// <summary>Null where both give the same augmented views, else the first option that differs.</summary>
    public static string? FindInViews(FeatureStoreHeader header, Recipe recipe) =>
        First(RecipeWriter.ViewSections(header.Sections), RecipeWriter.ViewSections(recipe));

    private static string? First(JsonObject found, JsonObject expected)
    {
        Dictionary<string, string> before = Options(found);
        Dictionary<string, string> now = Options(expected);
        foreach (string name in now.Keys.Concat(before.Keys.Except(now.Keys)))
        {
            string other = before.GetValueOrDefault(name, Default);
            string value = now.GetValueOrDefault(name, Default);
            if (other != value)
            {
                return $"{name} {other}; expected {value}";
            }
        }

        return null;
    }

    private static Dictionary<string, string> Options(JsonObject sections)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        using JsonDocument json = JsonDocument.Parse(Encoding.UTF8.GetBytes(JsonText.Canonical(sections)));
        Add("", json.RootElement);
        return options;

        void Add(string path, JsonElement element)
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                options[path] = element.GetRawText();
                return;
            }

            foreach (JsonProperty property in element.EnumerateObject())
            {
                Add(path.Length == 0 ? property.Name : $"{path}.{property.Name}", property.Value);
            }
        }
    }
}
