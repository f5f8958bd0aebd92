using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace CrossModalVae.Recipes;

/// <summary>The fingerprint that ties an exported model to its recipe.</summary>
public static class RecipeHash
{
    /// <summary>
    /// Grows whenever the front ends deliver other numbers for the same recipe and files (a mended fault, another order of sums), so that a
    /// feature store prepared before is refused and not mixed with what is scored now.
    /// </summary>
    public const int FrontEndRevision = 2;

    /// <summary>
    /// SHA-256 over the canonical JSON (RFC 8785, every option spelt out) of the sections that shape the model: voice, face, model,
    /// objective, training and, where present, augmentation and statistics. Name, description, scoring, clustering and ranking may
    /// change without the model becoming another.
    /// </summary>
    /// <param name="recipe">The recipe, as used where it has been.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Compute(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return Hash(RecipeWriter.ModelSections(recipe));
    }

    /// <summary>
    /// SHA-256 over the canonical JSON of the sections that determine what the front ends deliver, voice and face, and of
    /// <see cref="FrontEndRevision"/>: the fingerprint that ties a feature store to its recipe. Recipes that differ elsewhere only (model,
    /// objective, training and so on) have the same, so that a sweep over those reads one store.
    /// </summary>
    /// <param name="recipe">The recipe; statistics in it do not matter.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string ComputeFeatures(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        JsonObject sections = RecipeWriter.FeatureSections(recipe);
        sections["revision"] = FrontEndRevision;
        return Hash(sections);
    }

    private static string Hash(JsonObject sections) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonText.Canonical(sections))));
}
