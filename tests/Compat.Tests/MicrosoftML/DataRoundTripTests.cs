using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.Tests.MicrosoftML;

public class DataRoundTripTests
{
    private readonly MLContext _ml = new(seed: 1);

    private static Sample[] Samples() =>
    [
        new() { Number = 1.5f, Count = 3, Flag = true, Name = "ann", Vector = [1, 2], Words = ["a", "b"], Buffer = new(3, 1, [5], [2]) },
        new() { Number = -2, Count = 4, Name = null, Vector = null, Words = null },
    ];

    [Fact]
    public void LoadFromEnumerable_Objects_MakesTypedColumns()
    {
        var data = _ml.Data.LoadFromEnumerable(Samples());

        Assert.Equal(
            ["Number: Single", "Count: Int64", "Flag: Boolean", "name: String", "Vector: Vector<Single, 2>", "Words: Vector<String>", "Buffer: Vector<Single, 3>"],
            data.Schema.Select(column => column.ToString()));
        Assert.Equal(2, data.GetRowCount());
        Assert.Null(_ml.Data.LoadFromEnumerable(Unlisted()).GetRowCount());

        static IEnumerable<Sample> Unlisted()
        {
            foreach (var sample in Samples())
                yield return sample;
        }
    }

    [Fact]
    public void CreateEnumerable_NewObjects_EqualTheLoadedOnes()
    {
        var rows = _ml.Data.CreateEnumerable<Sample>(_ml.Data.LoadFromEnumerable(Samples()), reuseRowObject: false).ToArray();

        Assert.Equal(2, rows.Length);
        Assert.NotSame(rows[0], rows[1]);
        Assert.Equal((1.5f, 3, true, "ann"), (rows[0].Number, rows[0].Count, rows[0].Flag, rows[0].Name));
        Assert.Equal([1, 2], rows[0].Vector!);
        Assert.Equal(["a", "b"], rows[0].Words!);
        Assert.Equal([0, 0, 5], rows[0].Buffer.DenseValues());

        // Missing text and vectors come back empty, never null.
        Assert.Equal("", rows[1].Name);
        Assert.Equal([], rows[1].Vector!);
        Assert.Equal([], rows[1].Words!);
    }

    [Fact]
    public void CreateEnumerable_ReusedObject_IsTheSameAndKeepsItsArrays()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Plain { Values = [1, 2] }, new Plain { Values = [3, 4] } });
        Plain? first = null;
        float[]? array = null;
        var seen = new List<float>();

        foreach (var row in _ml.Data.CreateEnumerable<Plain>(data, reuseRowObject: true))
        {
            first ??= row;
            array ??= row.Values;
            Assert.Same(first, row);
            Assert.Same(array, row.Values);
            seen.AddRange(row.Values!);
        }

        Assert.Equal([1, 2, 3, 4], seen);
    }

    [Fact]
    public void CreateEnumerable_MissingColumn_ThrowsUnlessIgnored()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Plain { Values = [1] } });

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.CreateEnumerable<PlainAndMore>(data, false).Count());

        Assert.StartsWith("Could not find  column 'More'", error.Message, StringComparison.Ordinal);
        Assert.Equal([1], _ml.Data.CreateEnumerable<PlainAndMore>(data, false, ignoreMissingColumns: true).Single().Values!);
    }

    [Fact]
    public void CreateEnumerable_OtherType_Throws()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Plain { Values = [1] } });

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Data.CreateEnumerable<OtherPlain>(data, false).Count());

        Assert.Equal("Can't bind the IDataView column 'Values' of type 'Vector<Single>' to field or property 'Values' of type 'System.Double[]'.",
            error.Message);
    }

    [Fact]
    public void LoadFromEnumerable_SchemaDefinition_GivesVectorsTheirSize()
    {
        var definition = SchemaDefinition.Create(typeof(Plain));
        definition["Values"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        definition["Values"].ColumnName = "embedding";

        var data = _ml.Data.LoadFromEnumerable(new[] { new Plain { Values = [1, 2] } }, definition);

        Assert.Equal("embedding: Vector<Single, 2>", data.Schema.Single().ToString());
        Assert.Equal([1, 2], data.GetColumn<float[]>("embedding").Single());
        Assert.Equal([1, 2], _ml.Data.CreateEnumerable<Plain>(data, false, false, definition).Single().Values!);
    }

    [Fact]
    public void LoadFromEnumerable_DefinitionOfOtherItemType_Throws()
    {
        var definition = SchemaDefinition.Create(typeof(Plain));
        definition["Values"].ColumnType = new VectorDataViewType(NumberDataViewType.Double, 2);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(Array.Empty<Plain>(), definition));

        Assert.StartsWith("Column 'Values' is supposed to have item type System.Double, but associated field has type System.Single",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadFromEnumerable_Schema_GivesTypes()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Values", new VectorDataViewType(NumberDataViewType.Single, 2));

        var data = _ml.Data.LoadFromEnumerable(new[] { new Plain { Values = [1, 2] } }, builder.ToSchema());

        Assert.Equal("Vector<Single, 2>", data.Schema["Values"].Type.ToString());
    }

    [Fact]
    public void LoadFromEnumerable_SchemaWithoutMember_Throws()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Nobody", NumberDataViewType.Single);

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Data.LoadFromEnumerable(Array.Empty<Plain>(), builder.ToSchema()));

        Assert.Equal("Type should contain a member named Nobody", error.Message);
    }

    [Fact]
    public void GetColumn_TypesThatFit_AreConverted()
    {
        var data = _ml.Data.LoadFromEnumerable(Samples());

        Assert.Equal([1.5f, -2], data.GetColumn<float>("Number"));
        Assert.Equal(["ann", ""], data.GetColumn<string>(data.Schema["name"]));
        Assert.Equal([[1, 2], []], data.GetColumn<float[]>("Vector"));
        Assert.Equal([["a", "b"], []], data.GetColumn<string[]>("Words"));
        Assert.Equal([0, 0, 5], data.GetColumn<VBuffer<float>>("Buffer").First().DenseValues());
    }

    [Fact]
    public void GetColumn_OtherType_Throws()
    {
        var data = _ml.Data.LoadFromEnumerable(Samples());

        var error = Assert.Throws<ArgumentOutOfRangeException>("column", () => data.GetColumn<double>("Number").Count());

        Assert.StartsWith("Cannot map column (name: Number, type: Single) in data to the user-defined type, System.Double.", error.Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("name", () => data.GetColumn<float>("Nobody"));
    }

    [Fact]
    public void LoadFromEnumerable_NullRow_ThrowsWhenReached()
    {
        var data = _ml.Data.LoadFromEnumerable(new Plain[] { new(), null! });

        var error = Assert.Throws<InvalidOperationException>(() => data.GetColumn<VBuffer<float>>("Values").Count());

        Assert.Equal("Encountered null when iterating over data, this is not supported.", error.Message);
    }

    private sealed class Sample
    {
        public float Number;

        public long Count;

        public bool Flag;

        [ColumnName("name")]
        public string? Name;

        [VectorType(2)]
        public float[]? Vector;

        public string[]? Words;

        [VectorType(3)]
        public VBuffer<float> Buffer;
    }

    private sealed class Plain
    {
        public float[]? Values { get; set; }
    }

    private sealed class PlainAndMore
    {
        public float[]? Values { get; set; }

        public float More { get; set; }
    }

    private sealed class OtherPlain
    {
        public double[]? Values { get; set; }
    }
}
