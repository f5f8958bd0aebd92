using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace CrossModalVae.Pipelines.Tests.Engine;

public class ModelFileTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Data() => _ml.Data.LoadFromEnumerable(new[] { new Row { A = 1, B = [2, 3], Name = "x" } });

    private ITransformer SaveAndLoad(ITransformer model, DataViewSchema schema, out DataViewSchema loadedSchema)
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(model, schema, stream);
        stream.Position = 0;
        return new MLContext().Model.Load(stream, out loadedSchema);
    }

    [Fact]
    public void SaveAndLoad_Chain_GivesTheSameValuesInAFreshContext()
    {
        var model = _ml.Transforms.CopyColumns("C", "A")
            .Append(_ml.Transforms.CustomMapping(new Doubling().GetMapping(), Doubling.Contract))
            .Append(_ml.Transforms.Concatenate("F", "C", "Doubled", "B"))
            .Append(_ml.Transforms.DropColumns("Doubled"))
            .Append(_ml.Transforms.SelectColumns("Name", "F"))
            .Fit(Data());

        var loaded = SaveAndLoad(model, Data().Schema, out var schema);

        Assert.Equal(["A: Single", "B: Vector<Single, 2>", "Name: String"], schema.Select(column => column.ToString()));
        var result = loaded.Transform(Data());
        Assert.Equal(["Name", "F"], result.Schema.Select(column => column.Name));
        Assert.Equal([1, 2, 2, 3], result.GetColumn<float[]>("F").Single());
        Assert.Equal(5, Assert.IsAssignableFrom<IEnumerable<ITransformer>>(loaded).Count());
    }

    [Fact]
    public void SaveAndLoad_File_IsClosedAfterwards()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            _ml.Model.Save(_ml.Transforms.CopyColumns("C", "A").Fit(Data()), Data().Schema, path);
            var loaded = _ml.Model.Load(path, out _);

            using (File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                Assert.Equal([1], loaded.Transform(Data()).GetColumn<float>("C"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Save_WithoutSchema_LoadsNone()
    {
        SaveAndLoad(_ml.Transforms.CopyColumns("C", "A").Fit(Data()), null!, out var schema);

        Assert.Null(schema);
    }

    [Fact]
    public void Save_MappingWithoutContract_Throws()
    {
        var model = _ml.Transforms.CustomMapping(new Doubling().GetMapping(), null).Fit(Data());

        var error = Assert.Throws<InvalidOperationException>(() => SaveAndLoad(model, Data().Schema, out _));

        Assert.Equal("Empty contract name for a transform: the transform cannot be saved", error.Message);
    }

    [Fact]
    public void Load_MappingWithoutFactory_Throws()
    {
        var model = _ml.Transforms.CustomMapping(new Doubling().GetMapping(), "a contract of nobody").Fit(Data());

        var error = Assert.ThrowsAny<InvalidOperationException>(() => SaveAndLoad(model, Data().Schema, out _));

        Assert.Contains(
            "Unable to locate an extension for the contract 'a contract of nobody'.", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Save_OwnTransformer_ThrowsWhatItThrows()
    {
        var model = new TransformerChain<ITransformer>(new Own(throws: true));

        Assert.Throws<NotSupportedException>(() => SaveAndLoad(model, Data().Schema, out _));
    }

    [Fact]
    public void Save_OwnTransformerThatWritesNothing_Throws()
    {
        var model = new TransformerChain<ITransformer>(new Own(throws: false));

        Assert.Throws<InvalidOperationException>(() => SaveAndLoad(model, Data().Schema, out _));
    }

    [Fact]
    public void Load_FileThatIsNoModel_Throws()
    {
        using var stream = new MemoryStream([1, 2, 3]);

        Assert.Throws<FormatException>(() => _ml.Model.Load(stream, out _));
    }

    [Fact]
    public void RegisterAssembly_Twice_IsHarmless()
    {
        _ml.ComponentCatalog.RegisterAssembly(typeof(Doubling).Assembly);

        _ml.ComponentCatalog.RegisterAssembly(typeof(Doubling).Assembly);
    }

    [Fact]
    public void CreatePredictionEngine_LoadedModelAndSchema_TakesItsColumnTypes()
    {
        var model = _ml.Transforms.Concatenate("F", "A", "B").Fit(Data());
        var loaded = SaveAndLoad(model, Data().Schema, out var schema);

        using var engine = _ml.Model.CreatePredictionEngine<LooseRow, Joined>(loaded, schema);

        Assert.Equal("Vector<Single, 3>", engine.OutputSchema["F"].Type.ToString());
        Assert.Equal([1, 2, 3], engine.Predict(new LooseRow { A = 1, B = [2, 3] }).F!);
    }

    private sealed class Row
    {
        public float A { get; set; }

        [VectorType(2)]
        public float[]? B { get; set; }

        public string? Name { get; set; }
    }

    private sealed class LooseRow
    {
        public float A { get; set; }

        public float[]? B { get; set; }

        public string? Name { get; set; }
    }

    private sealed class Joined
    {
        public float[]? F { get; set; }
    }

    public sealed class HasA
    {
        public float A { get; set; }
    }

    public sealed class HasDoubled
    {
        public float Doubled { get; set; }
    }

    [CustomMappingFactoryAttribute(Contract)]
    public sealed class Doubling : CustomMappingFactory<HasA, HasDoubled>
    {
        public const string Contract = "compat tests: doubling";

        public override Action<HasA, HasDoubled> GetMapping() => (source, result) => result.Doubled = 2 * source.A;
    }

    private sealed class Own(bool throws) : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public IDataView Transform(IDataView input) => input;

        public void Save(ModelSaveContext ctx)
        {
            if (throws)
                throw new NotSupportedException("Cannot be saved.");
        }
    }
}
