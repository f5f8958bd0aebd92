using Microsoft.ML.Transforms;

namespace CrossModalVae.Pipelines;

/// <summary>
/// Front ends and joint embedding as ML.NET can save them: <c>ml.Model.Save</c> writes them by a contract name, <c>ml.Model.Load</c> in a
/// fresh MLContext finds them where this assembly is referenced. With ML.NET's ApplyOnnxModel between them a whole pipeline is saved in
/// one zip. ML.NET's limits: options and column names are fixed, those of the report (voice 512, face 529, latent 100, the exported
/// graphs' names), and rows are computed one at a time. For other recipes keep recipe and model
/// folder and use <see cref="ScoringModel"/>.
/// </summary>
public static class SavableCatalog
{
    /// <summary>Values of a voice's features: the report's front end.</summary>
    public const int VoiceFeatureCount = 512;

    /// <summary>Values of a face's features: the report's front end.</summary>
    public const int FaceFeatureCount = 529;

    /// <summary>Latent dimensions of the report's model.</summary>
    public const int LatentDimension = 100;

    /// <summary>
    /// The report's voice front end: column voice_path (String) to voice_features, Vector of 512 Single; an empty path gives NaN.
    /// </summary>
    /// <param name="catalog">ML.NET's transforms.</param>
    public static CustomMappingEstimator<SavableVoicePath, SavableVoiceFeatures> SavableVoiceSpectrogram(this TransformsCatalog catalog) =>
        catalog.CustomMapping(new SavableVoiceSpectrogramFactory().GetMapping(), SavableVoiceSpectrogramFactory.Contract);

    /// <summary>
    /// The report's face front end: column face_paths (Vector of String) to face_features, Vector of 529 Single; no path gives NaN.
    /// </summary>
    /// <param name="catalog">ML.NET's transforms.</param>
    public static CustomMappingEstimator<SavableFacePaths, SavableFaceFeatures> SavableFaceTensor(this TransformsCatalog catalog) =>
        catalog.CustomMapping(new SavableFaceTensorFactory().GetMapping(), SavableFaceTensorFactory.Contract);

    /// <summary>
    /// The joint embedding of 100 dimensions: columns voice_features, face_features and both posteriors under the exported graphs' names to
    /// joint_embedding. A modality whose features are NaN is missing, whatever the graph made of it. See <see cref="JointPosterior"/>.
    /// </summary>
    /// <param name="catalog">ML.NET's transforms.</param>
    /// <param name="kind">How both become one. Default: the mean of directions.</param>
    /// <exception cref="ArgumentException">The kind is none of them.</exception>
    public static CustomMappingEstimator<SavablePosteriors, SavableJointEmbedding> SavableJointEmbedding(
        this TransformsCatalog catalog, JointEmbedding kind = JointEmbedding.MeanOfDirections) => kind switch
        {
            JointEmbedding.MeanOfDirections =>
                catalog.CustomMapping(new SavableMeanOfDirectionsFactory().GetMapping(), SavableMeanOfDirectionsFactory.Contract),
            JointEmbedding.ProductOfExperts =>
                catalog.CustomMapping(new SavableProductOfExpertsFactory().GetMapping(), SavableProductOfExpertsFactory.Contract),
            _ => throw new ArgumentException($"'kind' is {kind}; must be one of {string.Join(", ", Enum.GetNames<JointEmbedding>())}."),
        };
}
