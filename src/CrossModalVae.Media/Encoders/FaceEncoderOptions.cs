using System.Text.Json.Serialization;

namespace CrossModalVae.Encoders;

/// <summary>Layouts of face encoders by name: a preset says how a picture is laid out, and has no weights.</summary>
public enum FaceEncoderPreset
{
    /// <summary>None: the encoder's file names one in its metadata, or the other options say everything.</summary>
    None,

    /// <summary>
    /// ArcFace as InsightFace runs it (python-package, model_zoo/arcface_onnx.py): [3, 112, 112], RGB, (x - 127.5) / 127.5.
    /// </summary>
    Arcface,

    /// <summary>
    /// The same in BGR, as AdaFace (mk-minchul/AdaFace, inference.py) and other networks trained on OpenCV's order take it.
    /// </summary>
    ArcfaceBgr,

    /// <summary>FaceNet as timesler/facenet-pytorch runs it (fixed_image_standardization): [3, 160, 160], RGB, (x - 127.5) / 128.</summary>
    Facenet,

    /// <summary>dlib's descriptor (dlib/dnn/input.h, input_rgb_image_sized): [3, 150, 150], RGB, (x - 122.782, 117.001, 104.298) /
    /// 256.</summary>
    Dlib,

    /// <summary>The same network as @vladmandic/face-api runs it (FaceRecognitionNet.ts), which divides by 255.</summary>
    FaceApi,
}

/// <summary>The order of a picture's axes.</summary>
public enum ImageLayout
{
    /// <summary>As the preset has it, or the shape of the graph's input.</summary>
    Auto,

    /// <summary>[batch, channels, height, width].</summary>
    Nchw,

    /// <summary>[batch, height, width, channels].</summary>
    Nhwc,
}

/// <summary>The order of a picture's colour channels.</summary>
public enum ColourOrder
{
    /// <summary>As the preset has it.</summary>
    Auto,

    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red.</summary>
    Bgr,
}

/// <summary>
/// A pretrained face network as a frozen front end: each frame becomes a square crop, the crop a vector, and the mean of the vectors of a
/// clip's frames its features. What is left at its default comes from the preset, and that from the file's metadata; a recipe as used has
/// every option and no preset.
/// </summary>
public sealed record FaceEncoderOptions
{
    /// <summary>The largest <see cref="Size"/>.</summary>
    public const int LargestSize = 1024;

    /// <summary>The ONNX file. Default empty: it is named where the recipe is used.</summary>
    [JsonPropertyOrder(1)]
    public string Path { get; init; } = "";

    /// <summary>The layout by name. Default none.</summary>
    [JsonPropertyOrder(1)]
    public FaceEncoderPreset Preset { get; init; }

    /// <summary>The order of axes. Default auto.</summary>
    [JsonPropertyOrder(1)]
    public ImageLayout Layout { get; init; }

    /// <summary>Width and height of the picture in pixels, 0 to <see cref="LargestSize"/>; 0 takes the preset's or the graph's. Default
    /// 0.</summary>
    [JsonPropertyOrder(1)]
    public int Size { get; init; }

    /// <summary>The order of channels. Default auto.</summary>
    [JsonPropertyOrder(1)]
    public ColourOrder ColourOrder { get; init; }

    /// <summary>What is subtracted from red, green and blue, of 0 to 255, in this order whatever <see cref="ColourOrder"/> is; empty takes
    /// the preset's. Default empty.</summary>
    [JsonPropertyOrder(1)]
    public IReadOnlyList<double> Mean
    {
        get;
        init => field = value.Count == 0 ? [] : value;
    }
    = [];

    /// <summary>What red, green and blue are then divided by, each above 0; empty takes the preset's. Default empty.</summary>
    [JsonPropertyOrder(1)]
    public IReadOnlyList<double> Deviation
    {
        get;
        init => field = value.Count == 0 ? [] : value;
    }
    = [];

    /// <summary>The graph's input; may be empty where it has one. Default empty.</summary>
    [JsonPropertyOrder(1)]
    public string Input { get; init; } = "";

    /// <summary>The output that is the vector; may be empty where the graph has one. Default empty.</summary>
    [JsonPropertyOrder(1)]
    public string Output { get; init; } = "";

    /// <summary>What becomes of each vector before averaging. Default auto.</summary>
    [JsonPropertyOrder(1)]
    public VectorNormalisation Vector { get; init; }

    /// <summary>Whether each frame is scored mirrored too. Default no.</summary>
    [JsonPropertyOrder(1)]
    public bool Mirror { get; init; }

    /// <summary>Where a manifest has boxes: how much larger the square crop is than the box's longer side, -0.5 to 4; 0.5 adds a quarter at
    /// each end. What lies outside of the picture is black. Default 0.</summary>
    [JsonPropertyOrder(1)]
    public double BoxMargin { get; init; }

    /// <summary>Where there is no box: the side of the square in the middle of the frame, as a share of the frame's shorter side, 0.1 to 1.
    /// Default 1.</summary>
    [JsonPropertyOrder(1)]
    public double CenterShare { get; init; } = 1;

    /// <summary>SHA-256 of the file that is expected, 64 lower-case hexadecimal digits; empty accepts any. Default empty.</summary>
    [JsonPropertyOrder(1)]
    public string Sha256 { get; init; } = "";

    /// <summary>The weights' licence, for the model card; empty takes the file's metadata. Default empty.</summary>
    [JsonPropertyOrder(1)]
    public string Licence { get; init; } = "";

    /// <summary>Where the weights come from, for the model card; empty takes the file's metadata. Default empty.</summary>
    [JsonPropertyOrder(1)]
    public string Source { get; init; } = "";

    /// <summary>Whether nothing is left to preset and file.</summary>
    internal bool IsResolved => Size > 0
        && Layout != ImageLayout.Auto
        && ColourOrder != ColourOrder.Auto
        && Vector != VectorNormalisation.Auto
        && Mean.Count == 3
        && Deviation.Count == 3;

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Member(Preset);
        faults.Member(Layout);
        faults.Within(Size, 0, LargestSize);
        faults.Member(ColourOrder);
        Check(faults, nameof(Mean), Mean, double.IsFinite, "be finite");
        Check(faults, nameof(Deviation), Deviation, value => value > 0 && double.IsFinite(value), "be above 0");
        faults.Member(Vector);
        faults.Within(BoxMargin, -0.5, 4);
        faults.Within(CenterShare, 0.1, 1);
        faults.Add(EncoderHash.Faults(Sha256));
        faults.ThrowIfAny();
    }

    private static void Check(
        OptionFaults faults, string name, IReadOnlyList<double> values, Func<double, bool> isValid, string constraint) =>
        faults.Check(
            values.Count is 0 or 3 && values.All(isValid),
            name,
            $"[{string.Join(", ", values.Select(value => value.ToString(CultureInfo.InvariantCulture)))}]",
            $"must be three numbers, red, green and blue, and each {constraint}, or none");

    /// <summary>The layout of a preset: its options less paths, crops and hashes.</summary>
    internal static FaceEncoderOptions Of(FaceEncoderPreset preset) => preset switch
    {
        FaceEncoderPreset.None => new(),
        FaceEncoderPreset.Arcface => Square(112, ColourOrder.Rgb, [127.5, 127.5, 127.5], 127.5, VectorNormalisation.UnitLength),
        FaceEncoderPreset.ArcfaceBgr => Square(112, ColourOrder.Bgr, [127.5, 127.5, 127.5], 127.5, VectorNormalisation.UnitLength),
        FaceEncoderPreset.Facenet => Square(160, ColourOrder.Rgb, [127.5, 127.5, 127.5], 128, VectorNormalisation.UnitLength),
        FaceEncoderPreset.Dlib => Square(150, ColourOrder.Rgb, [122.782, 117.001, 104.298], 256, VectorNormalisation.None),
        FaceEncoderPreset.FaceApi => Square(150, ColourOrder.Rgb, [122.782, 117.001, 104.298], 255, VectorNormalisation.None),
        _ => throw new ArgumentOutOfRangeException(nameof(preset), preset, "'preset' is no face encoder's."),
    };

    private static FaceEncoderOptions Square(
        int size, ColourOrder order, double[] mean, double deviation, VectorNormalisation vector) => new()
        {
            Layout = ImageLayout.Nchw,
            Size = size,
            ColourOrder = order,
            Mean = mean,
            Deviation = [deviation, deviation, deviation],
            Vector = vector,
        };
}

/// <summary>Hashes of encoder files as recipes state them.</summary>
internal static class EncoderHash
{
    private const int Digits = 64;

    public static IEnumerable<string> Faults(string sha256) =>
        sha256.Length == 0 || (sha256.Length == Digits && sha256.All(digit => char.IsAsciiDigit(digit) || digit is >= 'a' and <= 'f'))
            ? []
            : [$"'Sha256' is {sha256}; must be 64 lower-case hexadecimal digits, or empty."];
}
