using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Transforms.Onnx;

namespace CrossModalVae.Pipelines.Tests.Engine;

public class OnnxScoringTests
{
    private readonly MLContext _ml = new(seed: 1);

    private static string Graph(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", "Onnx", name + ".onnx");

    // Golden/Onnx/make-graphs.py: scores = features W + b, exact in single precision for these integers.
    private static Features[] Rows() => [new() { Values = [1, 0, 0] }, new() { Values = [0, 1, 2] }, new() { Values = [1, 1, 1] }];

    private static readonly float[][] Scores = [[1.5f, -0.25f], [6.5f, -0.25f], [4.5f, 0.75f]];

    private IDataView Data() => _ml.Data.LoadFromEnumerable(Rows());

    [Fact]
    public void ApplyOnnxModel_File_AddsEveryOutput()
    {
        using var model = _ml.Transforms.ApplyOnnxModel(Graph("affine")).Fit(Data());

        var result = model.Transform(Data());

        Assert.Equal(["features: Vector<Single, 3>", "scores: Vector<Single, 1, 2>", "twice: Vector<Single, 1, 2>"],
            result.Schema.Select(column => column.ToString()));
        Assert.Equal(Scores, result.GetColumn<float[]>("scores"));
        Assert.Equal(Scores.Select(row => row.Select(v => 2 * v)), result.GetColumn<float[]>("twice"));
    }

    [Fact]
    public void ApplyOnnxModel_NamedColumns_AddsThose()
    {
        var overloads = new Func<OnnxScoringEstimator>[]
        {
            () => _ml.Transforms.ApplyOnnxModel("twice", "features", Graph("affine")),
            () => _ml.Transforms.ApplyOnnxModel("twice", "features", Graph("affine"), new Dictionary<string, int[]>()),
            () => _ml.Transforms.ApplyOnnxModel(["twice"], ["features"], Graph("affine")),
            () => _ml.Transforms.ApplyOnnxModel(
                ["twice"], ["features"], Graph("affine"), new Dictionary<string, int[]>(), recursionLimit: 100),
            () => _ml.Transforms.ApplyOnnxModel(["twice"], ["features"], File.OpenRead(Graph("affine"))),
            () => _ml.Transforms.ApplyOnnxModel(new OnnxOptions
            {
                ModelFile = Graph("affine"),
                OutputColumns = ["twice"],
                InputColumns = ["features"],
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
            }),
        };

        foreach (var estimator in overloads)
        {
            using var model = estimator().Fit(Data());
            Assert.Equal(["features", "twice"], model.GetOutputSchema(Data().Schema).Select(column => column.Name));
            Assert.Equal([3, -0.5f], model.Transform(Data()).GetColumn<float[]>("twice").First());
        }
    }

    [Fact]
    public void ApplyOnnxModel_Stream_IsReadFromItsStart()
    {
        using var stream = File.OpenRead(Graph("affine"));
        stream.Position = 10;

        using var model = _ml.Transforms.ApplyOnnxModel(stream).Fit(Data());

        Assert.Equal(Scores, model.Transform(Data()).GetColumn<float[]>("scores"));
    }

    [Fact]
    public void GetOutputSchema_Shape_GetsTheOutputs()
    {
        var shape = _ml.Transforms.ApplyOnnxModel("scores", "features", Graph("affine")).GetOutputSchema(Shapes.Of(_ml, Data()));

        Assert.Equal(
            ["features:Vector:Single", "scores:Vector:Single"], shape.Select(column => $"{column.Name}:{column.Kind}:{column.ItemType}"));
    }

    [Fact]
    public void Predict_Row_IsScored()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Features, Scored>(
            _ml.Transforms.ApplyOnnxModel("scores", "features", Graph("affine")).Fit(Data()));

        Assert.Equal(Scores[1], engine.Predict(Rows()[1]).Values);
        Assert.Equal(Scores[2], engine.Predict(Rows()[2]).Values);
    }

    [Fact]
    public void Transform_SparseInput_IsScoredAsDense()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new SparseFeatures { Values = new(3, 2, [1, 2], [1, 2]) } });
        using var model = _ml.Transforms.ApplyOnnxModel("scores", "features", Graph("affine")).Fit(data);

        Assert.Equal(Scores[1], model.Transform(data).GetColumn<float[]>("scores").Single());
    }

    [Fact]
    public void Transform_OpenLength_IsTakenFromTheValue()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new AnyLength { Values = [1, 2, 3] }, new AnyLength { Values = [10, 20] } });
        using var total = _ml.Transforms.ApplyOnnxModel(Graph("total")).Fit(data);
        using var echo = _ml.Transforms.ApplyOnnxModel(Graph("echo")).Fit(data);

        Assert.Equal([[6], [30]], total.Transform(data).GetColumn<float[]>("total"));
        Assert.Equal("echoed: Vector<Single>", echo.Transform(data).Schema["echoed"].ToString());
        Assert.Equal([[1, 2, 3], [10, 20]], echo.Transform(data).GetColumn<float[]>("echoed"));
    }

    [Fact]
    public void Transform_ShapeDictionary_FixesOpenDimensions()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new TwoValues { Values = [1, 2] } });
        var shapes = new Dictionary<string, int[]> { ["values"] = [1, 2], ["echoed"] = [1, 2] };

        using var model = _ml.Transforms.ApplyOnnxModel(Graph("echo"), shapes).Fit(data);

        Assert.Equal("echoed: Vector<Single, 1, 2>", model.Transform(data).Schema["echoed"].ToString());
        Assert.Equal([1, 2], model.Transform(data).GetColumn<float[]>("echoed").Single());
    }

    [Fact]
    public void ApplyOnnxModel_ShapeUnlikeTheGraphs_Throws()
    {
        var shapes = new Dictionary<string, int[]> { ["features"] = [1, 4] };

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.ApplyOnnxModel(Graph("affine"), shapes));

        Assert.Contains("The specified shape 1,4 is not compatible with the shape -1,3 loaded from "
            + "the ONNX model file. Only unknown dimension "
                + "can replace or be replaced by another dimension.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_ScalarsAndText_AreTensorsOfOneItem()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Mixed { Name = "ann", Count = 4 }, new Mixed { Name = "bob", Count = -1 } });
        using var model = _ml.Transforms.ApplyOnnxModel(Graph("mixed")).Fit(data);

        var result = model.Transform(data);

        // A tensor named '….output' becomes the column '…', which hides the input here.
        Assert.Equal(["ann", "bob"], result.GetColumn<string[]>("name").Select(texts => texts.Single()));
        Assert.Equal([8, -2], result.GetColumn<long[]>("doubled").Select(values => values.Single()));
    }

    [Fact]
    public void Fit_MissingInput_Throws()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new AnyLength { Values = [1] } });

        var error = Assert.Throws<ArgumentOutOfRangeException>(
            "inputSchema", () => _ml.Transforms.ApplyOnnxModel(Graph("affine")).Fit(data));

        Assert.Equal("Could not find input column 'features' (Parameter 'inputSchema')", error.Message);
    }

    [Fact]
    public void Fit_OtherItemType_Throws()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new DoubleFeatures { Values = [1, 2, 3] } });

        var error = Assert.Throws<ArgumentOutOfRangeException>(
            "inputSchema", () => _ml.Transforms.ApplyOnnxModel(Graph("affine")).Fit(data));

        Assert.Equal(
            "Schema mismatch for input column 'features': expected Single, got Vector<Double, 3> (Parameter 'inputSchema')", error.Message);
    }

    [Fact]
    public void Fit_OtherSize_Throws()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new TwoFeatures { Values = [1, 2] } });

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Transforms.ApplyOnnxModel(Graph("affine")).Fit(data));

        Assert.Equal("Input shape mismatch: Input 'features' has shape 1,3, but input data is of length 2.", error.Message);
    }

    [Fact]
    public void ApplyOnnxModel_UnknownOutput_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.ApplyOnnxModel("nobody", "features", Graph("affine")));

        Assert.Contains("Ouput tensor, nobody, does not exist in the ONNX model. Available output names are [scores,twice].", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ApplyOnnxModel_MissingFile_Throws()
    {
        var error = Assert.ThrowsAny<IOException>(() => _ml.Transforms.ApplyOnnxModel("nowhere.onnx"));

        Assert.Equal("Model file nowhere.onnx does not exists.", error.Message);
    }

    [Fact]
    public void ApplyOnnxModel_FileThatIsNoGraph_Throws()
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => _ml.Transforms.ApplyOnnxModel(typeof(OnnxScoringTests).Assembly.Location));

        Assert.StartsWith("Error initializing model :", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SaveAndLoad_Graph_TravelsWithTheModel()
    {
        string copy = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".onnx");
        File.Copy(Graph("affine"), copy);
        using var stream = new MemoryStream();
        using (var model = _ml.Transforms.ApplyOnnxModel("scores", "features", copy)
            .Append(_ml.Transforms.CopyColumns("kept", "scores")).Fit(Data()))
        {
            _ml.Model.Save(model, Data().Schema, stream);
        }

        File.Delete(copy);
        stream.Position = 0;

        var loaded = new MLContext().Model.Load(stream, out _);

        using (loaded as IDisposable)
            Assert.Equal(Scores, loaded.Transform(Data()).GetColumn<float[]>("kept"));
    }

    [Fact]
    public void SaveAndLoad_ShapeDictionary_IsKept()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new TwoValues { Values = [1, 2] } });
        using var stream = new MemoryStream();
        using (var model = _ml.Transforms.ApplyOnnxModel(
            Graph("echo"), new Dictionary<string, int[]> { ["values"] = [1, 2], ["echoed"] = [1, 2] }).Fit(data))
            _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;

        var loaded = new MLContext().Model.Load(stream, out _);

        using (loaded as IDisposable)
            Assert.Equal("echoed: Vector<Single, 1, 2>", loaded.Transform(data).Schema["echoed"].ToString());
    }

    [SkippableFact]
    public void ApplyOnnxModel_GpuOnACpuLibrary_ThrowsEvenWithFallback()
    {
        Skip.If(OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"), "This ONNX Runtime has CUDA.");
        Skip.If(File.Exists(Path.Combine(AppContext.BaseDirectory, "libonnxruntime_providers_cuda.so")), "CUDA lies beside this test.");

        // A library built without CUDA lacks the entry point altogether, and that is no OnnxRuntimeException to fall back from.
        Assert.Throws<EntryPointNotFoundException>(
            () => _ml.Transforms.ApplyOnnxModel(Graph("affine"), gpuDeviceId: 0, fallbackToCpu: true));
        _ml.GpuDeviceId = 0;
        _ml.FallbackToCpu = true;
        Assert.Throws<EntryPointNotFoundException>(() => _ml.Transforms.ApplyOnnxModel(Graph("affine")));
    }

    [Fact]
    public void Dispose_Transformer_ClosesTheSession()
    {
        var model = _ml.Transforms.ApplyOnnxModel(Graph("affine")).Fit(Data());
        var result = model.Transform(Data());

        model.Dispose();
        model.Dispose();

        Assert.ThrowsAny<InvalidOperationException>(() => result.GetColumn<float[]>("scores").Count());
    }

    private sealed class Features
    {
        [VectorType(3)]
        [ColumnName("features")]
        public float[]? Values { get; set; }
    }

    private sealed class SparseFeatures
    {
        [VectorType(3)]
        [ColumnName("features")]
        public VBuffer<float> Values { get; set; }
    }

    private sealed class DoubleFeatures
    {
        [VectorType(3)]
        [ColumnName("features")]
        public double[]? Values { get; set; }
    }

    private sealed class TwoFeatures
    {
        [VectorType(2)]
        [ColumnName("features")]
        public float[]? Values { get; set; }
    }

    private sealed class Scored
    {
        [ColumnName("scores")]
        public float[]? Values { get; set; }
    }

    private sealed class AnyLength
    {
        [ColumnName("values")]
        public float[]? Values { get; set; }
    }

    private sealed class TwoValues
    {
        [VectorType(2)]
        [ColumnName("values")]
        public float[]? Values { get; set; }
    }

    private sealed class Mixed
    {
        [ColumnName("name")]
        public string? Name { get; set; }

        [ColumnName("count")]
        public long Count { get; set; }
    }
}
