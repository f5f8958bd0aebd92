namespace CrossModalVae.Pipelines;

/// <summary>What <see cref="SavableCatalog.SavableFaceTensor"/> adds.</summary>
public sealed class SavableFaceFeatures
{
    /// <summary>Column face_features, [529]; NaN where the face is missing.</summary>
    [ColumnName(OnnxContract.FaceFeatures)]
    [VectorType(SavableCatalog.FaceFeatureCount)]
    public float[] FaceFeatures { get; set; } = [];
}
