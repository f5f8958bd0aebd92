using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Engine;

public class CustomMappingTests
{
    private readonly MLContext _ml = new(seed: 1);

    private static Source[] Rows() => [new() { Values = [1, 2], Name = "x" }, new() { Values = [3, 4], Name = "y" }];

    private static void Scale(Source source, Scaled result)
    {
        result.Doubled = [.. source.Values!.Select(v => 2 * v)];
        result.Name = source.Name + "!";
    }

    [Fact]
    public void Transform_Rows_AddsColumnsAndHidesThoseOfTheSameName()
    {
        var data = _ml.Data.LoadFromEnumerable(Rows());

        var result = _ml.Transforms.CustomMapping<Source, Scaled>(Scale, null).Fit(data).Transform(data);

        Assert.Equal(
            ["Values: Vector<Single, 2>", "Name: String", "Name: String", "Doubled: Vector<Single, 2>"],
            result.Schema.Select(column => column.ToString()));
        Assert.Equal([false, true, false, false], result.Schema.Select(column => column.IsHidden));
        Assert.Equal(["x!", "y!"], result.GetColumn<string>("Name"));
        Assert.Equal([[2, 4], [6, 8]], result.GetColumn<float[]>("Doubled"));
        Assert.Equal([[1, 2], [3, 4]], result.GetColumn<float[]>("Values"));
        Assert.Equal(2, result.GetRowCount());
    }

    [Fact]
    public void GetOutputSchema_Promise_EqualsDelivery()
    {
        var data = _ml.Data.LoadFromEnumerable(Rows());
        var transformer = _ml.Transforms.CustomMapping<Source, Scaled>(Scale, null).Fit(data);

        var promised = transformer.GetOutputSchema(data.Schema);

        Assert.Equal(transformer.Transform(data).Schema.Select(column => column.ToString()), promised.Select(column => column.ToString()));
    }

    [Fact]
    public void Transform_ColumnThatNeedsNoMapping_DoesNotCallTheAction()
    {
        int calls = 0;
        var data = _ml.Data.LoadFromEnumerable(Rows());
        var result = _ml.Transforms.CustomMapping<Source, Scaled>((_, _) => Interlocked.Increment(ref calls), null)
            .Fit(data)
            .Transform(data);

        Assert.Equal(2, result.GetColumn<float[]>("Values").Count());

        Assert.Equal(0, calls);
    }

    [Fact]
    public void Transform_TwoColumnsOfARow_CallTheActionOnce()
    {
        int calls = 0;
        var data = _ml.Data.LoadFromEnumerable(Rows());
        var result = _ml.Transforms.CustomMapping<Source, Scaled>((source, scaled) =>
        {
            Interlocked.Increment(ref calls);
            Scale(source, scaled);
        }, null).Fit(data).Transform(data);

        Assert.Equal(2, _ml.Data.CreateEnumerable<Scaled>(result, false).Count());

        Assert.Equal(2, calls);
    }

    [Fact]
    public void Predict_RowAfterRow_ReusesTheSourceArray()
    {
        var seen = new List<float[]>();
        var data = _ml.Data.LoadFromEnumerable(Rows());
        using var engine = _ml.Model.CreatePredictionEngine<Source, Scaled>(_ml.Transforms.CustomMapping<Source, Scaled>((source, scaled) =>
        {
            seen.Add(source.Values!);
            Scale(source, scaled);
        }, null).Fit(data));

        engine.Predict(Rows()[0]);
        engine.Predict(Rows()[1]);

        Assert.Same(seen[0], seen[1]);
        Assert.Equal([3, 4], seen[0]);
    }

    [Fact]
    public void SchemaDefinitions_RenameAndSizeColumns()
    {
        var input = SchemaDefinition.Create(typeof(Source));
        input["Values"].ColumnName = "wave";
        var output = SchemaDefinition.Create(typeof(Scaled));
        output["Doubled"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 1, 2);
        output["Doubled"].ColumnName = "loud";
        var data = _ml.Data.LoadFromEnumerable(Rows(), input);

        var result = _ml.Transforms.CustomMapping<Source, Scaled>(Scale, null, input, output).Fit(data).Transform(data);

        Assert.Equal("loud: Vector<Single, 1, 2>", result.Schema["loud"].ToString());
        Assert.Equal([[2, 4], [6, 8]], result.GetColumn<float[]>("loud"));
    }

    [Fact]
    public void Fit_MissingColumn_Throws()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Nameless { Values = [1, 2] } });
        var estimator = _ml.Transforms.CustomMapping<Source, Scaled>(Scale, null);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(data));
        var shapeError = Assert.Throws<ArgumentOutOfRangeException>("inputSchema", () => estimator.GetOutputSchema(ShapeOf(data)));

        Assert.StartsWith("Could not find  column 'Name'", error.Message, StringComparison.Ordinal);
        Assert.Equal("Could not find input column 'Name' (Parameter 'inputSchema')", shapeError.Message);
    }

    [Fact]
    public void GetOutputSchema_OtherItemType_Throws()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Doubles { Values = [1, 2], Name = "x" } });
        var estimator = _ml.Transforms.CustomMapping<Source, Scaled>(Scale, null);

        var shapeError = Assert.Throws<ArgumentOutOfRangeException>("inputSchema", () => estimator.GetOutputSchema(ShapeOf(data)));
        var error = Assert.Throws<InvalidOperationException>(() => estimator.Fit(data));

        Assert.Equal("Schema mismatch for input column 'Values': expected Vector<Single, 2>, got Vector<Double> (Parameter 'inputSchema')",
            shapeError.Message);
        Assert.Equal("Can't bind the IDataView column 'Values' of type 'Vector<Double, "
            + "2>' to field or property 'Values' of type 'System.Single[]'.",
                error.Message);
    }

    [Fact]
    public void GetOutputSchema_Shape_GetsTheAddedColumns()
    {
        var data = _ml.Data.LoadFromEnumerable(Rows());

        var shape = _ml.Transforms.CustomMapping<Source, Scaled>(Scale, null).GetOutputSchema(ShapeOf(data));

        Assert.Equal(["Doubled:Vector:Single:False", "Name:Scalar:String:False", "Values:Vector:Single:False"],
            shape.Select(column => $"{column.Name}:{column.Kind}:{column.ItemType}:{column.IsKey}").Order());
        Assert.Equal(3, shape.Count);
        Assert.Empty(shape[0].Annotations);
    }

    /// <summary>The shape of a schema, which the API gives to estimators only.</summary>
    private SchemaShape ShapeOf(IDataView data) => Shapes.Of(_ml, data);

    private sealed class Source
    {
        [VectorType(2)]
        public float[]? Values { get; set; }

        public string? Name { get; set; }
    }

    private sealed class Scaled
    {
        [VectorType(2)]
        public float[]? Doubled { get; set; }

        public string? Name { get; set; }
    }

    private sealed class Nameless
    {
        [VectorType(2)]
        public float[]? Values { get; set; }
    }

    private sealed class Doubles
    {
        [VectorType(2)]
        public double[]? Values { get; set; }

        public string? Name { get; set; }
    }
}
