namespace CrossModalVae.Onnx;

/// <summary>The names and numbers that an exported graph and its readers agree on (onnx/README.md).</summary>
public static class OnnxContract
{
    /// <summary>File format version of the graphs; ONNX Runtime 1.14 and later read it.</summary>
    public const int IrVersion = 8;

    /// <summary>Operator set version of the graphs.</summary>
    public const int OpsetVersion = 17;

    /// <summary>The producer written into every graph.</summary>
    public const string Producer = "CrossModalVae";

    /// <summary>The largest disagreement with the trainer that export accepts: max |graph - trainer| / max(1, |trainer|).</summary>
    public const double Tolerance = 1e-4;

    /// <summary>The batch sizes at which export compares graph and trainer.</summary>
    public static IReadOnlyList<int> ParityBatchSizes { get; } = [1, 7, 64];

    /// <summary>The file of the voice encoder in a model folder.</summary>
    public const string VoiceEncoderFile = "voice-encoder.onnx";

    /// <summary>The file of the face encoder in a model folder.</summary>
    public const string FaceEncoderFile = "face-encoder.onnx";

    /// <summary>The file of the shared decoder in a model folder.</summary>
    public const string DecoderFile = "decoder.onnx";

    /// <summary>Metadata key: the graph's role, one of voice-encoder, face-encoder, decoder.</summary>
    public const string RoleKey = "crossmodalvae.role";

    /// <summary>Metadata key: the schema of the contract.</summary>
    public const string SchemaKey = "crossmodalvae.schema";

    /// <summary>Metadata value of <see cref="SchemaKey"/>.</summary>
    public const string Schema = "crossmodalvae/onnx/1";

    /// <summary>Metadata key: SHA-256 of the recipe as used.</summary>
    public const string RecipeHashKey = "crossmodalvae.recipe_sha256";

    /// <summary>Metadata key: SHA-256 of the model's weights.</summary>
    public const string WeightsHashKey = "crossmodalvae.weights_sha256";

    /// <summary>Metadata key: the tolerance that the graph was accepted under.</summary>
    public const string ToleranceKey = "crossmodalvae.parity_tolerance";

    /// <summary>Name of the decoder's input, [B, D].</summary>
    public const string Latent = "latent";

    /// <summary>Name of an encoder's input, [B, F]: features as the front end delivers them.</summary>
    /// <param name="modality">Voice or face.</param>
    public static string Features(Modality modality) => $"{Prefix(modality)}_features";

    /// <summary>Name of an encoder's first output, the posterior mean [B, D].</summary>
    /// <param name="modality">Voice or face.</param>
    public static string Mean(Modality modality) => $"{Prefix(modality)}_mean";

    /// <summary>Name of an encoder's second output, the posterior log-variance [B, D].</summary>
    /// <param name="modality">Voice or face.</param>
    public static string LogVariance(Modality modality) => $"{Prefix(modality)}_log_variance";

    /// <summary>Name of a decoder's output, [B, F] in the front end's units.</summary>
    /// <param name="modality">Voice or face.</param>
    public static string Reconstruction(Modality modality) => $"{Prefix(modality)}_reconstruction";

    internal static string Prefix(Modality modality) => modality switch
    {
        Modality.Voice => "voice",
        Modality.Face => "face",
        _ => throw new ArgumentOutOfRangeException(nameof(modality), modality, "'modality' must be Voice or Face."),
    };
}
