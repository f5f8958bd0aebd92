using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Workouts;

/// <summary>
/// What every estimator owes: the promised schema is the delivered one; rows stay, in order, with what they had; a cursor that asks for
/// less gets the same values; one row at a time gives the same values; wrong input is refused three times with the same sentence; saving
/// gives the same values or the documented refusal.
/// </summary>
internal static class EstimatorWorkout
{
    public static void Run<TRow, TTransformer>(
        MLContext ml, IEstimator<TTransformer> estimator, IReadOnlyList<TRow> rows, IReadOnlyList<WrongInput> wrong, bool savable = false)
        where TRow : class, new()
        where TTransformer : class, ITransformer
    {
        IDataView input = ml.Data.LoadFromEnumerable(rows);
        TTransformer transformer = estimator.Fit(input);
        using var owned = transformer as IDisposable;
        IDataView output = transformer.Transform(input);

        SchemaIsAsPromised(estimator.GetOutputSchema(ShapeOf<TRow>(ml)), transformer.GetOutputSchema(input.Schema), output.Schema);
        List<object[]> values = RowsStay(input, output);
        FewerColumnsGiveTheSame(input, output, values);
        OneRowAtATimeGivesTheSame(transformer, input, values);
        WrongInputIsRefused(estimator, transformer, wrong);
        SavingIsAsDocumented(ml, transformer, input, values, savable);
    }

    /// <summary>The promised schema of rows; ML.NET lets only stock estimators make one.</summary>
    public static SchemaShape ShapeOf<TRow>(MLContext ml)
        where TRow : class, new() =>
        ml.Transforms.CustomMapping<NoInput, TRow>((_, _) => { }, null).GetOutputSchema(new SchemaShape([]));

    private static void SchemaIsAsPromised(SchemaShape promised, DataViewSchema delivered, DataViewSchema ofData)
    {
        Assert.Equal(Describe(delivered), Describe(ofData));
        Assert.Equal(
            delivered.Where(column => !column.IsHidden).Select(column => column.Name).Order(StringComparer.Ordinal),
            promised.Select(column => column.Name).Order(StringComparer.Ordinal));
        foreach (SchemaShape.Column column in promised)
        {
            DataViewType type = delivered[column.Name].Type;
            var vector = type as VectorDataViewType;
            Assert.Equal(type is KeyDataViewType ? NumberDataViewType.UInt32 : vector?.ItemType ?? type, column.ItemType);
            Assert.Equal(type is KeyDataViewType, column.IsKey);
            Assert.Equal(
                delivered[column.Name].Annotations.Schema.Select(annotation => annotation.Name).Order(StringComparer.Ordinal),
                column.Annotations.Select(annotation => annotation.Name).Order(StringComparer.Ordinal));
            Assert.Equal(
                vector is null ? SchemaShape.Column.VectorKind.Scalar
                    : vector.Size > 0 ? SchemaShape.Column.VectorKind.Vector
                    : SchemaShape.Column.VectorKind.VariableVector,
                column.Kind);
        }
    }

    private static List<object[]> RowsStay(IDataView input, IDataView output)
    {
        List<object[]> before = DataRows.ReadAll(input);
        List<object[]> values = DataRows.ReadAll(output);
        Assert.Equal(before, values.Select(row => row[..input.Schema.Count]));
        Assert.Equal(input.GetRowCount(), output.GetRowCount());
        Assert.Equal(values, DataRows.ReadAll(output));

        DataViewRowCursor[] cursors = output.GetRowCursorSet(output.Schema, 4);
        List<object[]> fromSet = [.. cursors.SelectMany(cursor => DataRows.Read(cursor, output.Schema))];
        Array.ForEach(cursors, cursor => cursor.Dispose());
        Assert.Equal(values, fromSet);
        return values;
    }

    private static void FewerColumnsGiveTheSame(IDataView input, IDataView output, List<object[]> values)
    {
        int added = output.Schema.Count - input.Schema.Count;
        Assert.True(added > 0);
        DataViewSchema.Column last = output.Schema[^1];
        using (DataViewRowCursor cursor = output.GetRowCursor([last]))
        {
            Assert.False(cursor.IsColumnActive(output.Schema[0]));
            Assert.True(cursor.IsColumnActive(last));
            Assert.Equal(values.Select(row => new[] { row[^1] }), DataRows.Read(cursor, [last]));
            Assert.Equal(-1, cursor.Position);
            Assert.False(cursor.MoveNext());
        }

        using DataViewRowCursor first = output.GetRowCursor([output.Schema[0]]);
        Assert.Equal(values.Select(row => new[] { row[0] }), DataRows.Read(first, [output.Schema[0]]));
    }

    private static void OneRowAtATimeGivesTheSame(ITransformer transformer, IDataView input, List<object[]> values)
    {
        Assert.True(transformer.IsRowToRowMapper);
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(input.Schema);
        using DataViewRowCursor source = input.GetRowCursor(mapper.GetDependencies(mapper.OutputSchema));
        using DataViewRow row = mapper.GetRow(source, mapper.OutputSchema);
        Func<object>[] getters = [.. mapper.OutputSchema.Select(column => DataRows.Getter(row, column))];
        var single = new List<object[]>();
        while (source.MoveNext())
        {
            single.Add([.. getters.Select(getter => getter())]);
        }

        Assert.Equal(values.Count, single.Count);
        for (int r = 0; r < values.Count; r++)
        {
            for (int c = 0; c < values[r].Length; c++)
            {
                AssertClose(values[r][c], single[r][c]);
            }
        }
    }

    private static void WrongInputIsRefused<TTransformer>(
        IEstimator<TTransformer> estimator, TTransformer transformer, IReadOnlyList<WrongInput> wrong)
        where TTransformer : class, ITransformer
    {
        Assert.NotEmpty(wrong);
        foreach (WrongInput input in wrong)
        {
            if (input.ShapeMessage is not null)
            {
                Assert.Equal(input.ShapeMessage, Assert.Throws<ArgumentException>(() => estimator.GetOutputSchema(input.Shape)).Message);
            }

            Assert.Equal(input.Message, Assert.Throws<ArgumentException>(() => estimator.Fit(input.View)).Message);
            Assert.Equal(input.TransformMessage, Assert.Throws<ArgumentException>(() => transformer.Transform(input.View)).Message);
            Assert.Equal(
                input.TransformMessage, Assert.Throws<ArgumentException>(() => transformer.GetOutputSchema(input.View.Schema)).Message);
        }
    }

    private static void SavingIsAsDocumented(MLContext ml, ITransformer transformer, IDataView input, List<object[]> values, bool savable)
    {
        using var stream = new MemoryStream();
        if (!savable)
        {
            NotSupportedException refusal = Assert.Throws<NotSupportedException>(() => ml.Model.Save(transformer, input.Schema, stream));
            Assert.Equal(
                $"{transformer.GetType().Name} cannot be saved by ml.Model.Save, which ML.NET closes to transformers outside its own "
                + "assemblies; ml.Model.SaveBundle saves the whole pipeline in one file.",
                refusal.Message);
            return;
        }

        ml.Model.Save(transformer, input.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext(0).Model.Load(stream, out DataViewSchema schema);
        using var owned = loaded as IDisposable;
        Assert.Equal(Describe(input.Schema), Describe(schema));
        Assert.Equal(values, DataRows.ReadAll(loaded.Transform(input)));
    }

    // A matrix product of one row may add in another order than that of many.
    private const float OneRowTolerance = 1e-5f;

    private static void AssertClose(object expected, object actual)
    {
        if (expected is float[] vector)
        {
            float[] other = Assert.IsType<float[]>(actual);
            Assert.Equal(vector.Length, other.Length);
            for (int i = 0; i < vector.Length; i++)
            {
                Assert.Equal(vector[i], other[i], OneRowTolerance);
            }
        }
        else
        {
            Assert.Equal(expected, actual);
        }
    }

    private static IEnumerable<string> Describe(DataViewSchema schema) => schema.Select(column => $"{column.Name}: {column.Type}");

    private sealed class NoInput;
}
