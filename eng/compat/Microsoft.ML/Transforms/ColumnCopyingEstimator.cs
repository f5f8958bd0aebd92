using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Makes a <see cref="ColumnCopyingTransformer"/>; it learns nothing.</summary>
public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    internal ColumnCopyingEstimator(string output, string input)
        : base(new ColumnCopyingTransformer(output, input))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Checks.Value(inputSchema, nameof(inputSchema));
        if (!inputSchema.TryFind(Transformer.Input, out var source))
            throw Checks.MissingColumn(nameof(inputSchema), "input", Transformer.Input);
        return inputSchema.With(
            [new SchemaShape.Column(Transformer.Output, source.Kind, source.ItemType, source.IsKey, source.Annotations)]);
    }
}
