using System.Text.Json.Nodes;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Adds the columns of <typeparamref name="TDst"/>, computed by an action from those of <typeparamref name="TSrc"/>.</summary>
public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly Action<TSrc, TDst> _action;
    private readonly string _contractName;

    internal CustomMappingTransformer(Action<TSrc, TDst> action, string contractName, SchemaDefinition input, SchemaDefinition output)
    {
        _action = Checks.Value(action, "mapAction");
        _contractName = contractName;
        InputDefinition = input;
        Added = MemberColumn.For(typeof(TDst), output, SchemaDefinition.Direction.Write);
    }

    internal SchemaDefinition InputDefinition { get; }

    internal MemberColumn[] Added { get; }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
        => new AddedColumns(Checks.Value(inputSchema, nameof(inputSchema)), new Mapper(this, inputSchema).AddedColumns).Output;

    public IDataView Transform(IDataView input)
        => new MappedDataView(Checks.Value(input, nameof(input)), new Mapper(this, input.Schema));

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
        => new MappedDataView(new EmptyDataView(Checks.Value(inputSchema, nameof(inputSchema))), new Mapper(this, inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        Checks.State(_contractName != null, "Empty contract name for a transform: the transform cannot be saved");
        ctx.Write(CustomMappingLoader.Signature, new JsonObject
        {
            ["contract"] = _contractName,
            ["assembly"] = _action.Method.DeclaringType.Assembly.FullName,
        });
    }

    private sealed class Mapper : IRowMapper
    {
        private readonly CustomMappingTransformer<TSrc, TDst> _parent;
        private readonly ObjectFiller<TSrc> _source;

        public Mapper(CustomMappingTransformer<TSrc, TDst> parent, DataViewSchema inputSchema)
        {
            _parent = parent;
            _source = new ObjectFiller<TSrc>(inputSchema, ignoreMissingColumns: false, parent.InputDefinition);
        }

        public DataViewSchema.DetachedColumn[] AddedColumns => [.. _parent.Added.Select(column => column.Detached)];

        public IEnumerable<int> Needs(bool[] activeAdded)
            => activeAdded.Contains(true) ? _source.Needs.Select(column => column.Index) : [];

        public Delegate[] CreateGetters(DataViewRow input, bool[] activeAdded, out Action disposer)
        {
            disposer = null;
            if (!activeAdded.Contains(true))
                return new Delegate[activeAdded.Length];

            // One object of each class serves all rows; the action runs once per row, when the first of its columns is read.
            var fill = _source.Bind(input);
            var source = new TSrc();
            var result = new TDst();
            var row = new ObjectRow<TDst>(_parent.Added);
            long served = -1;
            void Refresh()
            {
                if (input.Position == served)
                    return;
                fill(source);
                _parent._action(source, result);
                row.MoveTo(result);
                served = input.Position;
            }

            return [.. activeAdded.Select((active, i) => active ? Refreshed(row, i, Refresh) : null)];
        }

        private static Delegate Refreshed(ObjectRow<TDst> row, int index, Action refresh)
            => (Delegate)Generic.Call(null, typeof(Mapper), nameof(RefreshedGetter), [row.Schema[index].Type.RawType],
                row.GetterAt(index), refresh);

        private static ValueGetter<T> RefreshedGetter<T>(Delegate getter, Action refresh)
        {
            var get = (ValueGetter<T>)getter;
            return (ref T value) =>
            {
                refresh();
                get(ref value);
            };
        }
    }
}
