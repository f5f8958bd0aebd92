using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Makes a <see cref="ColumnConcatenatingTransformer"/>; it learns nothing.</summary>
public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
{
    private readonly string _output;
    private readonly string[] _inputs;

    internal ColumnConcatenatingEstimator(string outputColumnName, string[] inputColumnNames)
    {
        _output = Checks.NonEmpty(outputColumnName, nameof(outputColumnName));
        _inputs = Checks.Value(inputColumnNames, nameof(inputColumnNames));
        Checks.Param(_inputs.Length > 0, nameof(inputColumnNames), "Input columns not specified");
        Checks.Param(!_inputs.Any(string.IsNullOrEmpty), nameof(inputColumnNames), "Contained some null or empty items");
    }

    public ColumnConcatenatingTransformer Fit(IDataView input)
    {
        Checks.Value(input, nameof(input));
        return new ColumnConcatenatingTransformer(_output, _inputs);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Checks.Value(inputSchema, nameof(inputSchema));
        DataViewType itemType = null;
        bool anySize = false;
        bool slotNames = false;
        foreach (string name in _inputs)
        {
            if (!inputSchema.TryFind(name, out var column))
                throw Checks.MissingColumn(nameof(inputSchema), "input", name);
            itemType ??= column.ItemType;
            Checks.State(!column.IsKey, $"Column '{name}' is key. Concatenation of keys is unsupported.");
            Checks.State(column.ItemType.Equals(itemType), $"Concatenated columns should have the same type. Column '{name}' has type of "
                + $"{column.ItemType}, but expected column type is {itemType}.");
            anySize |= column.Kind == SchemaShape.Column.VectorKind.VariableVector;
            slotNames |= column.Kind == SchemaShape.Column.VectorKind.Scalar
                || column.Annotations.TryFind(ColumnConcatenatingTransformer.SlotNames, out _);
        }

        var kind = anySize ? SchemaShape.Column.VectorKind.VariableVector : SchemaShape.Column.VectorKind.Vector;
        var annotations = new SchemaShape(slotNames
            ? [new SchemaShape.Column(ColumnConcatenatingTransformer.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false, null)]
            : []);
        return inputSchema.With([new SchemaShape.Column(_output, kind, itemType, false, annotations)]);
    }
}
