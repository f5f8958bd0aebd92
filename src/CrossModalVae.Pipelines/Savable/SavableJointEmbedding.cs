namespace CrossModalVae.Pipelines;

/// <summary>What <see cref="SavableCatalog.SavableJointEmbedding"/> adds.</summary>
public sealed class SavableJointEmbedding
{
    /// <summary>Column joint_embedding, [100]; NaN where both modalities are missing.</summary>
    [ColumnName("joint_embedding")]
    [VectorType(SavableCatalog.LatentDimension)]
    public float[] JointEmbedding { get; set; } = [];
}
