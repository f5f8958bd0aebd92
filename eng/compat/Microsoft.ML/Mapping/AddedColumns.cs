namespace Microsoft.ML.Data;

/// <summary>
/// The schema that arises when columns are added to a schema: one with a new name goes to the end, one with a known name stands right
/// after the column that it hides.
/// </summary>
internal sealed class AddedColumns
{
    /// <summary>Per output column the index of the input column, or the complement of the index of the added one.</summary>
    private readonly List<int> _sources = [];

    public AddedColumns(DataViewSchema input, DataViewSchema.DetachedColumn[] added)
    {
        Input = input;
        Count = added.Length;
        _sources.AddRange(Enumerable.Range(0, input.Count));
        for (int i = 0; i < added.Length; i++)
        {
            string name = added[i].Name;
            int hidden = _sources.FindLastIndex(source => (source >= 0 ? input[source].Name : added[~source].Name) == name);
            _sources.Insert(hidden >= 0 ? hidden + 1 : _sources.Count, ~i);
        }

        Output = DataViewSchema.From(_sources.Select(source => source >= 0 ? new(input[source]) : added[~source]));
    }

    public DataViewSchema Input { get; }

    public DataViewSchema Output { get; }

    /// <summary>How many columns are added.</summary>
    public int Count { get; }

    /// <summary>Finds where an output column comes from: an input column, or an added one.</summary>
    public (bool IsInput, int Index) SourceOf(int outputIndex)
    {
        int source = _sources[outputIndex];
        return source >= 0 ? (true, source) : (false, ~source);
    }

    /// <summary>Which of the added columns are among the active output columns.</summary>
    public bool[] ActiveAdded(bool[] activeOutput)
    {
        var active = new bool[Count];
        for (int i = 0; i < activeOutput.Length; i++)
        {
            if (activeOutput[i] && SourceOf(i) is (false, var index))
                active[index] = true;
        }

        return active;
    }

    /// <summary>The input columns that are active output columns themselves.</summary>
    public IEnumerable<int> PassedThrough(bool[] activeOutput)
        => Enumerable.Range(0, activeOutput.Length).Where(i => activeOutput[i] && SourceOf(i).IsInput).Select(i => SourceOf(i).Index);
}
