namespace CrossModalVae.Models;

/// <summary>
/// The names and numbers that an exported graph and its readers agree on (onnx/README.md): the exporter writes by them, the pipelines read
/// by them.
/// </summary>
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

    /// <summary>Name of the voice encoder's input, [B, F]: features as the front end delivers them.</summary>
    public const string VoiceFeatures = "voice_features";

    /// <summary>Name of the voice encoder's first output, the posterior mean [B, D].</summary>
    public const string VoiceMean = "voice_mean";

    /// <summary>Name of the voice encoder's second output, the posterior log-variance [B, D].</summary>
    public const string VoiceLogVariance = "voice_log_variance";

    /// <summary>Name of the face encoder's input, [B, F]: features as the front end delivers them.</summary>
    public const string FaceFeatures = "face_features";

    /// <summary>Name of the face encoder's first output, the posterior mean [B, D].</summary>
    public const string FaceMean = "face_mean";

    /// <summary>Name of the face encoder's second output, the posterior log-variance [B, D].</summary>
    public const string FaceLogVariance = "face_log_variance";

    /// <summary>Name of the decoder's input, [B, D].</summary>
    public const string Latent = "latent";

    /// <summary>Name of the decoder's first output, [B, F] in the face front end's units.</summary>
    public const string FaceReconstruction = "face_reconstruction";

    /// <summary>Name of the decoder's second output, [B, F] in the voice front end's units.</summary>
    public const string VoiceReconstruction = "voice_reconstruction";

    /// <summary>The value of <see cref="RoleKey"/> in a file of a model folder.</summary>
    /// <param name="file">One of the three file names.</param>
    public static string Role(string file) => Path.GetFileNameWithoutExtension(file);

    /// <summary>The file of an encoder.</summary>
    /// <param name="modality">Voice or face.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another modality.</exception>
    public static string EncoderFile(Modality modality) => Of(modality, VoiceEncoderFile, FaceEncoderFile);

    /// <summary>Name of an encoder's input.</summary>
    /// <param name="modality">Voice or face.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another modality.</exception>
    public static string Features(Modality modality) => Of(modality, VoiceFeatures, FaceFeatures);

    /// <summary>Name of an encoder's first output.</summary>
    /// <param name="modality">Voice or face.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another modality.</exception>
    public static string Mean(Modality modality) => Of(modality, VoiceMean, FaceMean);

    /// <summary>Name of an encoder's second output.</summary>
    /// <param name="modality">Voice or face.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another modality.</exception>
    public static string LogVariance(Modality modality) => Of(modality, VoiceLogVariance, FaceLogVariance);

    private static string Of(Modality modality, string voice, string face) => modality switch
    {
        Modality.Voice => voice,
        Modality.Face => face,
        _ => throw new ArgumentOutOfRangeException(nameof(modality), modality, "'modality' must be Voice or Face."),
    };
}
