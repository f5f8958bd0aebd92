using CrossModalVae.Files;
using CrossModalVae.Scoring.Encoders;

namespace CrossModalVae.Scoring;

/// <summary>Opens the graphs of a model folder, which follow <see cref="OnnxContract"/>.</summary>
internal static class ModelFolder
{
    /// <summary>A recipe beside the graphs, read in place of the card's where there is one.</summary>
    public const string RecipeFile = "recipe.json";

    /// <summary>Opens the copies of a model's pretrained encoders.</summary>
    /// <exception cref="InvalidDataException">The card does not name a copy, or it is not the recipe's.</exception>
    public static RecipeEncoders OpenFrontEnds(string folder, ModelCard card, StartedDevice device)
    {
        foreach ((string? path, Modality modality) in new[]
        {
            (card.Recipe.Voice.Encoder?.Path, Modality.Voice), (card.Recipe.Face.Encoder?.Path, Modality.Face),
        })
        {
            string file = OnnxContract.FrontEndFile(modality);
            if (path is not null && (path != file || !card.Files.Any(entry => entry.File == file)))
            {
                throw new InvalidDataException(
                    $"{Path.Combine(folder, ModelCard.FileName)}: the recipe has an encoder of the {EnumText.Of(modality)}, "
                    + $"and the folder no '{file}'; expected a copy of it, as 'cmvae export' writes it.");
            }
        }

        return RecipeEncoders.Open(card.Recipe, folder, device);
    }

    /// <summary>Opens a graph of a model folder and refuses one that is not ours, or not the card's.</summary>
    /// <exception cref="InvalidDataException">The card does not name the file, or the graph's metadata or tensors are others.</exception>
    public static OnnxEncoder Open(
        string folder, ModelCard card, string file, OnnxTensor input, IReadOnlyList<OnnxTensor> outputs, StartedDevice device)
    {
        if (!card.Files.Any(entry => entry.File == file))
        {
            throw new InvalidDataException(
                $"{Path.Combine(folder, ModelCard.FileName)}: names no '{file}'; "
                + $"has: {string.Join(", ", card.Files.Select(entry => entry.File))}.");
        }

        string path = Path.Combine(folder, file);
        var encoder = new OnnxEncoder(path, device, input.Length);
        try
        {
            CheckMetadata(path, encoder, OnnxContract.SchemaKey, OnnxContract.Schema);
            CheckMetadata(path, encoder, OnnxContract.RoleKey, OnnxContract.Role(file));
            CheckMetadata(path, encoder, OnnxContract.RecipeHashKey, card.RecipeHash);
            CheckMetadata(path, encoder, OnnxContract.WeightsHashKey, card.WeightsHash);
            CheckTensors(path, "inputs", encoder.Inputs, [input]);
            CheckTensors(path, "outputs", encoder.Outputs, outputs);
            return encoder;
        }
        catch (InvalidDataException)
        {
            encoder.Dispose();
            throw;
        }
    }

    private static void CheckMetadata(string path, OnnxEncoder encoder, string key, string expected)
    {
        if (!encoder.Metadata.TryGetValue(key, out string? found))
        {
            throw new InvalidDataException($"{path}: is no graph of CrossModalVae: it has no metadata '{key}'; expected '{expected}'.");
        }

        if (found != expected)
        {
            throw new InvalidDataException($"{path}: metadata '{key}' is '{found}'; expected '{expected}'.");
        }
    }

    private static void CheckTensors(string path, string what, IReadOnlyList<OnnxTensor> found, IReadOnlyList<OnnxTensor> expected)
    {
        if (!found.Select(Named).SequenceEqual(expected.Select(Named)))
        {
            throw new InvalidDataException($"{path}: {what} are {Describe(found)}; expected {Describe(expected)}, as the recipe has it.");
        }
    }

    private static (string, int) Named(OnnxTensor tensor) => (tensor.Name, tensor.Length);

    private static string Describe(IEnumerable<OnnxTensor> tensors) =>
        string.Join(", ", tensors.Select(tensor => $"{tensor.Name} [batch, {tensor.Length}]"));
}
