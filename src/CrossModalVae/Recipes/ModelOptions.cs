using System.Text.Json.Serialization;
using CrossModalVae.Towers;

namespace CrossModalVae.Recipes;

/// <summary>The architecture of a recipe. Defaults are the report's for a 512-bin voice and a 23 x 23 face.</summary>
public sealed record ModelOptions
{
    /// <summary>D, latent dimensions. Default 100.</summary>
    public int LatentDimension { get; init; } = 100;

    /// <summary>Widths of the voice encoder's hidden layers. Default 512, 512, 512.</summary>
    public IReadOnlyList<int> VoiceHidden { get; init; } = [512, 512, 512];

    /// <summary>Widths of the face encoder's hidden layers. Default 529, 529, 257, 257.</summary>
    public IReadOnlyList<int> FaceHidden { get; init; } = [529, 529, 257, 257];

    /// <summary>
    /// Widths of the shared decoder's hidden layers; a last layer to [face; voice] follows. Default 529, 529, 529, 1041, 1041.
    /// </summary>
    public IReadOnlyList<int> DecoderHidden { get; init; } = [529, 529, 529, 1041, 1041];

    /// <summary>The activation after every hidden layer. Default ReLU.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Share of hidden units dropped in training, 0 to below 1; absent from the exported graph. Default 0.</summary>
    public double Dropout { get; init; }

    /// <summary>How an example of a modality with a tower is decoded. Default by fully connected layers.</summary>
    [JsonPropertyOrder(1)]
    public DecoderKind Decoder { get; init; } = DecoderKind.Mlp;

    /// <summary>
    /// P, dimensions of each modality's private part of the latent space, beside the D shared ones, which alone are the embedding; each
    /// modality then has a decoder of its own, with hidden layers of <see cref="DecoderHidden"/>. Above 0 with the bounds MmvaePlus,
    /// Dmvae and Conditional only. Default 0.
    /// </summary>
    [JsonPropertyOrder(1)]
    public int PrivateDimension { get; init; }

    /// <summary>
    /// The convolutional network before the voice encoder's hidden layers; it takes frames, so that the voice front end must not pool.
    /// Default null, none.
    /// </summary>
    [JsonPropertyOrder(1)]
    public TowerOptions? VoiceTower { get; init; }

    /// <summary>The convolutional network before the face encoder's hidden layers. Default null, none.</summary>
    [JsonPropertyOrder(1)]
    public TowerOptions? FaceTower { get; init; }

    /// <summary>Numbers of a point that is decoded: [shared, the voice's private, the face's private].</summary>
    internal int DecodedDimension => LatentDimension + (2 * PrivateDimension);

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.AtLeast(LatentDimension, 1);
        faults.AtLeast(PrivateDimension, 0);
        CheckWidths(faults, nameof(VoiceHidden), VoiceHidden);
        CheckWidths(faults, nameof(FaceHidden), FaceHidden);
        CheckWidths(faults, nameof(DecoderHidden), DecoderHidden);
        faults.OneOf(Activation);
        faults.AtLeastAndBelow(Dropout, 0, 1);
        faults.OneOf(Decoder);
        faults.Check(
            Decoder == DecoderKind.Mlp || VoiceTower is not null || FaceTower is not null,
            nameof(Decoder),
            Decoder,
            "a convolutional one needs a tower, whose examples it restores");
        Check(faults, nameof(VoiceTower), VoiceTower);
        Check(faults, nameof(FaceTower), FaceTower);
        faults.Check(VoiceTower?.ScoresMirrored != true, "VoiceTower.ScoresMirrored", true, "must be false: a voice has no mirror image");
        faults.Check(
            VoiceTower is null or { Pooling: PlanePooling.Mean },
            "VoiceTower.Pooling",
            EnumText.Of(PlanePooling.Positions),
            "is for faces: a voice of any length ends in its mean and deviation over time");
        faults.Check(
            VoiceTower?.Kind != TowerKind.DlibResnet, "VoiceTower.Kind", TowerKind.DlibResnet, "must be another: it takes pictures");
        faults.Check(
            FaceTower is not { CropFrames: > 0 },
            "FaceTower.CropFrames",
            FaceTower?.CropFrames,
            "must be 0: a face has no frames over time");
        faults.ThrowIfAny();
    }

    private static void Check(OptionFaults faults, string name, TowerOptions? tower)
    {
        try
        {
            tower?.Validate();
        }
        catch (ArgumentException e) when (UserError.IsMarked(e))
        {
            faults.Add($"'{name}': {e.Message}");
        }
    }

    private static void CheckWidths(OptionFaults faults, string name, IReadOnlyList<int> widths) =>
        faults.Check(widths.All(width => width >= 1), name, $"[{string.Join(", ", widths)}]", "every width must be >= 1");
}

/// <summary>How the shared decoder ends.</summary>
public enum DecoderKind
{
    /// <summary>In one fully connected layer to [face; voice] (the report).</summary>
    Mlp,

    /// <summary>
    /// For modalities with a tower in transposed convolutions from a small plane of 256 channels, each doubling the picture's sides or the
    /// voice's frames, with batch normalisation and ReLU.
    /// </summary>
    Convolutional,
}

/// <summary>The activation after a layer's affine map.</summary>
public enum Activation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>tanh(x).</summary>
    Tanh,
}
