namespace CrossModalVae.Pipelines;

/// <summary>The columns that hold both posteriors of a clip. Defaults are the names of the exported graphs' outputs.</summary>
public sealed record JointEmbeddingColumns
{
    /// <summary>The voice's posterior mean, Vector of Single. Default "voice_mean".</summary>
    public string VoiceMean { get; init; } = OnnxContract.VoiceMean;

    /// <summary>The voice's posterior log-variance; read for a product of experts only. Default "voice_log_variance".</summary>
    public string VoiceLogVariance { get; init; } = OnnxContract.VoiceLogVariance;

    /// <summary>The face's posterior mean. Default "face_mean".</summary>
    public string FaceMean { get; init; } = OnnxContract.FaceMean;

    /// <summary>The face's posterior log-variance; read for a product of experts only. Default "face_log_variance".</summary>
    public string FaceLogVariance { get; init; } = OnnxContract.FaceLogVariance;
}

/// <summary>
/// One embedding of a clip from the posteriors of its voice and face; see <see cref="JointPosterior"/> for what it computes.
/// <list type="table">
/// <item><term>Learns from data</term><description>no</description></item>
/// <item><term>Input</term><description>Vector&lt;Single, D&gt; columns: both means, and for a product of
/// experts both log-variances</description></item>
/// <item><term>Output</term><description>Vector&lt;Single, D&gt;</description></item>
/// <item><term>Savable</term><description>no; <see cref="SavableCatalog"/> has one for 100 dimensions that is</description></item>
/// </list>
/// A missing modality (NaN) is left out; a row without any gives NaN.
/// </summary>
public sealed class JointEmbeddingEstimator : CrossModalEstimator<JointEmbeddingTransformer>
{
    private readonly JointEmbedding _kind;

    internal JointEmbeddingEstimator(
        TransformsCatalog transforms, string outputColumn, int dimension, JointEmbedding kind, JointEmbeddingColumns columns)
        : base(transforms, MakeInputs(columns, dimension, kind), [OutputColumn.FloatVector(outputColumn, dimension)]) => _kind = kind;

    private protected override JointEmbeddingTransformer FitChecked(IDataView input, CancellationToken cancellationToken) =>
        new(Inputs, Outputs, _kind);

    private static List<InputColumn> MakeInputs(JointEmbeddingColumns columns, int dimension, JointEmbedding kind)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (!Enum.IsDefined(kind))
        {
            throw new ArgumentException($"'kind' is {kind}; must be one of {string.Join(", ", Enum.GetNames<JointEmbedding>())}.");
        }

        InputColumn Column(string name, string role) => new(name, $"{role} of JointEmbedding", InputKind.FloatVector, dimension);
        List<InputColumn> inputs = [Column(columns.VoiceMean, "voice mean"), Column(columns.FaceMean, "face mean")];
        if (kind == JointEmbedding.ProductOfExperts)
        {
            inputs.Add(Column(columns.VoiceLogVariance, "voice log-variance"));
            inputs.Add(Column(columns.FaceLogVariance, "face log-variance"));
        }

        return inputs;
    }
}
