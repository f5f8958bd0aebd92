using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Makes a <see cref="CustomMappingTransformer{TSrc, TDst}"/>; it learns nothing.</summary>
public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new()
    where TDst : class, new()
{
    internal CustomMappingEstimator(CustomMappingTransformer<TSrc, TDst> transformer)
        : base(transformer)
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Checks.Value(inputSchema, nameof(inputSchema));
        foreach (var member in MemberColumn.For(typeof(TSrc), Transformer.InputDefinition, SchemaDefinition.Direction.Both))
        {
            if (!inputSchema.TryFind(member.Name, out var column))
                throw Checks.MissingColumn(nameof(inputSchema), "input", member.Name);

            // A vector of any size is welcome where the class fixes none.
            var expected = new SchemaShape.Column(member.Name, member.Type, null);
            bool kindFits = expected.Kind == SchemaShape.Column.VectorKind.VariableVector
                ? column.Kind != SchemaShape.Column.VectorKind.Scalar
                : column.Kind == expected.Kind;
            if (!expected.ItemType.Equals(column.ItemType) || expected.IsKey != column.IsKey || !kindFits)
                throw Checks.SchemaMismatch(nameof(inputSchema), "input", member.Name, $"{member.Type}", column.TypeText);
        }

        return inputSchema.With(SchemaShape.Create(DataViewSchema.From(Transformer.Added.Select(column => column.Detached))));
    }
}
