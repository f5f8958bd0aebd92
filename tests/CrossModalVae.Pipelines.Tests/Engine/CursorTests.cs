using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Engine;

public class CursorTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Data(int rows = 3)
        => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(i => new Pair { A = i, B = 10 * i }));

    [Fact]
    public void GetRowCursor_SomeColumns_OnlyTheseAreActive()
    {
        var data = Data();

        using var cursor = data.GetRowCursor([data.Schema["B"]]);

        Assert.False(cursor.IsColumnActive(data.Schema["A"]));
        Assert.True(cursor.IsColumnActive(data.Schema["B"]));
        Assert.Throws<ArgumentOutOfRangeException>("column", () => cursor.GetGetter<float>(data.Schema["A"]));
    }

    [Fact]
    public void GetGetter_OtherType_Throws()
    {
        var data = Data();

        using var cursor = data.GetRowCursor(data.Schema);

        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<double>(data.Schema["A"]));
    }

    [Fact]
    public void MoveNext_ToTheEnd_CountsRows()
    {
        var data = Data(2);
        using var cursor = data.GetRowCursor(data.Schema);
        var positions = new List<long> { cursor.Position };

        while (cursor.MoveNext())
            positions.Add(cursor.Position);
        positions.Add(cursor.Position);

        Assert.Equal([-1, 0, 1, -1], positions);
        Assert.False(cursor.MoveNext());
    }

    [Fact]
    public void GetIdGetter_Rows_AreNumbered()
    {
        var data = Data(2);
        using var cursor = data.GetRowCursor(data.Schema);
        var getId = cursor.GetIdGetter();
        DataViewRowId id = default;

        cursor.MoveNext();
        cursor.MoveNext();
        getId(ref id);

        Assert.Equal(new DataViewRowId(1, 0), id);
    }

    [Fact]
    public void GetRowCursor_Twice_EnumeratesAnew()
    {
        int enumerations = 0;
        var data = _ml.Data.LoadFromEnumerable(Rows());

        Assert.Equal([1, 2], data.GetColumn<float>("A"));
        Assert.Equal([1, 2], data.GetColumn<float>("A"));
        Assert.Equal(2, enumerations);
        Assert.False(data.CanShuffle);

        IEnumerable<Pair> Rows()
        {
            enumerations++;
            yield return new Pair { A = 1 };
            yield return new Pair { A = 2 };
        }
    }

    [Fact]
    public void GetRowCursorSet_OfAMapping_CoversEveryRowOnce()
    {
        var data = _ml.Transforms.CustomMapping<Pair, Sum>((input, output) => output.Total = input.A + input.B, null)
            .Fit(Data())
            .Transform(Data(100));
        var values = new List<float>();

        foreach (var cursor in data.GetRowCursorSet([data.Schema["Total"]], 3))
        {
            using (cursor)
            {
                var get = cursor.GetGetter<float>(data.Schema["Total"]);
                float value = 0;
                while (cursor.MoveNext())
                {
                    get(ref value);
                    values.Add(value);
                }
            }
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => 11f * i), values.Order());
    }

    private sealed class Pair
    {
        public float A { get; set; }

        public float B { get; set; }
    }

    private sealed class Sum
    {
        public float Total { get; set; }
    }
}
