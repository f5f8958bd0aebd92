namespace CrossModalVae.Pipelines.Internals;

/// <summary>What a step says about a column that it adds, under the kinds by which ML.NET's own steps look for it.</summary>
internal abstract record ColumnAnnotation(string Kind, DataViewType Type)
{
    /// <summary>The names of a vector's slots.</summary>
    public static ColumnAnnotation SlotNames(IEnumerable<string> names) => new Texts("SlotNames", [.. names]);

    /// <summary>The values that a key stands for.</summary>
    public static ColumnAnnotation KeyValues(IEnumerable<string> values) => new Texts("KeyValues", [.. values]);

    /// <summary>What kind of scorer made a column, and which of its columns it is.</summary>
    public static IReadOnlyList<ColumnAnnotation> Score(string columnKind, string valueKind) =>
        [new Text("ScoreColumnKind", columnKind), new Text("ScoreValueKind", valueKind)];

    public abstract void AddTo(DataViewSchema.Annotations.Builder annotations);

    public abstract void AddTo(SchemaDefinition.Column column);

    private sealed record Text(string Kind, string Value) : ColumnAnnotation(Kind, TextDataViewType.Instance)
    {
        public override void AddTo(DataViewSchema.Annotations.Builder annotations) =>
            annotations.AddPrimitiveValue(Kind, TextDataViewType.Instance, Value.AsMemory());

        public override void AddTo(SchemaDefinition.Column column) => column.AddAnnotation(Kind, Value, Type);
    }

    private sealed record Texts(string Kind, string[] Values)
        : ColumnAnnotation(Kind, new VectorDataViewType(TextDataViewType.Instance, Values.Length))
    {
        // A new array for each caller, who may change it.
        public override void AddTo(DataViewSchema.Annotations.Builder annotations) =>
            annotations.Add<VBuffer<ReadOnlyMemory<char>>>(
                Kind,
                Type,
                (ref VBuffer<ReadOnlyMemory<char>> value) => value = new(Values.Length, [.. Values.Select(text => text.AsMemory())]));

        public override void AddTo(SchemaDefinition.Column column) => column.AddAnnotation(Kind, Values, Type);
    }
}
