using CrossModalVae.Corpora;
using CrossModalVae.Features;

namespace CrossModalVae.Pipelines.Bundles;

/// <summary>A clip of a feature store as the pipelines read it; NaN where it lacks a modality, as the front ends' steps have it.</summary>
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
