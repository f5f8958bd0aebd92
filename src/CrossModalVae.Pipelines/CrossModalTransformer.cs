using CrossModalVae.Pipelines.Saving;

namespace CrossModalVae.Pipelines;

/// <summary>
/// What this library's transformers share: they add columns, keep rows and their order, compute block by block while a cursor runs, and
/// serve ML.NET's PredictionEngine. ML.NET's own ml.Model.Save takes no transformer from outside its assemblies;
/// <see cref="CrossModalCatalog.SaveBundle"/> saves these, and <see cref="ModelPipelines.CreateSavablePipeline"/> makes a model's pipeline
/// of what ml.Model.Save does take.
/// </summary>
public abstract class CrossModalTransformer : ITransformer
{
    private protected CrossModalTransformer(IReadOnlyList<InputColumn> inputs, IReadOnlyList<OutputColumn> outputs)
    {
        Inputs = inputs;
        Outputs = outputs;
    }

    /// <summary>True: every row gives one row.</summary>
    public bool IsRowToRowMapper => true;

    internal IReadOnlyList<InputColumn> Inputs { get; }

    internal IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>Rows computed together.</summary>
    internal abstract int BlockSize { get; }

    /// <summary>
    /// Blocks in memory at once: the one whose rows are read and those computed meanwhile. 1 where the work inside a block fills the cores.
    /// </summary>
    internal virtual int BlocksInFlight => 1;

    /// <summary>Pool threads that compute blocks besides the reader's thread.</summary>
    internal virtual int WorkerCount => 0;

    /// <summary>The schema with this step's columns added.</summary>
    /// <param name="inputSchema">The input's schema.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type; the message names it and both types.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (InputColumn column in Inputs)
        {
            column.Find(inputSchema);
        }

        var builder = new DataViewSchema.Builder();
        foreach (DataViewSchema.Column column in inputSchema)
        {
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        }

        foreach (OutputColumn column in Outputs)
        {
            column.AppendTo(builder);
        }

        return builder.ToSchema();
    }

    /// <summary>The input with this step's columns added; nothing is computed before a cursor runs.</summary>
    /// <param name="input">The input.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type; the message names it and both types.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new BlockDataView(this, input);
    }

    /// <summary>This step for one row at a time.</summary>
    /// <param name="inputSchema">The input's schema.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type; the message names it and both types.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new BlockRowMapper(this, inputSchema);
    }

    /// <summary>Always refuses: see the remarks of the type.</summary>
    /// <param name="ctx">Not used.</param>
    /// <exception cref="NotSupportedException">Always.</exception>
    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        throw new NotSupportedException(
            $"{GetType().Name} cannot be saved by ml.Model.Save, which ML.NET closes to transformers outside its own assemblies; "
            + "ml.Model.SaveBundle saves the whole pipeline in one file.");

    /// <summary>The step for a bundle, with the files that it needs; its kind has a loader in <see cref="BundleSteps"/>.</summary>
    internal abstract BundleStep Save(BundleWriter writer);

    /// <summary>What computes the step for one cursor.</summary>
    /// <param name="input">The input's rows.</param>
    /// <param name="capacity">Rows of all blocks in flight.</param>
    /// <param name="isNeeded">Whether an output, by its index, will be read; one that is not need not be computed.</param>
    internal abstract BlockKernel CreateKernel(DataViewRow input, int capacity, Predicate<int> isNeeded);
}
