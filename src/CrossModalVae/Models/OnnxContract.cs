namespace CrossModalVae.Models;

/// <summary>
/// The names and numbers that exported graphs and their readers agree on (onnx/README.md). Shapes: B rows, F features as the front end
/// delivers them, D latent dimensions.
/// </summary>
internal static class OnnxContract
{
    /// <summary>File format version of the graphs; ONNX Runtime 1.14 and later read it.</summary>
    public const int IrVersion = 8;

    public const int OpsetVersion = 17;

    public const string Producer = "CrossModalVae";

    /// <summary>The largest disagreement with the trainer that export accepts: max |graph - trainer| / max(1, |trainer|).</summary>
    public const double Tolerance = 1e-4;

    public const string VoiceEncoderFile = "voice-encoder.onnx";
    public const string FaceEncoderFile = "face-encoder.onnx";
    public const string DecoderFile = "decoder.onnx";

    // Copies of a recipe's pretrained encoders.
    public const string VoiceFrontEndFile = "voice-front-end.onnx";
    public const string FaceFrontEndFile = "face-front-end.onnx";

    // Front end and encoder in one graph.
    public const string VoiceFusedFile = "voice-fused.onnx";
    public const string FaceFusedFile = "face-fused.onnx";

    // Metadata keys.
    public const string RoleKey = "crossmodalvae.role";
    public const string SchemaKey = "crossmodalvae.schema";
    public const string RecipeHashKey = "crossmodalvae.recipe_sha256";
    public const string WeightsHashKey = "crossmodalvae.weights_sha256";
    public const string ToleranceKey = "crossmodalvae.parity_tolerance";

    // Metadata keys of a fused graph: what its input is.
    public const string SampleRateKey = "crossmodalvae.sample_rate_hz";
    public const string InputKey = "crossmodalvae.input";

    // Metadata keys of a pretrained encoder, which let a recipe be short.
    public const string EncoderPresetKey = "crossmodalvae.encoder.preset";
    public const string EncoderLicenceKey = "crossmodalvae.encoder.licence";
    public const string EncoderSourceKey = "crossmodalvae.encoder.source";

    /// <summary>The value of <see cref="SchemaKey"/>.</summary>
    public const string Schema = "crossmodalvae/onnx/1";

    // Encoders: input [B, F], outputs [B, D].
    public const string VoiceFeatures = "voice_features";
    public const string VoiceMean = "voice_mean";
    public const string VoiceLogVariance = "voice_log_variance";
    public const string FaceFeatures = "face_features";
    public const string FaceMean = "face_mean";
    public const string FaceLogVariance = "face_log_variance";

    // Fused graphs: inputs [B, n] of samples and [B, H, W, 3] of uint8, outputs as the encoders'.
    public const string VoiceSamples = "voice_samples";
    public const string FacePixels = "face_pixels";

    // Decoder: input [B, D], outputs [B, F] in the front ends' units.
    public const string Latent = "latent";
    public const string FaceReconstruction = "face_reconstruction";
    public const string VoiceReconstruction = "voice_reconstruction";

    /// <summary>The batch sizes at which export compares graph and trainer.</summary>
    public static IReadOnlyList<int> ParityBatchSizes { get; } = [1, 7, 64];

    /// <summary>The value of <see cref="RoleKey"/> in a file of a model folder: voice-encoder, face-encoder or decoder.</summary>
    public static string Role(string file) => Path.GetFileNameWithoutExtension(file);

    public static string EncoderFile(Modality modality) => Of(modality, VoiceEncoderFile, FaceEncoderFile);

    public static string FrontEndFile(Modality modality) => Of(modality, VoiceFrontEndFile, FaceFrontEndFile);

    public static string FusedFile(Modality modality) => Of(modality, VoiceFusedFile, FaceFusedFile);

    public static string Features(Modality modality) => Of(modality, VoiceFeatures, FaceFeatures);

    public static string Mean(Modality modality) => Of(modality, VoiceMean, FaceMean);

    public static string LogVariance(Modality modality) => Of(modality, VoiceLogVariance, FaceLogVariance);

    private static string Of(Modality modality, string voice, string face) => modality switch
    {
        Modality.Voice => voice,
        Modality.Face => face,
        _ => throw new ArgumentOutOfRangeException(nameof(modality), modality, "'modality' must be Voice or Face."),
    };
}
