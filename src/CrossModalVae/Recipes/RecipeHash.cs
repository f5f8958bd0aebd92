using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace CrossModalVae.Recipes;

/// <summary>Hashes of recipes: SHA-256 over canonical JSON (RFC 8785, every option spelt out), 64 lower-case hexadecimal digits.</summary>
internal static class RecipeHash
{
    /// <summary>
    /// Incremented whenever the front ends deliver other numbers for the same recipe and files (a fixed defect, another order of sums), so
    /// that an older feature store is refused.
    /// </summary>
    public const int FrontEndRevision = 2;

    /// <summary>
    /// The sections that determine the model: voice, face, model, objective, training and, where present, augmentation and statistics; it
    /// ties an exported model to its recipe. Name, description, scoring, clustering and ranking may change.
    /// </summary>
    public static string Compute(Recipe recipe) => Hash(RecipeWriter.ModelSections(recipe));

    /// <summary>
    /// The sections that determine the features, voice and face, and <see cref="FrontEndRevision"/>; it ties a feature store to its recipe.
    /// Recipes that differ in other sections share a store.
    /// </summary>
    public static string ComputeFeatures(Recipe recipe)
    {
        JsonObject sections = RecipeWriter.FeatureSections(recipe);
        sections["revision"] = FrontEndRevision;
        return Hash(sections);
    }

    private static string Hash(JsonObject sections) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonText.Canonical(sections))));
}
