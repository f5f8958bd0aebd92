using System.Text.Json.Nodes;

namespace CrossModalVae.Models;

/// <summary>
/// What computed the embeddings of a folder: origin.json beside the matrix (data-schemas/embedding-origin.schema.json), written by
/// <c>cmvae embed</c> and carried on into galleries.
/// </summary>
/// <param name="Model">The model's name.</param>
/// <param name="RecipeHash">The hash of its recipe.</param>
/// <param name="WeightsHash">The hash of its weights.</param>
/// <param name="Collapse">Which of its encoders collapsed in training.</param>
public sealed record EmbeddingOrigin(string Model, string RecipeHash, string WeightsHash, PosteriorCollapse Collapse)
{
    /// <summary>The file's name in an embedding folder or a gallery.</summary>
    public const string FileName = "origin.json";

    /// <summary>What a model's card says.</summary>
    /// <param name="card">The card.</param>
    public static EmbeddingOrigin Of(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        return new EmbeddingOrigin(card.Name, card.RecipeHash, card.WeightsHash, card.Collapse);
    }

    /// <summary>Reads a folder's; null where it has none, as embeddings that another program wrote.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InvalidDataException">The file does not follow its schema.</exception>
    public static EmbeddingOrigin? Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        StrictJson json = JsonFile.Read(path, FileSchema.EmbeddingOrigin);
        return new EmbeddingOrigin(
            json["model"].AsString(),
            json["recipe_hash"].AsString(),
            json["weights_hash"].AsString(),
            json["collapse"].AsEnum<PosteriorCollapse>());
    }

    /// <summary>Refuses embeddings of another model than this one's: their numbers have nothing to do with each other.</summary>
    /// <param name="folder">The folder of embeddings or the gallery.</param>
    /// <exception cref="InvalidDataException">The folder's embeddings are of other weights.</exception>
    internal void Require(string folder)
    {
        if (Read(folder) is EmbeddingOrigin found && found.WeightsHash != WeightsHash)
        {
            throw new InvalidDataException(
                $"{Path.Combine(folder, FileName)}: the embeddings are of '{found.Model}', weights {found.WeightsHash[..12]}; "
                + $"expected those of '{Model}', weights {WeightsHash[..12]}.");
        }
    }

    /// <summary>Writes it into a folder that exists.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        JsonObject json = JsonFile.Start(FileSchema.EmbeddingOrigin);
        json["model"] = Model;
        json["recipe_hash"] = RecipeHash;
        json["weights_hash"] = WeightsHash;
        json["collapse"] = EnumText.Of(Collapse);
        JsonFile.Write(Path.Combine(folder, FileName), FileSchema.EmbeddingOrigin, json);
    }
}
