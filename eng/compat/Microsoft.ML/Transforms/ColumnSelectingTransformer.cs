using System.Text.Json.Nodes;
using Microsoft.ML.Data;

[assembly: Microsoft.ML.ModelLoader(
    Microsoft.ML.Transforms.ColumnSelectingTransformer.Signature, typeof(Microsoft.ML.Transforms.ColumnSelectingTransformer.Loader))]

namespace Microsoft.ML.Transforms;

/// <summary>Keeps the named columns, in the order of their names, or drops them. Of hidden columns it keeps none; dropping leaves them.</summary>
public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string Signature = "SelectColumnsTransform";
    private readonly string[] _names;
    private readonly bool _keep;

    internal ColumnSelectingTransformer(string[] names, bool keep)
    {
        Checks.State(names?.Length > 0, "Neither keepColumns and dropColumns is set. Exactly one must be specified.");
        _names = names;
        _keep = keep;
    }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
        => View(new EmptyDataView(Checks.Value(inputSchema, nameof(inputSchema))), nameof(inputSchema)).Schema;

    public IDataView Transform(IDataView input) => View(Checks.Value(input, nameof(input)), nameof(input));

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
        => View(new EmptyDataView(Checks.Value(inputSchema, nameof(inputSchema))), nameof(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx)
        => ctx.Write(Signature, new JsonObject
        {
            ["names"] = new JsonArray([.. _names.Select(name => JsonValue.Create(name))]),
            ["keep"] = _keep,
        });

    internal bool Keeps(string name) => _names.Contains(name) == _keep;

    internal void CheckNames(IEnumerable<string> known, string parameter)
    {
        string[] missing = [.. _names.Except(known)];
        if (missing.Length > 0)
            throw Checks.MissingColumn(parameter, "input", string.Join(",", missing));
    }

    private SelectedDataView View(IDataView input, string parameter)
    {
        CheckNames(input.Schema.Select(column => column.Name), parameter);
        return new SelectedDataView(input, _keep
            ? [.. _names.Select(name => input.Schema[name].Index)]
            : [.. input.Schema.Where(column => Keeps(column.Name)).Select(column => column.Index)]);
    }

    internal sealed class Loader : IModelLoader
    {
        public ITransformer Load(MLContext ml, ModelLoadContext context)
            => new ColumnSelectingTransformer(context.Texts("names"), context.Flag("keep"));
    }
}
