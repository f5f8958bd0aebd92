using System.Text;
using System.Text.Json;
using CrossModalVae.Files;
using CrossModalVae.Recipes;

namespace CrossModalVae.Features;

/// <summary>Says in what a store's recipe differs from the one it is to be used for.</summary>
internal static class FeatureStoreDifference
{
    /// <summary>Null where both give the same features, else the first option that differs: "voice.hop_s 0.01; expected 0.02".</summary>
    public static string? Find(FeatureStoreHeader header, Recipe recipe)
    {
        if (header.FeatureHash == RecipeHash.ComputeFeatures(recipe))
        {
            return null;
        }

        Dictionary<string, string> found = Options(header.Sections);
        foreach ((string name, string value) in Options(recipe))
        {
            if (found[name] != value)
            {
                return $"{name} {found[name]}; expected {value}";
            }
        }

        return $"another revision of the front ends; expected revision {FeatureExtractor.Revision}";
    }

    private static Dictionary<string, string> Options(Recipe recipe)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        using JsonDocument json = JsonDocument.Parse(Encoding.UTF8.GetBytes(JsonText.Canonical(RecipeWriter.FeatureSections(recipe))));
        foreach (JsonProperty section in json.RootElement.EnumerateObject())
        {
            foreach (JsonProperty option in section.Value.EnumerateObject())
            {
                options[$"{section.Name}.{option.Name}"] = option.Value.GetRawText();
            }
        }

        return options;
    }
}
