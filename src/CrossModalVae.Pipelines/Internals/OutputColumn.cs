using Microsoft.ML.Transforms;

namespace CrossModalVae.Pipelines.Internals;

/// <summary>A column that a step adds: Vector of Single or of text with a known size, Int32 or Single.</summary>
internal sealed record OutputColumn(string Name, DataViewType Type)
{
    public static OutputColumn FloatVector(string name, int length) => new(name, new VectorDataViewType(NumberDataViewType.Single, length));

    public static OutputColumn TextVector(string name, int length) => new(name, new VectorDataViewType(TextDataViewType.Instance, length));

    public static OutputColumn Int32(string name) => new(name, NumberDataViewType.Int32);

    public static OutputColumn Float(string name) => new(name, NumberDataViewType.Single);

    /// <summary>
    /// The schema shape with this column added. ML.NET closes the constructor of SchemaShape.Column to other assemblies, so a stock
    /// estimator of the same output makes it.
    /// </summary>
    public SchemaShape AppendTo(SchemaShape input, TransformsCatalog transforms) => Type switch
    {
        VectorDataViewType { ItemType: TextDataViewType } => Shape<TextVectorSlot>(input, transforms),
        VectorDataViewType => Shape<FloatVectorSlot>(input, transforms),
        { RawType: Type raw } when raw == typeof(float) => Shape<FloatSlot>(input, transforms),
        _ => Shape<Int32Slot>(input, transforms),
    };

    private SchemaShape Shape<TSlot>(SchemaShape input, TransformsCatalog transforms)
        where TSlot : class, new()
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(TSlot));
        SchemaDefinition.Column value = definition["Value"];
        value.ColumnName = Name;
        value.ColumnType = Type;
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

    private sealed class Int32Slot
    {
        public int Value { get; set; }
    }
}
