using Microsoft.ML.Runtime;

namespace CrossModalVae.Pipelines;

/// <summary>What this library's estimators share: the check of their input columns and the promise of their output columns.</summary>
/// <typeparam name="TTransformer">What fitting gives.</typeparam>
public abstract class CrossModalEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : CrossModalTransformer
{
    private protected CrossModalEstimator(
        IHostEnvironment environment, IReadOnlyList<InputColumn> inputs, IReadOnlyList<OutputColumn> outputs)
    {
        Environment = environment;
        Inputs = inputs;
        Outputs = outputs;
    }

    /// <summary>The caller's context: its log and its seed.</summary>
    private protected IHostEnvironment Environment { get; }

    private protected IReadOnlyList<InputColumn> Inputs { get; }

    private protected IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>The transformer for an input.</summary>
    /// <param name="input">The input.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type; the message names it and both types.</exception>
    public TTransformer Fit(IDataView input) => Fit(input, CancellationToken.None);

    /// <summary>The transformer for an input; fitting that runs for long can be stopped.</summary>
    /// <param name="input">The input.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type; the message names it and both types.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TTransformer Fit(IDataView input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (InputColumn column in Inputs)
        {
            column.Find(input.Schema);
        }

        return FitChecked(input, cancellationToken);
    }

    /// <summary>The promised schema: the input's with this step's columns added.</summary>
    /// <param name="inputSchema">The input's promised schema.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type; the message names it and both types.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (InputColumn column in Inputs)
        {
            column.Check(inputSchema);
        }

        // A context keeps a mark of every estimator made in it, so a passing one makes those of the promise.
        TransformsCatalog transforms = new MLContext().Transforms;
        return Outputs.Aggregate(inputSchema, (shape, column) => column.AppendTo(shape, transforms));
    }

    private protected abstract TTransformer FitChecked(IDataView input, CancellationToken cancellationToken);
}
