namespace Microsoft.ML.Data;

/// <summary>A transformer that adds columns to each row.</summary>
public abstract class RowToRowTransformerBase : ITransformer
{
    private protected RowToRowTransformerBase()
    {
    }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
        => new AddedColumns(Checks.Value(inputSchema, nameof(inputSchema)), MakeRowMapper(inputSchema).AddedColumns).Output;

    public IDataView Transform(IDataView input)
        => new MappedDataView(Checks.Value(input, nameof(input)), MakeRowMapper(input.Schema));

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
        => new MappedDataView(new EmptyDataView(Checks.Value(inputSchema, nameof(inputSchema))), MakeRowMapper(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(Checks.Value(ctx, nameof(ctx)));

    internal abstract IRowMapper MakeRowMapper(DataViewSchema schema);

    internal abstract void SaveModel(ModelSaveContext ctx);
}
