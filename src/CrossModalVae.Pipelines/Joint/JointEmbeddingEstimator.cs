using CrossModalVae.Pipelines.Saving;

namespace CrossModalVae.Pipelines;

/// <summary>The columns that hold both posteriors of a clip. Defaults are those of <see cref="ModelColumns"/>.</summary>
public sealed record JointEmbeddingColumns
{
    /// <summary>The voice's posterior mean, Vector of Single. Default "VoiceMean".</summary>
    public string VoiceMean { get; init; } = ModelColumns.VoiceMean;

    /// <summary>The voice's posterior log-variance; read for a product of experts only. Default "VoiceLogVariance".</summary>
    public string VoiceLogVariance { get; init; } = ModelColumns.VoiceLogVariance;

    /// <summary>The face's posterior mean. Default "FaceMean".</summary>
    public string FaceMean { get; init; } = ModelColumns.FaceMean;

    /// <summary>The face's posterior log-variance; read for a product of experts only. Default "FaceLogVariance".</summary>
    public string FaceLogVariance { get; init; } = ModelColumns.FaceLogVariance;
}

/// <summary>
/// One embedding of a clip from the posteriors of its voice and face; see <see cref="JointPosterior"/> for what it computes.
/// <list type="table">
/// <item><term>Learns from data</term><description>no</description></item>
/// <item><term>Input</term><description>Vector&lt;Single, D&gt; columns: both means, and for a product of
/// experts both log-variances</description></item>
/// <item><term>Output</term><description>Vector&lt;Single, D&gt;</description></item>
/// <item><term>Savable</term><description>in a bundle; see <see cref="CrossModalCatalog.SaveBundle"/></description></item>
/// </list>
/// A missing modality (NaN) is left out; a row without any gives NaN.
/// </summary>
public sealed class JointEmbeddingEstimator : CrossModalEstimator<JointEmbeddingTransformer>
{
    private readonly JointEmbedding _kind;
    private readonly JointEmbeddingColumns _columns;

    internal JointEmbeddingEstimator(
        TransformsCatalog transforms, string outputColumn, JointEmbedding kind, JointEmbeddingColumns columns)
        : base(CatalogEnvironment.Of(transforms), MakeInputs(columns, kind), [OutputColumn.FloatVector(outputColumn, 1)]) =>
            (_kind, _columns) = (kind, columns);

    // The first column's length is D; the others must have it too.
    private protected override JointEmbeddingTransformer FitChecked(IDataView input, CancellationToken cancellationToken)
    {
        int dimension = ((VectorDataViewType)Inputs[0].Find(input.Schema).Type).Size;
        JointEmbeddingTransformer transformer = Transformer(Outputs[0].Name, _columns, dimension, _kind);
        foreach (InputColumn column in transformer.Inputs)
        {
            column.Find(input.Schema);
        }

        return transformer;
    }

    internal static JointEmbeddingTransformer Transformer(
        string outputColumn, JointEmbeddingColumns columns, int dimension, JointEmbedding kind) => new(
            [.. MakeInputs(columns, kind).Select(column => column with { Length = dimension })],
            [OutputColumn.FloatVector(outputColumn, dimension)],
            kind,
            columns);

    private static List<InputColumn> MakeInputs(JointEmbeddingColumns columns, JointEmbedding kind)
    {
        if (!Enum.IsDefined(kind))
        {
            throw new ArgumentException($"'kind' is {kind}; must be one of {string.Join(", ", Enum.GetNames<JointEmbedding>())}.");
        }

        InputColumn Column(string name, string role) => new(name, $"{role} of JointEmbedding", InputKind.FloatVector);
        List<InputColumn> inputs = [Column(columns.VoiceMean, "voice mean"), Column(columns.FaceMean, "face mean")];
        if (kind == JointEmbedding.ProductOfExperts)
        {
            inputs.Add(Column(columns.VoiceLogVariance, "voice log-variance"));
            inputs.Add(Column(columns.FaceLogVariance, "face log-variance"));
        }

        return inputs;
    }
}

/// <summary>One embedding of a clip from the posteriors of its voice and face; see <see cref="JointEmbeddingEstimator"/>.</summary>
public sealed class JointEmbeddingTransformer : CrossModalTransformer
{
    internal const string Kind = "joint-embedding";

    private readonly JointEmbedding _kind;
    private readonly JointEmbeddingColumns _columns;

    internal JointEmbeddingTransformer(
        IReadOnlyList<InputColumn> inputs, IReadOnlyList<OutputColumn> outputs, JointEmbedding kind, JointEmbeddingColumns columns)
        : base(inputs, outputs) => (_kind, _columns) = (kind, columns);

    internal static JointEmbeddingTransformer Load(BundleStep step, BundleReader reader)
    {
        Saved saved = step.Read<Saved>();
        return JointEmbeddingEstimator.Transformer(saved.Output, saved.Columns, saved.Dimension, saved.Joint);
    }

    internal override BundleStep Save(BundleWriter writer) =>
        BundleStep.Of(Kind, new Saved(Outputs[0].Name, _columns, Inputs[0].Length, _kind));

    private sealed record Saved(string Output, JointEmbeddingColumns Columns, int Dimension, JointEmbedding Joint);

    // A row takes little work; a block only saves calls between cursors.
    internal override int BlockSize => 64;

    internal override BlockKernel CreateKernel(DataViewRow input, int capacity, Predicate<int> isNeeded) =>
        new Kernel(this, input, capacity);

    private sealed class Kernel(JointEmbeddingTransformer parent, DataViewRow input, int capacity) : BlockKernel
    {
        private readonly ValueGetter<VBuffer<float>>[] _getters =
            [.. parent.Inputs.Select(column => input.GetGetter<VBuffer<float>>(input.Schema[column.Name]))];

        private readonly float[][] _rows = [.. parent.Inputs.Select(column => new float[column.Length])];
        private readonly VectorColumn<float> _joint = new(capacity, parent.Inputs[0].Length);
        private VBuffer<float> _buffer;

        public override void Read(int slot)
        {
            for (int i = 0; i < _getters.Length; i++)
            {
                _getters[i](ref _buffer);
                _buffer.CopyTo(_rows[i]);
            }

            if (parent._kind == JointEmbedding.ProductOfExperts)
            {
                JointPosterior.ProductOfExperts(_rows[0], _rows[2], _rows[1], _rows[3], _joint.Row(slot));
            }
            else
            {
                JointPosterior.MeanOfDirections(_rows[0], _rows[1], _joint.Row(slot));
            }
        }

        public override void Compute(int first, int count)
        {
            // Read has done it: a row needs no other row.
        }

        public override BlockColumn Output(int index) => _joint;
    }
}
