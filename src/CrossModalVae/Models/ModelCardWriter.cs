using System.Text.Json.Nodes;
using CrossModalVae.Files;
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

        JsonObject json = JsonFile.Start(FileSchema.ModelCard);
        json["name"] = card.Name;
        json["description"] = card.Description;
        json["recipe_hash"] = card.RecipeHash;
        json["weights_hash"] = card.WeightsHash;
        json["opset"] = card.Opset;
        json["files"] = Array(card.Files, file => new JsonObject
        {
            ["file"] = file.File,
            ["sha256"] = file.Sha256,
            ["inputs"] = Array(file.Inputs, Tensor),
            ["outputs"] = Array(file.Outputs, Tensor),
        });
        json["parity"] = new JsonObject
        {
            ["tolerance"] = card.Parity.Tolerance,
            ["runtime"] = card.Parity.Runtime,
            ["measured"] = Array(card.Parity.Measured, one => new JsonObject
            {
                ["file"] = one.File,
                ["batch_size"] = one.BatchSize,
                ["largest_error"] = one.LargestError,
            }),
        };
        json["data"] = new JsonObject
        {
            ["description"] = card.Data.Description,
            ["identities"] = card.Data.Identities,
            ["clips"] = card.Data.Clips,
            ["licence"] = card.Data.Licence,
        };
        json["metrics"] = new JsonObject(card.Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal)
            .Select(metric => KeyValuePair.Create(metric.Key, (JsonNode?)metric.Value)));
        json["intended_use"] = card.IntendedUse;
        json["misuse"] = card.Misuse;
        json["recipe"] = RecipeWriter.ToJson(card.Recipe);
        return json;
    }

    private static JsonObject Tensor(ModelCardTensor tensor) => new()
    {
        ["name"] = tensor.Name,
        ["shape"] = new JsonArray([.. tensor.Shape.Select(size => (JsonNode?)size)]),
    };

    private static JsonArray Array<T>(IReadOnlyList<T> items, Func<T, JsonObject> convert) => new([.. items.Select(item => (JsonNode)convert(item))]);
}
