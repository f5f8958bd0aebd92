using CrossModalVae.Corpora;
using CrossModalVae.Faces;
using CrossModalVae.Features;

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

/// <summary>A clip of a feature store as the pipelines read it; NaN where it lacks a modality, as the front ends' steps give it.</summary>
internal sealed class FeatureRow
{
    [ColumnName(OnnxContract.VoiceFeatures)]
    public float[] Voice { get; set; } = [];

    [ColumnName(OnnxContract.FaceFeatures)]
    public float[] Face { get; set; } = [];

    public static SchemaDefinition Definition(int voiceLength, int faceLength)
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(FeatureRow));
        definition[OnnxContract.VoiceFeatures].ColumnType = new VectorDataViewType(NumberDataViewType.Single, voiceLength);
        definition[OnnxContract.FaceFeatures].ColumnType = new VectorDataViewType(NumberDataViewType.Single, faceLength);
        return definition;
    }

    public static FeatureRow From(FeatureStore features, Clip clip)
    {
        var row = new FeatureRow { Voice = new float[features.VoiceLength], Face = new float[features.FaceLength] };
        if (!features.ReadVoice(clip, row.Voice))
        {
            row.Voice.AsSpan().Fill(float.NaN);
        }

        if (!features.ReadFace(clip, row.Face))
        {
            row.Face.AsSpan().Fill(float.NaN);
        }

        return row;
    }
}
