using System.Text.Json.Nodes;
using Microsoft.ML.Data;

[assembly: Microsoft.ML.ModelLoader(
    Microsoft.ML.Transforms.ColumnCopyingTransformer.Signature, typeof(Microsoft.ML.Transforms.ColumnCopyingTransformer.Loader))]

namespace Microsoft.ML.Transforms;

/// <summary>Adds a column equal to another one.</summary>
public sealed class ColumnCopyingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "CopyTransform";

    internal ColumnCopyingTransformer(string output, string input)
    {
        Output = Checks.NonEmpty(output, "outputColumnName");
        Input = Checks.NonEmpty(input, "inputColumnName");
    }

    internal string Output { get; }

    internal string Input { get; }

    internal override IRowMapper MakeRowMapper(DataViewSchema schema)
        => new Mapper(Output, schema.GetColumnOrNull(Input) ?? throw Checks.MissingColumn("inputSchema", "source", Input));

    internal override void SaveModel(ModelSaveContext ctx)
        => ctx.Write(Signature, new JsonObject { ["output"] = Output, ["input"] = Input });

    internal sealed class Loader : IModelLoader
    {
        public ITransformer Load(MLContext ml, ModelLoadContext context)
            => new ColumnCopyingTransformer(context.Text("output"), context.Text("input"));
    }

    private sealed class Mapper(string output, DataViewSchema.Column source) : IRowMapper
    {
        public DataViewSchema.DetachedColumn[] AddedColumns => [new(output, source.Type, source.Annotations)];

        public IEnumerable<int> Needs(bool[] activeAdded) => activeAdded[0] ? [source.Index] : [];

        public Delegate[] CreateGetters(DataViewRow input, bool[] activeAdded, out Action disposer)
        {
            disposer = null;
            if (!activeAdded[0])
                return [null];
            return [(Delegate)Generic.Call(null, typeof(Mapper), nameof(Getter), [source.Type.RawType], input, source)];
        }

        private static ValueGetter<T> Getter<T>(DataViewRow input, DataViewSchema.Column column) => input.GetGetter<T>(column);
    }
}
