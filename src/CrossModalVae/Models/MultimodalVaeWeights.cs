using CrossModalVae.Recipes;

namespace CrossModalVae.Models;

/// <summary>A trained MS-VAE as plain arrays, independent of TorchSharp and ONNX Runtime: training fills it, export writes it.</summary>
/// <param name="Voice">The voice encoder.</param>
/// <param name="Face">The face encoder.</param>
/// <param name="Decoder">The shared decoder; null where the recipe trains none.</param>
public sealed record MultimodalVaeWeights(GaussianEncoderWeights Voice, GaussianEncoderWeights Face, SharedDecoderWeights? Decoder);

/// <summary>
/// The encoder of one modality, q(z|x) = N(mu(x), diag exp(logVar(x))): features as the front end delivers them are standardised by the
/// training statistics, go through the hidden layers, and end in two linear heads.
/// </summary>
/// <param name="Modality">Voice or face.</param>
/// <param name="Statistics">The input's statistics over the training split, applied first: [F], or with a tower one a bin or plane.</param>
/// <param name="Hidden">The hidden layers in order; the first takes F values, or the tower's.</param>
/// <param name="Mean">The head of the posterior mean, [D].</param>
/// <param name="LogVariance">The head of the posterior log-variance, [D].</param>
public sealed record GaussianEncoderWeights(
    Modality Modality,
    FeatureStatistics Statistics,
    IReadOnlyList<DenseLayer> Hidden,
    DenseLayer Mean,
    DenseLayer LogVariance)
{
    /// <summary>The convolutional network before the hidden layers; null for none.</summary>
    public TowerWeights? Tower { get; init; }

    /// <summary>F, features in.</summary>
    public int InputCount => Tower?.Input.RowLength ?? Statistics.Length;

    /// <summary>D, latent dimensions out.</summary>
    public int LatentDimension => Mean.OutputCount;

    /// <summary>What q(z|x) is, with this mean and log-variance.</summary>
    public PosteriorKind Posterior { get; init; }
}

/// <summary>
/// The decoder, x_hat = D(z): one network whose last layer gives [face; voice] in standardised units, split and brought back to the
/// front ends' units by the training statistics; or, with private parts of the latent space, one network a modality.
/// </summary>
/// <param name="Layers">
/// The layers in order; the last gives FaceLength + VoiceLength values, face first, less those of a modality that has a branch. With
/// <see cref="VoiceLayers"/> they are the face's alone.
/// </param>
/// <param name="FaceStatistics">The face features' training statistics.</param>
/// <param name="VoiceStatistics">The voice features' training statistics.</param>
public sealed record SharedDecoderWeights(
    IReadOnlyList<DenseLayer> Layers,
    FeatureStatistics FaceStatistics,
    FeatureStatistics VoiceStatistics)
{
    /// <summary>Latent dimensions in: D, or with private parts D + 2 P, in the order shared, the voice's, the face's.</summary>
    public int LatentDimension => (Layers.Count > 0 ? Layers[0] : FaceBranch!.Seed).InputCount + PrivateDimension;

    /// <summary>
    /// The voice's own layers, where each modality has a network, which takes the shared and its own private part; null for one network.
    /// </summary>
    public IReadOnlyList<DenseLayer>? VoiceLayers { get; init; }

    /// <summary>P, dimensions of a modality's private part; 0 for one network.</summary>
    public int PrivateDimension { get; init; }

    /// <summary>
    /// A convolutional decoder's part for pictures, after the hidden layers; null where a modality's numbers are the last layer's.
    /// </summary>
    public UpsamplingWeights? FaceBranch { get; init; }

    /// <summary>A convolutional decoder's part for frames.</summary>
    public UpsamplingWeights? VoiceBranch { get; init; }

    /// <summary>Numbers of a face that is decoded: its features, or with a tower one picture.</summary>
    public int FaceLength { get; init; } = FaceStatistics.Length;

    /// <summary>Numbers of a voice that is decoded: its features, or with a tower the frames of one example.</summary>
    public int VoiceLength { get; init; } = VoiceStatistics.Length;

    /// <summary>Whether a face's numbers are log-odds (a Bernoulli likelihood): probabilities are their logistic function.</summary>
    public bool FaceIsLogit { get; init; }

    /// <summary>Whether a voice's numbers are log-odds.</summary>
    public bool VoiceIsLogit { get; init; }
}

/// <summary>A fully connected layer as plain arrays: y = activation(x W^T + b).</summary>
/// <param name="Weight">[OutputCount, InputCount] row-major, PyTorch's layout.</param>
/// <param name="Bias">[OutputCount].</param>
/// <param name="InputCount">Inputs.</param>
/// <param name="OutputCount">Outputs.</param>
/// <param name="Activation">The activation.</param>
public sealed record DenseLayer(float[] Weight, float[] Bias, int InputCount, int OutputCount, Activation Activation);
