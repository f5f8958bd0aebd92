using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.Tests.MicrosoftML;

public class ChainTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Data() => _ml.Data.LoadFromEnumerable(new[] { new Row { A = 1 }, new Row { A = 2 } });

    [Fact]
    public void Append_Estimators_AreFittedAndAppliedInOrder()
    {
        var pipeline = _ml.Transforms.CopyColumns("B", "A")
            .Append(_ml.Transforms.CustomMapping<FromB, ToC>((source, result) => result.C = source.B + 10, null))
            .Append(_ml.Transforms.Concatenate("D", "A", "C"));

        var model = pipeline.Fit(Data());

        Assert.Equal([[1, 11], [2, 12]], model.Transform(Data()).GetColumn<float[]>("D"));
        Assert.Equal(["A", "B", "C", "D"], model.GetOutputSchema(Data().Schema).Select(column => column.Name));
        Assert.Equal(3, model.Count());
        Assert.IsType<ColumnConcatenatingTransformer>(model.LastTransformer);
    }

    [Fact]
    public void Fit_BrokenChain_FailsBeforeAnyPartIsFitted()
    {
        int fits = 0;
        var pipeline = new Counting(() => fits++).Append(_ml.Transforms.CopyColumns("B", "Nobody"));

        Assert.Throws<ArgumentOutOfRangeException>("inputSchema", () => pipeline.Fit(Data()));

        Assert.Equal(0, fits);
    }

    [Fact]
    public void Append_Transformers_MakesAChain()
    {
        var copy = _ml.Transforms.CopyColumns("B", "A").Fit(Data());
        var select = _ml.Transforms.SelectColumns("B").Fit(copy.Transform(Data()));

        var chain = copy.Append(select);

        Assert.Same(select, chain.LastTransformer);
        Assert.Equal(["B"], chain.Transform(Data()).Schema.Select(column => column.Name));
    }

    [Fact]
    public void Dispose_Chain_DisposesItsPartsOnce()
    {
        int disposals = 0;
        var chain = new TransformerChain<ITransformer>(new Disposable(() => disposals++), new Disposable(() => disposals++));

        chain.Dispose();
        chain.Dispose();

        Assert.Equal(2, disposals);
    }

    [Fact]
    public void Predict_Chain_MapsOneObject()
    {
        var model = _ml.Transforms.CopyColumns("B", "A")
            .Append(_ml.Transforms.CustomMapping<FromB, ToC>((source, result) => result.C = source.B + 10, null))
            .Append(_ml.Transforms.SelectColumns("C"))
            .Fit(Data());
        using var engine = _ml.Model.CreatePredictionEngine<Row, ToC>(model);
        var reused = new ToC();

        engine.Predict(new Row { A = 7 }, ref reused);

        Assert.Equal(17, reused.C);
        Assert.Equal(15, engine.Predict(new Row { A = 5 }).C);
        Assert.Equal(["C"], engine.OutputSchema.Select(column => column.Name));
    }

    [Fact]
    public void CreatePredictionEngine_OfNoRowMapper_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("transformer",
            () => _ml.Model.CreatePredictionEngine<Row, ToC>(new Disposable(() => { })));

        Assert.StartsWith("Must be a row to row mapper", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_PredictionEngine_DisposesItsTransformer()
    {
        int disposals = 0;
        var engine = _ml.Model.CreatePredictionEngine<Row, Row>(new TransformerChain<ITransformer>(
            _ml.Transforms.CopyColumns("B", "A").Fit(Data()), new Disposable(() => disposals++, _ml.Transforms.CopyColumns("C", "B").Fit(
                _ml.Transforms.CopyColumns("B", "A").Fit(Data()).Transform(Data())))));

        engine.Dispose();

        Assert.Equal(1, disposals);
    }

    [Fact]
    public void GetRowToRowMapper_Chain_NamesTheColumnsItNeeds()
    {
        ITransformer model = _ml.Transforms.CopyColumns("B", "A").Append(_ml.Transforms.CopyColumns("C", "B")).Fit(Data());

        var mapper = model.GetRowToRowMapper(Data().Schema);

        Assert.True(model.IsRowToRowMapper);
        Assert.Equal(["A"], mapper.InputSchema.Select(column => column.Name));
        Assert.Equal(["A"], mapper.GetDependencies([mapper.OutputSchema["C"]]).Select(column => column.Name));
    }

    private sealed class Row
    {
        public float A { get; set; }
    }

    private sealed class FromB
    {
        public float B { get; set; }
    }

    private sealed class ToC
    {
        public float C { get; set; }
    }

    private sealed class Counting(Action onFit) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input)
        {
            onFit();
            return new TransformerChain<ITransformer>();
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }

    private sealed class Disposable(Action onDispose, ITransformer? inner = null) : ITransformer, IDisposable
    {
        public bool IsRowToRowMapper => inner != null;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inner?.GetOutputSchema(inputSchema) ?? inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
            => inner?.GetRowToRowMapper(inputSchema) ?? throw new InvalidOperationException();

        public IDataView Transform(IDataView input) => inner?.Transform(input) ?? input;

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException("Not to be saved.");

        public void Dispose() => onDispose();
    }
}
