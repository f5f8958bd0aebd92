using CrossModalVae.Faces;
using CrossModalVae.Pipelines.Tests.Workouts;
using Microsoft.ML;

namespace CrossModalVae.Pipelines.Tests.FrontEnds;

public class FaceTensorEstimatorTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Workout_VectorOfPaths_Passes()
    {
        ClipRow[] rows = ClipRow.Grid(5);
        rows[2].Faces = [];

        EstimatorWorkout.Run(_ml, _ml.Transforms.FaceTensor("Features", "Faces"), rows, Wrong());
    }

    [Fact]
    public void Workout_OnePath_Passes()
    {
        ClipRow[] rows = ClipRow.Grid(5);
        rows[2].FirstFace = "";

        EstimatorWorkout.Run(
            _ml,
            _ml.Transforms.FaceTensor("FirstFeatures", "FirstFace"),
            rows,
            [
                WrongInput.Of<NumberRow>(
                    _ml,
                    "Column 'FirstFace' (faces of FaceTensor) is Double; must be String, Vector<String>, Vector<Byte> or Image.",
                    "Column 'FirstFace' (faces of FaceTensor) is Double; must be String, Vector<String>, Vector<Byte> or Image."),
            ]);
    }

    [Fact]
    public void Transform_GridClips_EqualsTheFrontEndRowByRow()
    {
        ClipRow[] rows = ClipRow.Grid();
        IDataView input = _ml.Data.LoadFromEnumerable(rows);
        var frontEnd = new FaceFrontEnd(new FaceOptions());

        List<object[]> features = DataRows.Read(
            _ml.Transforms.FaceTensor("Features", "Faces").Fit(input).Transform(input), "Name", "Features");

        Assert.Equal(27, features.Count);
        for (int r = 0; r < rows.Length; r++)
        {
            Assert.Equal(rows[r].Name, features[r][0]);
            Assert.Equal(frontEnd.Extract(rows[r].Faces), features[r][1]);
        }
    }

    [Fact]
    public void Transform_EmptyPaths_AreSkippedAndNoneIsMissing()
    {
        ClipRow[] rows = [new(), ClipRow.Grid(1)[0], ClipRow.Grid(1)[0]];
        rows[0].Faces = ["", ""];
        rows[2].Faces = ["", .. rows[1].Faces, ""];
        IDataView input = _ml.Data.LoadFromEnumerable(rows);

        List<object[]> features = DataRows.Read(_ml.Transforms.FaceTensor("Features", "Faces").Fit(input).Transform(input), "Features");

        Assert.All((float[])features[0][0], value => Assert.True(float.IsNaN(value)));
        Assert.Equal(features[1][0], features[2][0]);
    }

    [Fact]
    public void Workout_Boxes_Passes()
    {
        ClipRow[] rows = ClipRow.Grid(5);
        rows[1].Boxes = Whole(rows[1].Faces.Length - 1, 10, 20, 90, 80);
        rows[2].Faces = [];

        EstimatorWorkout.Run(
            _ml,
            _ml.Transforms.FaceTensor("Features", "Faces", boxColumnName: "Boxes"),
            rows,
            [
                WrongInput.Of<BoxRow>(
                    _ml,
                    "Column 'Boxes' (face boxes of FaceTensor) is Double; must be Vector<Single>.",
                    "Column 'Boxes' (face boxes of FaceTensor) is Double; must be Vector<Single>."),
            ]);
    }

    [Fact]
    public void Transform_Boxes_EqualsTheFrontEnd()
    {
        ClipRow[] rows = ClipRow.Grid(3);
        rows[1].Boxes = Whole(rows[1].Faces.Length - 1, 10, 20, 90, 80);
        rows[2].Faces = ["", rows[2].Faces[0]];
        rows[2].Boxes = [float.NaN, float.NaN, float.NaN, float.NaN, 0, 0, 64, 64];
        var frontEnd = new FaceFrontEnd(new FaceOptions());
        float[][] expected = [frontEnd.Extract(rows[0].Faces), new float[529], new float[529]];
        frontEnd.Extract(rows[1].Faces, [.. rows[1].Faces.Skip(1).Select(_ => (FaceBox?)null), new FaceBox(10, 20, 90, 80)], expected[1]);
        frontEnd.Extract([rows[2].Faces[1]], [new FaceBox(0, 0, 64, 64)], expected[2]);
        IDataView input = _ml.Data.LoadFromEnumerable(rows);

        List<object[]> features = DataRows.Read(
            _ml.Transforms.FaceTensor("Features", "Faces", boxColumnName: "Boxes").Fit(input).Transform(input), "Features");

        Assert.Equal(expected, features.Select(row => (float[])row[0]));
    }

    [Theory]
    [InlineData(new float[] { 1, 2, 30 },
        "Column 'Boxes' (face boxes of FaceTensor) has 3 numbers; expected four a frame: left, top, width, height.")]
    [InlineData(new float[] { 0, 0, 30, 30, 0, 0, 30, 30 },
        "Column 'Boxes' (face boxes of FaceTensor) has 2 boxes for 1 frames; expected one a frame, or none.")]
    [InlineData(new[] { 0.5f, 0, 30, 30 },
        "Column 'Boxes' (face boxes of FaceTensor) has the box [0.5, 0, 30, 30]; expected whole pixels, or four NaN for the whole frame.")]
    [InlineData(new[] { float.NaN, 0, 30, 30 },
        "Column 'Boxes' (face boxes of FaceTensor) has the box [NaN, 0, 30, 30]; expected whole pixels, or four NaN for the whole frame.")]
    public void Transform_BrokenBoxes_SaysWhatIsWrong(float[] boxes, string message)
    {
        ClipRow row = ClipRow.Grid(1)[0];
        row.Boxes = boxes;
        IDataView input = _ml.Data.LoadFromEnumerable(new[] { row });
        IDataView output = _ml.Transforms.FaceTensor("Features", "FirstFace", boxColumnName: "Boxes").Fit(input).Transform(input);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => DataRows.Read(output, "Features"));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Transform_FolderGiven_ResolvesRelativePaths()
    {
        ClipRow row = ClipRow.Grid(1)[0];
        IDataView input = _ml.Data.LoadFromEnumerable(new[] { row, new ClipRow { FirstFace = Path.GetFileName(row.FirstFace) } });
        FaceTensorEstimator inFolder = _ml.Transforms.FaceTensor("Features", "FirstFace", folder: Path.GetDirectoryName(row.FirstFace));

        List<object[]> features = DataRows.Read(inFolder.Fit(input).Transform(input), "Features");

        Assert.Equal(features[0][0], features[1][0]);
    }

    [Fact]
    public void Transform_MissingFile_NamesIt()
    {
        ClipRow[] rows = ClipRow.Grid(3);
        rows[1].Faces = ["nowhere.jpg"];
        IDataView input = _ml.Data.LoadFromEnumerable(rows);
        IDataView output = _ml.Transforms.FaceTensor("Features", "Faces").Fit(input).Transform(input);

        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => DataRows.Read(output, "Features"));

        Assert.StartsWith("nowhere.jpg: ", error.Message, StringComparison.Ordinal);
    }

    private static float[] Whole(int wholeFrames, params float[] last) => [.. Enumerable.Repeat(float.NaN, 4 * wholeFrames), .. last];

    private WrongInput[] Wrong() =>
    [
        WrongInput.Of<NumbersRow>(
            _ml,
            "Column 'Faces' (faces of FaceTensor) is Vector<Single>; must be String, Vector<String>, Vector<Byte> or Image.",
            "Column 'Faces' (faces of FaceTensor) is Vector<Single> of unknown length; "
            + "must be String, Vector<String>, Vector<Byte> or Image."),
        WrongInput.Of<NumberRow>(
            _ml,
            "Column 'Faces' (faces of FaceTensor) is not in the input; "
            + "must be String, Vector<String>, Vector<Byte> or Image; the input has: FirstFace.",
            "Column 'Faces' (faces of FaceTensor) is not in the input; "
            + "must be String, Vector<String>, Vector<Byte> or Image; the input has: FirstFace."),
    ];

    private sealed class NumbersRow
    {
        public float[] Faces { get; set; } = [];
    }

    private sealed class BoxRow
    {
        public string[] Faces { get; set; } = [];

        public double Boxes { get; set; }
    }

    private sealed class NumberRow
    {
        public double FirstFace { get; set; }
    }
}
