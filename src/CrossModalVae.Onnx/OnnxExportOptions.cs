namespace CrossModalVae.Onnx;

/// <summary>What a model folder says about its model besides what export finds out itself.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>The recipe as used, statistics included.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>What the model was trained on.</summary>
    public required ModelCardData Data { get; init; }

    /// <summary>Scores by name, as in voice_to_face.auc; empty where nothing was measured.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Seed of the inputs at which graph and trainer are compared. Default 1.</summary>
    public long Seed { get; init; } = 1;
}
