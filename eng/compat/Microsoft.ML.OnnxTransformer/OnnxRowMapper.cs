using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Runs a graph once per row, when the first of its columns is read there.</summary>
internal sealed class OnnxRowMapper : IRowMapper
{
    private readonly OnnxTransformer _parent;
    private readonly DataViewSchema.Column[] _columns;

    public OnnxRowMapper(OnnxTransformer parent, DataViewSchema schema)
    {
        _parent = parent;
        _columns = [.. parent.Inputs.Select(input => Bind(input, schema))];
    }

    public DataViewSchema.DetachedColumn[] AddedColumns
        => [.. _parent.Outputs.Select(output => new DataViewSchema.DetachedColumn(ColumnName(output.Name), output.Type))];

    public IEnumerable<int> Needs(bool[] activeAdded)
        => activeAdded.Contains(true) ? _columns.Select(column => column.Index).Distinct() : [];

    public Delegate[] CreateGetters(DataViewRow input, bool[] activeAdded, out Action disposer)
    {
        if (!activeAdded.Contains(true))
        {
            disposer = null;
            return new Delegate[activeAdded.Length];
        }

        string[] wanted = [.. _parent.Outputs.Where((_, i) => activeAdded[i]).Select(output => output.Name)];
        var run = new RowRun(_parent, input, [.. _columns.Zip(_parent.Inputs, (column, tensor) => TensorReader.For(input, column, tensor))],
            wanted);
        disposer = run.Dispose;
        return [.. _parent.Outputs.Select((output, i) => activeAdded[i] ? Getter(run, output, Array.IndexOf(wanted, output.Name)) : null)];
    }

    private static DataViewSchema.Column Bind(OnnxTensorInfo input, DataViewSchema schema)
    {
        if (input.Shape.Count(d => d == 0) > 1)
            throw new ArgumentOutOfRangeException(input.Name, "Only 1 unknown dimension is allowed");
        var column = schema.GetColumnOrNull(input.Name) ?? throw Checks.MissingColumn("inputSchema", "input", input.Name);
        var item = column.Type.ItemOf();
        if (!item.Equals(input.Type.ItemType) && !(item is KeyDataViewType && item.RawType == input.Type.ItemType.RawType))
            throw Checks.SchemaMismatch("inputSchema", "input", input.Name, $"{input.Type.ItemType}", $"{column.Type}");
        int size = column.Type.ValueCountOf();
        int expected = input.Shape.Aggregate(1, (product, d) => product * d);
        Checks.State(expected == 0 || size % expected == 0,
            $"Input shape mismatch: Input '{input.Name}' has shape {string.Join(",", input.Shape)}, but input data is of length {size}.");
        return column;
    }

    private static string ColumnName(string tensor)
        => tensor.EndsWith(".output", StringComparison.Ordinal) ? tensor.Replace(".output", "", StringComparison.Ordinal) : tensor;

    private static Delegate Getter(RowRun run, OnnxTensorInfo output, int index)
        => output.Type.ItemType is TextDataViewType
            ? TextGetter(run, index)
            : (Delegate)Generic.Call(null, typeof(OnnxRowMapper), nameof(NumberGetter), [output.Type.ItemType.RawType], run, index);

    private static ValueGetter<VBuffer<T>> NumberGetter<T>(RowRun run, int index) where T : unmanaged
        => (ref VBuffer<T> value) =>
        {
            var items = run.Output(index).GetTensorDataAsSpan<T>();
            var editor = VBufferEditor.Create(ref value, items.Length);
            items.CopyTo(editor.Values);
            value = editor.Commit();
        };

    private static ValueGetter<VBuffer<ReadOnlyMemory<char>>> TextGetter(RowRun run, int index)
        => (ref VBuffer<ReadOnlyMemory<char>> value) =>
        {
            string[] items = run.Output(index).GetStringTensorAsArray();
            var editor = VBufferEditor.Create(ref value, items.Length);
            for (int i = 0; i < items.Length; i++)
                editor.Values[i] = items[i].AsMemory();
            value = editor.Commit();
        };

    /// <summary>The outputs at the row where the input stands.</summary>
    private sealed class RowRun(OnnxTransformer parent, DataViewRow row, TensorReader[] readers, string[] outputs) : IDisposable
    {
        private readonly RunOptions _options = new();
        private readonly string[] _inputs = [.. readers.Select(reader => reader.Name)];
        private IDisposableReadOnlyCollection<OrtValue> _results;
        private long _position = -1;

        public OrtValue Output(int index)
        {
            if (_position != row.Position)
            {
                Release();
                var values = new List<OrtValue>();
                try
                {
                    foreach (var reader in readers)
                        values.Add(reader.Read());
                    _results = parent.Session.Run(_options, _inputs, values, outputs);
                }
                finally
                {
                    values.ForEach(value => value.Dispose());
                }

                _position = row.Position;
            }

            return _results[index];
        }

        public void Dispose()
        {
            Release();
            _options.Dispose();
        }

        private void Release()
        {
            _results?.Dispose();
            _results = null;
            _position = -1;
        }
    }
}
