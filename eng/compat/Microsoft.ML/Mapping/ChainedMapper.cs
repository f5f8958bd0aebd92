namespace Microsoft.ML.Data;

/// <summary>Row mappers applied one after the other.</summary>
internal sealed class ChainedMapper : IRowToRowMapper
{
    private readonly List<IRowToRowMapper> _mappers = [];

    public ChainedMapper(DataViewSchema inputSchema, IEnumerable<ITransformer> transformers)
    {
        InputSchema = inputSchema;
        OutputSchema = inputSchema;
        foreach (var transformer in transformers)
        {
            _mappers.Add(transformer.GetRowToRowMapper(OutputSchema));
            OutputSchema = _mappers[^1].OutputSchema;
        }
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        for (int i = _mappers.Count - 1; i >= 0; i--)
            dependingColumns = _mappers[i].GetDependencies(dependingColumns);
        return dependingColumns;
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Checks.Value(input, nameof(input));
        Checks.State(input.Schema == InputSchema, "Schema of input row must be the same as the schema the mapper is bound to");

        // What each mapper must deliver is what the next one needs.
        var wanted = new IEnumerable<DataViewSchema.Column>[_mappers.Count];
        for (int i = wanted.Length - 1; i >= 0; i--)
            wanted[i] = i == wanted.Length - 1 ? [.. activeColumns] : [.. _mappers[i + 1].GetDependencies(wanted[i + 1])];
        for (int i = 0; i < wanted.Length; i++)
            input = _mappers[i].GetRow(input, wanted[i]);
        return input;
    }
}
