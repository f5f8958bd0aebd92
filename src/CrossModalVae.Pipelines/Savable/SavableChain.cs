namespace CrossModalVae.Pipelines.Savable;

/// <summary>Steps that are fitted one after the other.</summary>
internal sealed class SavableChain(MLContext ml, IDataView input)
{
    private readonly List<ITransformer> _steps = [];
    private readonly List<string> _passing = [.. SavableColumns.All];
    private IDataView _view = input;

    public MLContext Context => ml;

    public void Add(IEstimator<ITransformer> estimator) => Add(estimator.Fit(_view));

    public void Add(ITransformer step)
    {
        _steps.Add(step);
        _view = step.Transform(_view);
    }

    /// <summary>A number of whichever type, where there is a column.</summary>
    public void AddNumber(string name, string? column)
    {
        if (column is not null)
        {
            Add(ml.Transforms.Conversion.ConvertType(name, column, DataKind.Double));
        }
    }

    /// <summary>The options of the mapping that comes next.</summary>
    public void AddState(SavableState state) =>
        Add(ml.Transforms.Expression(SavableColumns.State, state.ToExpression(), SavableColumns.Any));

    /// <summary>The input of the mapping that comes next, and its type.</summary>
    public DataViewType AddInput(string column)
    {
        Add(ml.Transforms.CopyColumns(SavableColumns.Input, column));
        return _view.Schema[SavableColumns.Input].Type;
    }

    /// <summary>A graph of the model, from features to a posterior in columns of the tensors' names.</summary>
    public void AddGraph(OnnxEncoder encoder, string features, string named, params string[] outputs)
    {
        Add(ml.Transforms.CopyColumns(named, features));
        var shapes = new Dictionary<string, int[]> { [features] = [1, -1] }; // ML.NET takes vectors of no stated length along a free axis
        Add(ml.Transforms.ApplyOnnxModel(outputs, [features], encoder.FilePath, shapes, gpuDeviceId: null, fallbackToCpu: false));
        _passing.AddRange([features, .. outputs]);
    }

    /// <summary>The chain, which ends without the columns between its steps.</summary>
    public TransformerChain<ITransformer> Finish()
    {
        string[] added = [.. _passing.Where(name => _view.Schema.GetColumnOrNull(name) is not null)];
        Add(ml.Transforms.DropColumns(added));
        return new TransformerChain<ITransformer>([.. _steps]);
    }
}
