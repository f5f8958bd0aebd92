using CrossModalVae.Corpora;
using CrossModalVae.Faces;

namespace CrossModalVae.Pipelines.Bundles;

/// <summary>A clip of a manifest as the pipelines read it.</summary>
internal sealed class ClipRow
{
    [ColumnName("voice_path")]
    public string VoicePath { get; set; } = "";

    [ColumnName("start_s")]
    public double StartSeconds { get; set; }

    [ColumnName("duration_s")]
    public double DurationSeconds { get; set; } = double.NaN;

    [ColumnName("face_paths")]
    public string[] FacePaths { get; set; } = [];

    [ColumnName("face_boxes")]
    public float[] FaceBoxes { get; set; } = [];

    public static BundleColumns Columns { get; } = new()
    {
        StartSeconds = "start_s",
        DurationSeconds = "duration_s",
        FaceBoxes = "face_boxes",
    };

    public static ClipRow From(Manifest manifest, Clip clip) => new()
    {
        VoicePath = manifest.VoicePath(clip) ?? "",
        StartSeconds = clip.StartSeconds,
        DurationSeconds = clip.DurationSeconds ?? double.NaN,
        FacePaths = [.. manifest.FacePaths(clip)],
        FaceBoxes = [.. clip.FaceBoxes.SelectMany(Numbers)],
    };

    private static float[] Numbers(FaceBox? box) =>
        box is FaceBox b ? [b.Left, b.Top, b.Width, b.Height] : [float.NaN, float.NaN, float.NaN, float.NaN];
}
