using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Makes an <see cref="OnnxTransformer"/>; it learns nothing.</summary>
public sealed class OnnxScoringEstimator : TrivialEstimator<OnnxTransformer>
{
    internal OnnxScoringEstimator(OnnxTransformer transformer)
        : base(transformer)
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Checks.Value(inputSchema, nameof(inputSchema));
        foreach (var input in Transformer.Inputs)
        {
            if (input.Shape.Count(d => d == 0) > 1)
                throw new ArgumentOutOfRangeException(input.Name, "Only 1 unknown dimension is allowed");
            if (!inputSchema.TryFind(input.Name, out var column))
                throw Checks.MissingColumn(nameof(inputSchema), "input", input.Name);
            if (!column.ItemType.Equals(input.Type.ItemType))
                throw Checks.SchemaMismatch(nameof(inputSchema), "input", input.Name, $"{input.Type.ItemType}", $"{column.ItemType}");
        }

        return inputSchema.With(Transformer.Outputs.Select(output => new SchemaShape.Column(output.Name, output.Type, null)));
    }
}
