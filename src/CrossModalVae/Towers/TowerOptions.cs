using System.Text.Json.Serialization;

namespace CrossModalVae.Towers;

/// <summary>The kind of a convolutional tower.</summary>
public enum TowerKind
{
    /// <summary>
    /// Voices: convolutions over time whose channels span all bins (a small x-vector network, Snyder et al. 2018); faces: 3 x 3
    /// convolutions that each halve the picture. Batch normalisation and ReLU after every convolution.
    /// </summary>
    Cnn,

    /// <summary>
    /// The light residual network with squeeze-excitation (He et al. 2016; Hu et al. 2018) as voxceleb_trainer sizes ResNetSE34L: 3, 4, 6
    /// and 3 blocks of 16, 32, 64 and 128 channels.
    /// </summary>
    ResnetSe34Light,

    /// <summary>
    /// VGG-M (Chatfield et al. 2014) as Learnable PINs uses it (Nagrani, Albanie, Zisserman 2018), with batch normalisation.
    /// </summary>
    VggM,

    /// <summary>
    /// Faces: the network of dlib's face descriptor (dlib_face_recognition_resnet by Davis King), 128 values. It has no normalisation
    /// and is not for random weights: training starts from those of a file that <c>cmvae encoder import face-api</c> writes.
    /// </summary>
    DlibResnet,
}

/// <summary>How a face tower's last plane, [channels, height, width], becomes a vector.</summary>
public enum PlanePooling
{
    /// <summary>The mean of every channel over the plane: where in the picture something is does not count.</summary>
    Mean,

    /// <summary>
    /// Every value of the plane, with a weight of its own in the layer that follows (ArcFace, Deng et al. 2019, section 3.2.2): for
    /// faces that are aligned or cropped alike, whose proportions tell people apart.
    /// </summary>
    Positions,
}

/// <summary>
/// A convolutional network before an encoder's hidden layers. A voice tower takes frames, [T, bins] of any T, and ends in the mean and
/// standard deviation of its channels over time; a face tower takes one picture, [planes, height, width], and ends as
/// <see cref="Pooling"/> says.
/// </summary>
public sealed record TowerOptions
{
    /// <summary>The network. Default a small convolutional one.</summary>
    public TowerKind Kind { get; init; } = TowerKind.Cnn;

    /// <summary>
    /// Channels of the network's stages; empty for the kind's own: cnn 256, 256, 256, 384 for voices and 32, 64, 128, 256 for faces,
    /// resnet-se34-light 16, 32, 64, 128, vgg-m 96, 256, 256, 256, 256, 1024, dlib-resnet 32, 64, 128, 256. Default empty.
    /// </summary>
    public IReadOnlyList<int> Channels { get; init; } = [];

    /// <summary>
    /// Voices: frames of the random part of a clip that a training step sees, drawn anew each time; 0 for the whole clip. Default 0.
    /// </summary>
    public int CropFrames { get; init; }

    /// <summary>
    /// Voices: how many evenly spaced parts of <see cref="CropFrames"/> are scored, whose posteriors are averaged; 1 for the whole clip at
    /// once. Default 1.
    /// </summary>
    public int ScoringCrops { get; init; } = 1;

    /// <summary>Faces: whether the mirrored picture is scored too, and both posteriors averaged. Default false.</summary>
    public bool ScoresMirrored { get; init; }

    /// <summary>Faces: how the last plane becomes a vector. Default the mean over the picture.</summary>
    [JsonPropertyOrder(1)]
    public PlanePooling Pooling { get; init; }

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.OneOf(Kind);
        faults.OneOf(Pooling);
        faults.Check(
            Kind != TowerKind.DlibResnet || Pooling == PlanePooling.Mean,
            nameof(Pooling),
            Pooling,
            "must be Mean with dlib-resnet, whose last layer takes it");
        int stages = TowerArchitecture.StagesOf(Kind);
        faults.Check(
            Channels.Count == 0 || (stages == 0 ? Channels.Count <= MostStages : Channels.Count == stages),
            nameof(Channels),
            $"[{string.Join(", ", Channels)}]",
            $"must have {(stages == 0 ? $"at most {MostStages}" : $"{stages}")} widths, or none for the kind's own");
        faults.Check(
            Channels.All(width => width is >= 1 and <= MostChannels),
            nameof(Channels),
            $"[{string.Join(", ", Channels)}]",
            $"every width must be 1 to {MostChannels}");
        faults.AtLeast(CropFrames, 0);
        faults.Within(ScoringCrops, 1, MostCrops);
        faults.Check(
            ScoringCrops == 1 || CropFrames > 0, nameof(ScoringCrops), ScoringCrops, "parts need a length: set 'CropFrames', or score 1");
        faults.ThrowIfAny();
    }

    private const int MostStages = 12;
    private const int MostChannels = 8192;
    private const int MostCrops = 100;
}
