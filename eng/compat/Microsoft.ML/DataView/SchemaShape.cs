using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>What is known of a schema before there is data: names, kinds and item types.</summary>
public sealed class SchemaShape : IReadOnlyList<SchemaShape.Column>
{
    private static readonly SchemaShape Nothing = new([]);
    private readonly Column[] _columns;

    public SchemaShape(IEnumerable<Column> columns)
    {
        _columns = [.. Checks.Value(columns, nameof(columns))];
        Checks.Param(_columns.All(column => column.Name != null), nameof(columns), "Some items are not initialized properly.");
    }

    public int Count => _columns.Length;

    public Column this[int index] => _columns[index];

    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static SchemaShape Create(DataViewSchema schema)
        => new(schema.Where(column => !column.IsHidden).Select(column => new Column(column.Name, column.Type,
            new SchemaShape(column.Annotations.Schema.Select(annotation => new Column(annotation.Name, annotation.Type, Nothing))))));

    internal bool TryFind(string name, out Column column)
    {
        column = _columns.FirstOrDefault(c => c.Name == name);
        return column.Name != null;
    }

    /// <summary>These columns with some replaced in place by name and the rest appended.</summary>
    internal SchemaShape With(IEnumerable<Column> added)
    {
        var result = _columns.ToDictionary(column => column.Name);
        foreach (var column in added)
            result[column.Name] = column;
        return new SchemaShape(result.Values);
    }

    /// <summary>A column's shape.</summary>
    public struct Column
    {
        public readonly string Name;

        public readonly VectorKind Kind;

        public readonly DataViewType ItemType;

        public readonly bool IsKey;

        public readonly SchemaShape Annotations;

        internal Column(string name, DataViewType type, SchemaShape annotations)
        {
            Name = name;
            Kind = type is not VectorDataViewType vector ? VectorKind.Scalar
                : vector.IsKnownSize ? VectorKind.Vector
                : VectorKind.VariableVector;
            var item = type.ItemOf();
            IsKey = item is KeyDataViewType;
            ItemType = IsKey ? DataViewTypes.FromRaw(item.RawType) : item;
            Annotations = annotations ?? Nothing;
        }

        internal Column(string name, VectorKind kind, DataViewType itemType, bool isKey, SchemaShape annotations)
        {
            Name = name;
            Kind = kind;
            ItemType = itemType;
            IsKey = isKey;
            Annotations = annotations ?? Nothing;
        }

        /// <summary>The type as error messages print it.</summary>
        internal string TypeText
        {
            get
            {
                string item = IsKey ? $"Key<{ItemType}>" : $"{ItemType}";
                return Kind switch
                {
                    VectorKind.Vector => $"Vector<{item}>",
                    VectorKind.VariableVector => $"VarVector<{item}>",
                    _ => item,
                };
            }
        }

        /// <summary>Whether a column is one value or many.</summary>
        public enum VectorKind
        {
            Scalar,
            Vector,
            VariableVector,
        }
    }
}
