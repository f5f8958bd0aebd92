namespace CrossModalVae.Pipelines.Internals;

/// <summary>
/// A column that a step reads, and the check that it is what the step needs: in GetOutputSchema, Fit and Transform. The role is for
/// messages, as in "wav path of VoiceSpectrogram"; a length of 0 accepts vectors of any length.
/// </summary>
internal sealed record InputColumn(string Name, string Role, InputKind Kind, int Length = 0)
{
    private string Expected => Kind switch
    {
        InputKind.Sound => "String or Vector<Byte>, or Vector<Single> with a sample rate",
        InputKind.SoundOrSamples => "String, Vector<Byte> or Vector<Single>",
        InputKind.Pictures => "String, Vector<String>, Vector<Byte> or Image",
        InputKind.Number => "Single, Double or Int32",
        InputKind.FloatList => "Vector<Single>",
        _ => Length > 0 ? $"Vector<Single, {Length}>" : "Vector<Single> of known length",
    };

    /// <summary>Checks a promised schema, which knows no vector lengths.</summary>
    public void Check(SchemaShape shape)
    {
        SchemaShape.Column[] named = [.. shape.Where(own => own.Name == Name).Take(1)];
        if (named is not [var column])
        {
            throw Missing(shape.Select(own => own.Name));
        }

        bool isVector = column.Kind != SchemaShape.Column.VectorKind.Scalar;
        if (column.IsKey || !Accepts(isVector, column.ItemType))
        {
            string item = column.IsKey ? $"Key<{column.ItemType}>" : $"{column.ItemType}";
            throw Mismatch(isVector ? $"Vector<{item}>" : item);
        }
    }

    /// <summary>Checks a delivered schema and returns the column.</summary>
    public DataViewSchema.Column Find(DataViewSchema schema)
    {
        if (schema.GetColumnOrNull(Name) is not DataViewSchema.Column column)
        {
            throw Missing(schema.Where(c => !c.IsHidden).Select(c => c.Name));
        }

        var vector = column.Type as VectorDataViewType;
        bool accepted = Accepts(vector is not null, vector?.ItemType ?? column.Type)
            && (Kind != InputKind.FloatVector || (vector!.Size > 0 && (Length == 0 || vector.Size == Length)));
        return accepted ? column : throw Mismatch(Describe(column.Type));
    }

    private static string Describe(DataViewType type) => type switch
    {
        VectorDataViewType { Size: 0 } vector => $"Vector<{vector.ItemType}> of unknown length",
        VectorDataViewType vector => $"Vector<{vector.ItemType}, {vector.Size}>",
        _ => $"{type}",
    };

    private bool Accepts(bool isVector, DataViewType item) => Kind switch
    {
        InputKind.Sound => isVector ? item == NumberDataViewType.Byte : item is TextDataViewType,
        InputKind.SoundOrSamples => isVector
            ? item == NumberDataViewType.Byte || item == NumberDataViewType.Single
            : item is TextDataViewType,
        InputKind.Pictures => item is TextDataViewType
            || (isVector ? item == NumberDataViewType.Byte : ImageColumn.Is(item)),
        InputKind.Number => !isVector && (item == NumberDataViewType.Single
            || item == NumberDataViewType.Double || item == NumberDataViewType.Int32),
        _ => isVector && item == NumberDataViewType.Single,
    };

    private ArgumentException Mismatch(string actual) => new($"Column '{Name}' ({Role}) is {actual}; must be {Expected}.");

    private ArgumentException Missing(IEnumerable<string> present) =>
        new($"Column '{Name}' ({Role}) is not in the input; must be {Expected}; the input has: {string.Join(", ", present)}.");
}

/// <summary>The column types that a step accepts.</summary>
internal enum InputKind
{
    Sound, // a path or a file's bytes
    SoundOrSamples,
    Pictures, // a path, paths, a file's bytes or pixels
    Number,
    FloatVector,
    FloatList, // a vector of Single of another length in each row
}
