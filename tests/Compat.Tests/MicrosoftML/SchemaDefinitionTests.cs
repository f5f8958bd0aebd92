using Microsoft.ML.Data;

namespace Compat.Tests.MicrosoftML;

public class SchemaDefinitionTests
{
    [Fact]
    public void Create_Class_MapsMembers()
    {
        var definition = SchemaDefinition.Create(typeof(Row));

        Assert.Equal(["Score:Single", "label:String", "Any:Vector<Int32>", "Fixed:Vector<Double, 2, 3>", "Buffer:Vector<Single, 4>", "Texts:Vector<String>"],
            definition.Select(column => $"{column.ColumnName}:{column.ColumnType}").OrderBy(text => "Sl AFBT".IndexOf(text[0], StringComparison.Ordinal)));
        Assert.Equal("Label", definition["label"].MemberName);
        Assert.Null(definition["Label"]);
    }

    [Fact]
    public void Create_Directions_TakeReadableOrWritableProperties()
    {
        Assert.Equal(["Both", "ReadOnly"], Names(SchemaDefinition.Direction.Read));
        Assert.Equal(["Both"], Names(SchemaDefinition.Direction.Write));

        static IEnumerable<string> Names(SchemaDefinition.Direction direction)
            => SchemaDefinition.Create(typeof(Properties), direction).Select(column => column.ColumnName).Order();
    }

    [Fact]
    public void Create_DuplicateName_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("userType", () => SchemaDefinition.Create(typeof(Duplicate)));

        Assert.StartsWith("Duplicate column name 'A' detected, this is disallowed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_VectorTypeOnScalar_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("userType", () => SchemaDefinition.Create(typeof(ScalarVector)));

        Assert.StartsWith("Member A marked with VectorTypeAttribute, but does not appear to be a vector type", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_UnknownMemberType_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("rawType", () => SchemaDefinition.Create(typeof(Unknown)));

        Assert.StartsWith("Could not determine an IDataView type and registered custom types for member A", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Indexer_Set_ReplacesTheColumnOfThatName()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        var other = SchemaDefinition.Create(typeof(Row))["Score"];
        int count = definition.Count;

        definition["Score"] = other;

        Assert.Same(other, definition["Score"]);
        Assert.Equal(count, definition.Count);
        Assert.Throws<ArgumentOutOfRangeException>("columnName", () => definition["Other"] = other);
    }

#pragma warning disable CS0649, CA1822 // Only the declarations of these members matter.
    private sealed class Row
    {
        public float Score;

        [ColumnName("label")]
        public string Label { get; set; } = "";

        public int[]? Any;

        [VectorType(2, 3)]
        public double[]? Fixed;

        [VectorType(4)]
        public VBuffer<float> Buffer;

        public string[]? Texts;

        [NoColumn]
        public object? Ignored;
    }

    private sealed class Properties
    {
        public float Both { get; set; }

        public float ReadOnly => 1;
    }

    private sealed class Duplicate
    {
        public float A;

        [ColumnName("A")]
        public float B;
    }

    private sealed class ScalarVector
    {
        [VectorType(3)]
        public float A;
    }

    private sealed class Unknown
    {
        public object? A;
    }
}
