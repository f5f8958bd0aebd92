namespace CrossModalVae.Pipelines;

/// <summary>What <see cref="SavableCatalog.SavableFaceTensor"/> reads.</summary>
public sealed class SavableFacePaths
{
    /// <summary>Column face_paths: the jpg frames; empty where the face is missing.</summary>
    [ColumnName("face_paths")]
    public string[] FacePaths { get; set; } = [];
}
