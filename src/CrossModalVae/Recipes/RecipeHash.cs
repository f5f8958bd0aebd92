using System.Security.Cryptography;
using System.Text;
using CrossModalVae.Files;

namespace CrossModalVae.Recipes;

/// <summary>The fingerprint that ties an exported model to its recipe.</summary>
public static class RecipeHash
{
    /// <summary>
    /// SHA-256 over the canonical JSON (RFC 8785, every option spelt out) of the sections that shape the model: voice, face, model, objective,
    /// training and, where present, augmentation and statistics. Name, description, scoring, clustering and ranking may change without the model becoming another.
    /// </summary>
    /// <param name="recipe">The recipe, as used where it has been.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Compute(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonText.Canonical(RecipeWriter.ModelSections(recipe)))));
    }
}
