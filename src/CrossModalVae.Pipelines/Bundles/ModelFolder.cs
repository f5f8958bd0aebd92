using CrossModalVae.Models;

namespace CrossModalVae.Pipelines.Bundles;

/// <summary>
/// The graph contract of a model folder (onnx/README.md) as its reader needs it. The exporter writes the same names; a test holds both
/// against each other, because the two projects never see each other.
/// </summary>
internal static class ModelFolder
{
    public const string RecipeFile = "recipe.json";
    public const string VoiceEncoderFile = "voice-encoder.onnx";
    public const string FaceEncoderFile = "face-encoder.onnx";
    public const string DecoderFile = "decoder.onnx";

    public const string RoleKey = "crossmodalvae.role";
    public const string SchemaKey = "crossmodalvae.schema";
    public const string Schema = "crossmodalvae/onnx/1";
    public const string RecipeHashKey = "crossmodalvae.recipe_sha256";
    public const string WeightsHashKey = "crossmodalvae.weights_sha256";

    public const string VoiceFeatures = "voice_features";
    public const string VoiceMean = "voice_mean";
    public const string VoiceLogVariance = "voice_log_variance";
    public const string FaceFeatures = "face_features";
    public const string FaceMean = "face_mean";
    public const string FaceLogVariance = "face_log_variance";
    public const string Latent = "latent";
    public const string FaceReconstruction = "face_reconstruction";
    public const string VoiceReconstruction = "voice_reconstruction";

    /// <summary>Opens a graph of a model folder and refuses one that is not ours, or not the card's.</summary>
    /// <exception cref="InvalidDataException">The card does not name the file, or the graph's metadata or tensors are others.</exception>
    public static OnnxEncoder Open(
        string folder, ModelCard card, string file, OnnxTensor input, IReadOnlyList<OnnxTensor> outputs, ExecutionDevice device)
    {
        if (!card.Files.Any(entry => entry.File == file))
        {
            throw new InvalidDataException(
                $"{Path.Combine(folder, ModelCard.FileName)}: names no '{file}'; has: {string.Join(", ", card.Files.Select(entry => entry.File))}.");
        }

        string path = Path.Combine(folder, file);
        var encoder = new OnnxEncoder(path, device);
        try
        {
            CheckMetadata(path, encoder, SchemaKey, Schema);
            CheckMetadata(path, encoder, RoleKey, Path.GetFileNameWithoutExtension(file));
            CheckMetadata(path, encoder, RecipeHashKey, card.RecipeHash);
            CheckMetadata(path, encoder, WeightsHashKey, card.WeightsHash);
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
        if (!found.SequenceEqual(expected))
        {
            throw new InvalidDataException($"{path}: {what} are {Describe(found)}; expected {Describe(expected)}, as the recipe has it.");
        }
    }

    private static string Describe(IEnumerable<OnnxTensor> tensors) =>
        string.Join(", ", tensors.Select(tensor => $"{tensor.Name} [batch, {tensor.Length}]"));
}
