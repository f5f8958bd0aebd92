using System.Text.Json.Nodes;

[assembly: Microsoft.ML.ModelLoader(
    Microsoft.ML.Data.ColumnConcatenatingTransformer.Signature, typeof(Microsoft.ML.Data.ColumnConcatenatingTransformer.Loader))]

namespace Microsoft.ML.Data;

/// <summary>Joins columns of one item type into a vector.</summary>
public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string Signature = "ConcatTransform";
    internal const string SlotNames = "SlotNames";
    private readonly string _output;
    private readonly string[] _inputs;

    internal ColumnConcatenatingTransformer(string output, string[] inputs)
    {
        _output = output;
        _inputs = inputs;
    }

    internal override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(_output, _inputs, schema);

    internal override void SaveModel(ModelSaveContext ctx)
        => ctx.Write(Signature, new JsonObject
        {
            ["output"] = _output,
            ["inputs"] = new JsonArray([.. _inputs.Select(name => JsonValue.Create(name))]),
        });

    internal sealed class Loader : IModelLoader
    {
        public ITransformer Load(MLContext ml, ModelLoadContext context)
            => new ColumnConcatenatingTransformer(context.Text("output"), context.Texts("inputs"));
    }

    private sealed class Mapper : IRowMapper
    {
        private readonly DataViewSchema.Column[] _sources;
        private readonly VectorDataViewType _type;

        public Mapper(string output, string[] inputs, DataViewSchema schema)
        {
            _sources = [.. inputs.Select(name => schema.GetColumnOrNull(name) ?? throw Checks.MissingColumn("inputSchema", "input", name))];
            var item = _sources[0].Type.ItemOf();
            foreach (var source in _sources)
            {
                if (!source.Type.ItemOf().Equals(item))
                    throw Checks.SchemaMismatch("inputSchema", "input", source.Name, $"{item}", $"{source.Type}");
            }

            var sizes = _sources.Select(source => source.Type.ValueCountOf());
            _type = new VectorDataViewType((PrimitiveDataViewType)item, sizes.Contains(0) ? 0 : sizes.Sum());

            // A single vector passes as it is, its dimensions and annotations included.
            var only = _sources.Length == 1 && _sources[0].Type is VectorDataViewType ? _sources[0] : (DataViewSchema.Column?)null;
            AddedColumns = [only is { } same ? new(output, same.Type, same.Annotations) : new(output, _type, Names())];
        }

        public DataViewSchema.DetachedColumn[] AddedColumns { get; }

        public IEnumerable<int> Needs(bool[] activeAdded) => activeAdded[0] ? _sources.Select(source => source.Index).Distinct() : [];

        public Delegate[] CreateGetters(DataViewRow input, bool[] activeAdded, out Action disposer)
        {
            disposer = null;
            if (!activeAdded[0])
                return [null];
            return [(Delegate)Generic.Call(this, typeof(Mapper), nameof(Getter), [_type.ItemType.RawType], input)];
        }

        private ValueGetter<VBuffer<T>> Getter<T>(DataViewRow input)
        {
            var parts = _sources.Select(source => Part<T>(input, source)).ToArray();
            var values = new List<T>();
            return (ref VBuffer<T> value) =>
            {
                values.Clear();
                foreach (var part in parts)
                    part(values);
                var editor = VBufferEditor.Create(ref value, values.Count);
                values.CopyTo(editor.Values);
                value = editor.Commit();
            };
        }

        private static Action<List<T>> Part<T>(DataViewRow input, DataViewSchema.Column source)
        {
            if (source.Type is not VectorDataViewType)
            {
                var scalar = input.GetGetter<T>(source);
                T item = default;
                return values =>
                {
                    scalar(ref item);
                    values.Add(item);
                };
            }

            var vector = input.GetGetter<VBuffer<T>>(source);
            VBuffer<T> items = default;
            return values =>
            {
                vector(ref items);
                if (items.IsDense)
                    values.AddRange(items.GetValues());
                else
                    values.AddRange(items.DenseValues());
            };
        }

        /// <summary>Slot names, where a source is a scalar (its column's name) or has some (prefixed by its column's name).</summary>
        private DataViewSchema.Annotations Names()
        {
            if (!_type.IsKnownSize || !_sources.Any(source => source.Type is not VectorDataViewType || Named(source)))
                return DataViewSchema.Annotations.Empty;
            var names = new string[_type.Size];
            int slot = 0;
            foreach (var source in _sources)
            {
                if (source.Type is not VectorDataViewType)
                {
                    names[slot++] = source.Name;
                    continue;
                }

                if (Named(source))
                {
                    VBuffer<ReadOnlyMemory<char>> own = default;
                    source.Annotations.GetValue(SlotNames, ref own);
                    foreach (var item in own.Items().Where(item => !item.Value.IsEmpty))
                        names[slot + item.Key] = $"{source.Name}.{item.Value}";
                }

                slot += source.Type.ValueCountOf();
            }

            var builder = new DataViewSchema.Annotations.Builder();
            builder.Add(SlotNames, new VectorDataViewType(TextDataViewType.Instance, names.Length), (ref VBuffer<ReadOnlyMemory<char>> value) =>
            {
                var editor = VBufferEditor.Create(ref value, names.Length);
                for (int i = 0; i < names.Length; i++)
                    editor.Values[i] = names[i].AsMemory();
                value = editor.Commit();
            });
            return builder.ToAnnotations();
        }

        private static bool Named(DataViewSchema.Column column)
            => column.Annotations.Schema.GetColumnOrNull(SlotNames)?.Type is VectorDataViewType { ItemType: TextDataViewType } names
                && names.Size == column.Type.ValueCountOf();
    }
}
