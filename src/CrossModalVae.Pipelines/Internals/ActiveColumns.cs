namespace CrossModalVae.Pipelines.Internals;

/// <summary>Which columns of a step's output are active, and what the input must deliver for them.</summary>
internal sealed class ActiveColumns
{
    private readonly CrossModalTransformer _transformer;
    private readonly DataViewSchema _input;
    private readonly bool[] _active;

    public ActiveColumns(
        CrossModalTransformer transformer, DataViewSchema input, DataViewSchema output, IEnumerable<DataViewSchema.Column> needed)
    {
        _transformer = transformer;
        _input = input;
        _active = new bool[output.Count];
        foreach (DataViewSchema.Column column in needed)
        {
            _active[column.Index] = true;
        }

        AnyAdded = _active.AsSpan(input.Count).Contains(true);
    }

    /// <summary>Whether any added column is active; if not, nothing is computed.</summary>
    public bool AnyAdded { get; }

    public bool this[int index] => index >= 0 && index < _active.Length && _active[index];

    /// <summary>Whether an added column, by its index among them, is active.</summary>
    public bool IsAddedActive(int index) => this[_input.Count + index];

    /// <summary>The input's columns that are passed on.</summary>
    public IEnumerable<DataViewSchema.Column> PassedOn() => _input.Where(column => _active[column.Index]);

    /// <summary>The input's columns that are passed on or read by the step.</summary>
    public IEnumerable<DataViewSchema.Column> Dependencies() =>
        AnyAdded ? PassedOn().Union(_transformer.Inputs.Select(column => column.Find(_input))) : PassedOn();

    /// <summary>Refuses columns that are not active.</summary>
    public void Check(DataViewSchema.Column column)
    {
        if (!this[column.Index])
        {
            throw new InvalidOperationException($"Column '{column.Name}' is not active in this cursor; name it in columnsNeeded.");
        }
    }
}
