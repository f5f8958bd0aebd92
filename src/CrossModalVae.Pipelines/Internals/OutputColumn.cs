using Microsoft.ML.Transforms;

namespace CrossModalVae.Pipelines.Internals;

/// <summary>A column that a step adds: Vector of Single or of text with a known size, Single, or a key.</summary>
internal sealed record OutputColumn(string Name, DataViewType Type)
{
    /// <summary>What is said about the column.</summary>
    public IReadOnlyList<ColumnAnnotation> Annotations { get; init; } = [];

    public static OutputColumn FloatVector(string name, int length) => new(name, new VectorDataViewType(NumberDataViewType.Single, length));

    public static OutputColumn TextVector(string name, int length) => new(name, new VectorDataViewType(TextDataViewType.Instance, length));

    public static OutputColumn Key(string name, int count) => new(name, new KeyDataViewType(typeof(uint), count));

    public static OutputColumn Float(string name) => new(name, NumberDataViewType.Single);

    /// <summary>Adds the column to a schema.</summary>
    public void AppendTo(DataViewSchema.Builder schema)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        foreach (ColumnAnnotation annotation in Annotations)
        {
            annotation.AddTo(annotations);
        }

        schema.AddColumn(Name, Type, annotations.ToAnnotations());
    }

    /// <summary>
    /// The schema shape with this column added. ML.NET closes the constructor of SchemaShape.Column to other assemblies, so a stock
    /// estimator of the same output makes it.
    /// </summary>
    public SchemaShape AppendTo(SchemaShape input, TransformsCatalog transforms) => Type switch
    {
        VectorDataViewType { ItemType: TextDataViewType } => Shape<TextVectorSlot>(input, transforms),
        VectorDataViewType => Shape<FloatVectorSlot>(input, transforms),
        KeyDataViewType => Shape<KeySlot>(input, transforms),
        _ => Shape<FloatSlot>(input, transforms),
    };

    private SchemaShape Shape<TSlot>(SchemaShape input, TransformsCatalog transforms)
        where TSlot : class, new()
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(TSlot));
        SchemaDefinition.Column value = definition["Value"];
        value.ColumnName = Name;
        value.ColumnType = Type;
        foreach (ColumnAnnotation annotation in Annotations)
        {
            annotation.AddTo(value);
        }

        CustomMappingEstimator<NoInput, TSlot> stock =
            transforms.CustomMapping<NoInput, TSlot>(static (_, _) => { }, null, null, definition);
        return stock.GetOutputSchema(input);
    }

    private sealed class NoInput;

    private sealed class FloatVectorSlot
    {
        public float[] Value { get; set; } = [];
    }

    private sealed class TextVectorSlot
    {
        public string[] Value { get; set; } = [];
    }

    private sealed class FloatSlot
    {
        public float Value { get; set; }
    }

    private sealed class KeySlot
    {
        public uint Value { get; set; }
    }
}
