using System.Text.Json.Nodes;
using CrossModalVae.Recipes;

namespace CrossModalVae.Models;

/// <summary>Writes card.json of a model folder: the same card gives the same bytes.</summary>
public static class ModelCardWriter
{
    /// <summary>Writes the card.</summary>
    /// <param name="folder">The model folder; created where missing.</param>
    /// <param name="card">The card.</param>
    /// <exception cref="ArgumentException">The card does not follow its schema, or its hash is not its recipe's.</exception>
    /// <exception cref="IOException">The file cannot be written; it is as it was before.</exception>
    public static void Write(string folder, ModelCard card)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        JsonFile.Write(Path.Combine(folder, ModelCard.FileName), FileSchema.ModelCard, ToJson(card));
    }

    private static JsonObject ToJson(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        string hash = RecipeHash.Compute(card.Recipe);
        if (card.RecipeHash != hash)
        {
            throw new ArgumentException($"'RecipeHash' is {card.RecipeHash}; must be {hash}, the hash of 'Recipe'.", nameof(card));
        }

        var metrics = new SortedDictionary<string, double>(card.Metrics.ToDictionary(), StringComparer.Ordinal);
        JsonObject json = JsonRecord.Write(card with { Metrics = metrics }, null, ModelCardJson.Default.ModelCard);
        if (card.Collapse == PosteriorCollapse.None)
        {
            json.Remove("collapse"); // these came later: a card without them keeps its bytes
        }

        if (card.Notes.Count == 0)
        {
            json.Remove("notes");
        }

        json["recipe"] = RecipeWriter.ToJson(card.Recipe);
        if (card.Data.Skipped is null)
        {
            json["data"]!.AsObject().Remove("skipped");
        }

        json.Insert(0, "schema", FileSchema.Id(FileSchema.ModelCard));
        return json;
    }
}
