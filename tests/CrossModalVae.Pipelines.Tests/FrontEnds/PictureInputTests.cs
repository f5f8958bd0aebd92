using CrossModalVae.Faces;
using CrossModalVae.Pipelines.Tests.Workouts;
using CrossModalVae.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.FrontEnds;

/// <summary>ML.NET's pictures have the features that lossless files of their pixels have, bit for bit.</summary>
public sealed class PictureInputTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FaceColour.Grey, FaceDecoding.Exact, FramePooling.Mean)]
    [InlineData(FaceColour.Grey, FaceDecoding.Fast, FramePooling.First)]
    [InlineData(FaceColour.Rgb, FaceDecoding.Fast, FramePooling.Separate)]
    public void Picture_EqualsItsPng(FaceColour colour, FaceDecoding decoding, FramePooling frames)
    {
        var options = new FaceOptions
        {
            Colour = colour,
            Decoding = decoding,
            Frames = frames,
            FrameCount = frames == FramePooling.Separate ? 2 : 1,
        };
        float[] none = [float.NaN, float.NaN, float.NaN, float.NaN];
        PictureRow[] rows =
        [
            Pattern("rgba", 40, 30, MLPixelFormat.Rgba32, []), Pattern("bgra", 33, 50, MLPixelFormat.Bgra32, none),
            Pattern("box", 60, 41, MLPixelFormat.Bgra32, [7, 5, 30, 20]), new(),
        ];
        IDataView input = _ml.Data.LoadFromEnumerable(rows);
        IDataView output = _ml.Transforms.FaceTensor("FromPath", "Path", options, boxColumnName: "Box")
            .Append(_ml.Transforms.FaceTensor("FromPicture", "Picture", options, boxColumnName: "Box"))
            .Fit(input).Transform(input);

        List<object[]> features = DataRows.Read(output, "FromPath", "FromPicture");

        Assert.All(features, row => Assert.Equal(row[0], row[1]));
        Assert.Equal([false, false, false, true], features.Select(row => float.IsNaN(((float[])row[1])[0])));
        Assert.Equal(4, features.Select(row => ((float[])row[1])[7]).Distinct().Count());
    }

    [Fact]
    public void LoadImages_BeforeAFacePipeline_ScoresAsTheFiles()
    {
        using ScoringModel model = ScoringModel.Load(TestFiles.ReferenceModel);
        PictureRow[] rows = [.. Enumerable.Range(0, 90).Select(i => Pattern($"{i}", 30 + i, 40, MLPixelFormat.Rgba32, []))];
        IDataView input = _ml.Data.LoadFromEnumerable(rows);
        IDataView expected = model.CreateFacePipeline(_ml, new PipelineColumns { Faces = "Path" }).Fit(input).Transform(input);
        IDataView actual = _ml.Transforms.LoadImages("Loaded", _folder[""], "Name")
            .Append(model.CreateFacePipeline(_ml, new PipelineColumns { Faces = "Loaded" }))
            .Fit(input).Transform(input);

        Assert.Equal(
            DataRows.Read(expected, ModelColumns.FaceFeatures, ModelColumns.FaceMean),
            DataRows.Read(actual, ModelColumns.FaceFeatures, ModelColumns.FaceMean));

        // The picture passes our step; what comes after it sees the same.
        IDataView pixels = _ml.Transforms.ResizeImages("Small", 23, 23, "Loaded").Append(_ml.Transforms.ExtractPixels("Pixels", "Small"))
            .Fit(actual).Transform(actual);
        Assert.Equal(90, DataRows.Read(pixels, "Pixels").Select(row => ((float[])row[0])[5 * 23]).Count());
    }

    [Fact]
    public void PredictionEngine_OfPictures_ManyTimes()
    {
        PictureRow[] rows = [Pattern("a", 40, 30, MLPixelFormat.Rgba32, []), new(), Pattern("b", 40, 31, MLPixelFormat.Rgba32, [])];
        IDataView input = _ml.Data.LoadFromEnumerable(rows);
        ITransformer step = _ml.Transforms.FaceTensor("Features", "Picture").Fit(input);
        using PredictionEngine<PictureRow, FeaturesRow> engine = _ml.Model.CreatePredictionEngine<PictureRow, FeaturesRow>(step);
        List<object[]> expected = DataRows.Read(step.Transform(input), "Features");

        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(expected[i % 3][0], engine.Predict(rows[i % 3]).Features);
        }
    }

    [Fact]
    public void BadPicture_NamesColumnAndRow()
    {
        Assert.Equal(
            "Column 'Picture', row 1: is a picture of 40 x 7 pixels; expected at least 8 a side and at most 67108864 in all.",
            Message(Pattern("flat", 40, 7, MLPixelFormat.Rgba32, [])));
        Assert.StartsWith(
            "Column 'Picture', row 1: ", Message(Pattern("box", 40, 30, MLPixelFormat.Rgba32, [30, 20, 30, 20])), StringComparison.Ordinal);

        string Message(PictureRow bad)
        {
            IDataView input = _ml.Data.LoadFromEnumerable(new[] { Pattern("good", 20, 20, MLPixelFormat.Rgba32, []), bad });
            ITransformer step = _ml.Transforms.FaceTensor("Features", "Picture", boxColumnName: "Box").Fit(input);
            return Assert.Throws<InvalidDataException>(() => DataRows.Read(step.Transform(input), "Features")).Message;
        }
    }

    private PictureRow Pattern(string name, int width, int height, MLPixelFormat format, float[] box)
    {
        var pixels = new byte[4 * width * height];
        for (int i = 0; i < width * height; i++)
        {
            pixels[4 * i] = (byte)(i * 7);
            pixels[(4 * i) + 1] = (byte)(i / width * 5);
            pixels[(4 * i) + 2] = (byte)(i * i * width);
            pixels[(4 * i) + 3] = byte.MaxValue;
        }

        MLImage picture = MLImage.CreateFromPixels(width, height, format, pixels);
        picture.Save(_folder[name + ".png"]);
        return new PictureRow { Path = _folder[name + ".png"], Name = name + ".png", Picture = picture, Box = box };
    }

    private sealed class PictureRow
    {
        public string Path { get; set; } = "";

        public string Name { get; set; } = "";

        [Microsoft.ML.Transforms.Image.ImageType(64, 64)] // of any size, in truth
        public MLImage? Picture { get; set; }

        public float[] Box { get; set; } = [];
    }

    private sealed class FeaturesRow
    {
        [VectorType(529)]
        public float[] Features { get; set; } = [];
    }
}
