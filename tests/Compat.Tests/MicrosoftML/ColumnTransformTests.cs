using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.Tests.MicrosoftML;

public class ColumnTransformTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Data() => _ml.Data.LoadFromEnumerable(new[]
    {
        new Row { A = 1, B = [2, 3], Name = "x", Any = [9], Sparse = new(3, 1, [7], [1]) },
        new Row { A = 4, B = [5, 6], Name = "y", Any = [8, 7], Sparse = new(3, [1, 2, 3]) },
    });

    private static string[] Columns(IDataView data) => [.. data.Schema.Select(column => column.ToString())];

    [Fact]
    public void CopyColumns_Column_IsCopiedWithItsType()
    {
        var result = _ml.Transforms.CopyColumns("C", "B").Fit(Data()).Transform(Data());

        Assert.Equal("C: Vector<Single, 2>", result.Schema["C"].ToString());
        Assert.Equal(result.GetColumn<float[]>("B"), result.GetColumn<float[]>("C"));
    }

    [Fact]
    public void CopyColumns_MissingInput_Throws()
    {
        var estimator = _ml.Transforms.CopyColumns("C", "Nobody");

        var error = Assert.Throws<ArgumentOutOfRangeException>("inputSchema", () => estimator.GetOutputSchema(Shapes.Of(_ml, Data())));

        Assert.Equal("Could not find input column 'Nobody' (Parameter 'inputSchema')", error.Message);
        Assert.ThrowsAny<ArgumentOutOfRangeException>(() => estimator.Fit(Data()));
    }

    [Fact]
    public void Concatenate_ScalarAndVectors_JoinsThemWithSlotNames()
    {
        var result = _ml.Transforms.Concatenate("F", "A", "B", "Sparse").Fit(Data()).Transform(Data());

        Assert.Equal("F: Vector<Single, 6> {SlotNames}", result.Schema["F"].ToString());
        Assert.Equal([[1, 2, 3, 0, 7, 0], [4, 5, 6, 1, 2, 3]], result.GetColumn<float[]>("F"));
        VBuffer<ReadOnlyMemory<char>> names = default;
        result.Schema["F"].Annotations.GetValue("SlotNames", ref names);
        Assert.Equal(["A", "", "", "", "", ""], names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void Concatenate_NamedSlots_KeepTheirColumnsName()
    {
        var first = _ml.Transforms.Concatenate("F", "A", "A").Fit(Data()).Transform(Data());

        var result = _ml.Transforms.Concatenate("G", "F", "B").Fit(first).Transform(first);

        VBuffer<ReadOnlyMemory<char>> names = default;
        result.Schema["G"].Annotations.GetValue("SlotNames", ref names);
        Assert.Equal(["F.A", "F.A", "", ""], names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void Concatenate_VectorOfAnySize_MakesOneOfAnySize()
    {
        var result = _ml.Transforms.Concatenate("F", "A", "Any").Fit(Data()).Transform(Data());

        Assert.Equal("F: Vector<Single>", result.Schema["F"].ToString());
        Assert.Equal([[1, 9], [4, 8, 7]], result.GetColumn<float[]>("F"));
    }

    [Fact]
    public void Concatenate_OneVector_PassesAsItIs()
    {
        var result = _ml.Transforms.Concatenate("F", "B").Fit(Data()).Transform(Data());

        Assert.Equal("F: Vector<Single, 2>", result.Schema["F"].ToString());
        Assert.Equal([[2, 3], [5, 6]], result.GetColumn<float[]>("F"));
    }

    [Fact]
    public void Concatenate_DifferentTypes_Throws()
    {
        var estimator = _ml.Transforms.Concatenate("F", "A", "Name");

        var shapeError = Assert.Throws<InvalidOperationException>(() => estimator.GetOutputSchema(Shapes.Of(_ml, Data())));
        var error = Assert.Throws<ArgumentOutOfRangeException>("inputSchema", () => estimator.Fit(Data()).Transform(Data()));

        Assert.Equal("Concatenated columns should have the same type. Column 'Name' has type of String, but expected column type is Single.",
            shapeError.Message);
        Assert.Equal("Schema mismatch for input column 'Name': expected Single, got String (Parameter 'inputSchema')", error.Message);
    }

    [Fact]
    public void Concatenate_MissingInput_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("inputSchema",
            () => _ml.Transforms.Concatenate("F", "Nobody").Fit(Data()).Transform(Data()));

        Assert.Equal("Could not find input column 'Nobody' (Parameter 'inputSchema')", error.Message);
    }

    [Fact]
    public void SelectColumns_Names_GiveTheOrder()
    {
        var data = _ml.Transforms.CopyColumns("A", "Name").Fit(Data()).Transform(Data());

        var result = _ml.Transforms.SelectColumns("B", "A").Fit(data).Transform(data);

        Assert.Equal(["B: Vector<Single, 2>", "A: String"], Columns(result));
        Assert.Equal(["x", "y"], result.GetColumn<string>("A"));
        Assert.Equal(2, result.GetRowCount());
    }

    [Fact]
    public void DropColumns_Names_LeavesTheRest()
    {
        var result = _ml.Transforms.DropColumns("A", "B", "Any", "Sparse").Fit(Data()).Transform(Data());

        Assert.Equal(["Name: String"], Columns(result));
    }

    [Fact]
    public void SelectColumns_Missing_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.SelectColumns("A", "Nobody").Fit(Data()));

        Assert.StartsWith("Could not find input column 'Nobody'", error.Message, StringComparison.Ordinal);
    }

    private sealed class Row
    {
        public float A { get; set; }

        [VectorType(2)]
        public float[]? B { get; set; }

        public string? Name { get; set; }

        public float[]? Any { get; set; }

        [VectorType(3)]
        public VBuffer<float> Sparse { get; set; }
    }
}
