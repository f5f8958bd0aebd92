using System.Security.Cryptography;
using CrossModalVae.Recipes;

namespace CrossModalVae.Models;

/// <summary>
/// Reads card.json of a model folder, JSON by data-schemas/model-card.schema.json, and checks it against the files in the folder.
/// </summary>
public static class ModelCardReader
{
    /// <summary>Reads the card of a model folder. The graphs are not opened: see <see cref="CheckFiles"/>.</summary>
    /// <param name="folder">The model folder.</param>
    /// <exception cref="FileNotFoundException">The folder has no card.</exception>
    /// <exception cref="InvalidDataException">The card does not follow its schema, or its recipe is not the one its hash stands
    /// for.</exception>
    public static ModelCard Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        StrictJson source = JsonFile.Read(Path.Combine(folder, ModelCard.FileName), FileSchema.ModelCard);
        Recipe recipe = RecipeReader.From(source["recipe"]);
        string hash = RecipeHash.Compute(recipe);
        if (source["recipe_hash"].AsString() != hash)
        {
            throw source["recipe_hash"].Fault($"{hash}, the hash of the recipe in the card: one of them was changed after export");
        }

        var rest = new ModelCard
        {
            Name = "",
            RecipeHash = hash,
            WeightsHash = "",
            Opset = 0,
            Files = [],
            Parity = new ModelCardParity(0, "", []),
            Data = new ModelCardData("", 0, 0, null),
            IntendedUse = "",
            Misuse = "",
            Recipe = recipe,
        };
        return JsonRecord.Read(source, rest, ModelCardJson.Default.ModelCard, others: ["schema", "recipe"]);
    }

    /// <summary>Refuses a model folder whose graphs are not the ones its card was written for.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="card">Its card.</param>
    /// <exception cref="FileNotFoundException">A graph is missing.</exception>
    /// <exception cref="InvalidDataException">A graph has another SHA-256 than the card says.</exception>
    public static void CheckFiles(string folder, ModelCard card)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(card);
        foreach (ModelCardFile file in card.Files)
        {
            string path = Path.Combine(folder, file.File);
            using FileStream stream = InputFile.Open(path, "a graph that the model card names");
            string found = Convert.ToHexStringLower(SHA256.HashData(stream));
            if (found != file.Sha256)
            {
                throw new InvalidDataException(
                    $"{path}: SHA-256 is {found}; expected {file.Sha256}, as {Path.Combine(folder, ModelCard.FileName)} says: "
                    + "the graph is not the one that was exported.");
            }
        }
    }
}
