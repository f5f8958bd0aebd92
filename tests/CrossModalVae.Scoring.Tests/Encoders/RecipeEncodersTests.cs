using CrossModalVae.Audio;
using CrossModalVae.Corpora;
using CrossModalVae.Encoders;
using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Recipes;
using CrossModalVae.Scoring.Encoders;

namespace CrossModalVae.Scoring.Tests.Encoders;

public sealed class RecipeEncodersTests : IDisposable
{
    // Means over 64 pixels in another order of sums.
    private const float Rounding = 1e-5f;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_FileWithMetadata_FillsEveryOption()
    {
        TinyEncoders.Face(_folder["face.onnx"], 150, preset: "face-api", licence: "MIT");

        using RecipeEncoders opened = RecipeEncoders.Open(Face(new FaceEncoderOptions { Path = "face.onnx" }), _folder.Root);

        FaceOptions face = opened.Recipe.Face;
        Assert.Equal((150, 150, FaceColour.Rgb), (face.Width, face.Height, face.Colour));
        FaceEncoderOptions encoder = face.Encoder!;
        Assert.Equal(
            (ImageLayout.Nchw, 150, ColourOrder.Rgb, VectorNormalisation.None),
            (encoder.Layout, encoder.Size, encoder.ColourOrder, encoder.Vector));
        Assert.Equal([122.782, 117.001, 104.298], encoder.Mean);
        Assert.Equal([255, 255, 255], encoder.Deviation);
        Assert.Equal(("picture", "colour", "MIT"), (encoder.Input, encoder.Output, encoder.Licence));
        Assert.Equal(
            (FaceEncoderPreset.None, opened.Face!.Sha256, _folder["face.onnx"]), (encoder.Preset, encoder.Sha256, encoder.Path));
        Assert.Equal(3, opened.Encoders.Face!.VectorLength);
        Assert.Null(opened.Encoders.Voice);
    }

    [Fact]
    public void Recipe_AsUsed_SurvivesItsFileAndHasAHashWithoutPlace()
    {
        TinyEncoders.Face(_folder["face.onnx"], 112, preset: "arcface");
        Directory.CreateDirectory(_folder["elsewhere"]);
        File.Copy(_folder["face.onnx"], _folder["elsewhere/copy.onnx"]);
        using RecipeEncoders opened = RecipeEncoders.Open(Face(new FaceEncoderOptions { Path = "face.onnx" }), _folder.Root);
        using RecipeEncoders moved = RecipeEncoders.Open(Face(new FaceEncoderOptions { Path = _folder["elsewhere/copy.onnx"] }));

        Recipe read = RecipeReader.Parse(RecipeWriter.Text(opened.Recipe));

        Assert.Equal(RecipeWriter.Text(opened.Recipe), RecipeWriter.Text(read));
        Assert.Equal(RecipeHash.Compute(opened.Recipe), RecipeHash.Compute(moved.Recipe));
        Assert.Equal(RecipeHash.ComputeFeatures(opened.Recipe), RecipeHash.ComputeFeatures(moved.Recipe));
        Assert.NotEqual(
            RecipeHash.ComputeFeatures(opened.Recipe),
            RecipeHash.ComputeFeatures(opened.Recipe with
            {
                Face = opened.Recipe.Face with { Encoder = opened.Recipe.Face.Encoder! with { Sha256 = new string('0', 64) } },
            }));
    }

    [Fact]
    public void Open_AnotherFile_IsRefused()
    {
        string path = TinyEncoders.Face(_folder["face.onnx"], preset: "dlib");
        string hash = new('a', 64);

        InvalidDataException error = Refuse(new FaceEncoderOptions { Path = path, Sha256 = hash });

        Assert.StartsWith($"{path}: SHA-256 is ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith($"; expected {hash}, as face.encoder has it: it is another encoder.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AnotherShape_IsRefused()
    {
        string path = TinyEncoders.Face(_folder["face.onnx"], 160, preset: "arcface");

        InvalidDataException error = Refuse(new FaceEncoderOptions { Path = path });

        Assert.Equal(
            $"{path}: input 'picture' is Float [batch, 3, 160, 160]; expected Float [batch, 3, 112, 112], "
            + "as face.encoder has it (layout nchw, size 112).",
            error.Message);
    }

    [Fact]
    public void Open_OtherOrderOfAxes_IsRefused()
    {
        string path = TinyEncoders.Face(_folder["face.onnx"], 112, channelsLast: true, preset: "arcface");

        InvalidDataException error = Refuse(new FaceEncoderOptions { Path = path });

        Assert.Equal(
            $"{path}: input 'picture' is Float [batch, 112, 112, 3]; expected Float [batch, 3, 112, 112], "
            + "as face.encoder has it (layout nchw, size 112).",
            error.Message);
    }

    [Fact]
    public void Open_NoLayoutNamed_IsRefused()
    {
        string path = TinyEncoders.Face(_folder["face.onnx"], size: null);

        InvalidDataException error = Refuse(new FaceEncoderOptions { Path = path });

        Assert.Equal(
            $"{path}: its metadata names no layout, and face.encoder has neither a preset nor size, colour_order, mean, deviation; "
            + "expected these, or a preset: arcface, arcface-bgr, facenet, dlib, face-api.",
            error.Message);
    }

    [Fact]
    public void Open_AnotherLayoutThanTheFileNames_IsRefused()
    {
        string path = TinyEncoders.Face(_folder["face.onnx"], 150, preset: "dlib");

        InvalidDataException error = Refuse(new FaceEncoderOptions { Path = path, Preset = FaceEncoderPreset.FaceApi });

        Assert.Equal(
            $"{path}: its metadata has the layout 'dlib'; expected 'face-api', as face.encoder.preset has it.", error.Message);
    }

    [Fact]
    public void Open_SeveralOutputs_MustNameOne()
    {
        string path = TinyEncoders.Samples(_folder["voice.onnx"]);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => RecipeEncoders.Open(
            Voice(new VoiceOptions { Pooling = TimePooling.None }, new VoiceEncoderOptions { Path = path, LengthInput = "wav_lens" })));

        Assert.Equal($"{path}: has 2 outputs, 'loudest', 'lengths'; voice.encoder.output must name one.", error.Message);
    }

    [Fact]
    public void Open_NoGraph_IsRefused()
    {
        File.WriteAllText(_folder["face.onnx"], "not a graph");

        InvalidDataException error = Refuse(new FaceEncoderOptions { Path = _folder["face.onnx"] });

        Assert.StartsWith($"{_folder["face.onnx"]}: not a model that ONNX Runtime can load: ", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Open_WeightsInAnotherFile_IsRefused()
    {
        Tool.Require(Python.Has("onnx", "numpy"), "Python with onnx");
        string path = _folder["face.onnx"];
        Python.Run(
            """
            import sys, numpy, onnx
            from onnx import helper, numpy_helper
            w = numpy_helper.from_array(numpy.zeros(3000, numpy.float32), 'weights')
            x = helper.make_tensor_value_info('x', 1, ['b', 3000])
            y = helper.make_tensor_value_info('y', 1, ['b', 3000])
            graph = helper.make_graph([helper.make_node('Add', ['x', 'weights'], ['y'])], 'g', [x], [y], [w])
            onnx.save(helper.make_model(graph), sys.argv[1], save_as_external_data=True, location='face.data')
            """,
            path);

        InvalidDataException error = Refuse(new FaceEncoderOptions { Path = path });

        Assert.Equal(
            $"{path}: keeps 'weights' in another file; expected one file that holds all weights, since its SHA-256 stands for them.",
            error.Message);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Face_AnyLayout_GivesTheMeanColourOfTheNormalisedPicture(bool channelsLast, bool bgr)
    {
        string path = TinyEncoders.Face(_folder["face.onnx"], 8, channelsLast);
        using RecipeEncoders opened = RecipeEncoders.Open(Face(new FaceEncoderOptions
        {
            Path = path,
            ColourOrder = bgr ? ColourOrder.Bgr : ColourOrder.Rgb,
            Mean = [10, 20, 30],
            Deviation = [2, 4, 8],
            Vector = VectorNormalisation.None,
        }));
        var frontEnd = new FaceFrontEnd(opened.Recipe.Face, opened.Encoders.Face);
        var features = new float[3];

        frontEnd.Extract([Picture(8, (_, _) => (110, 100, 190))], features);

        float[] expected = [50, 20, 20];
        Assert.Equal(bgr ? [.. expected.Reverse()] : expected, features, Near);
    }

    [Fact]
    public void Face_SeveralFramesAndMirror_AreAveragedAfterNormalisation()
    {
        using RecipeEncoders opened = Levels(new FaceEncoderOptions { Vector = VectorNormalisation.UnitLength, Mirror = true });
        var frontEnd = new FaceFrontEnd(opened.Recipe.Face, opened.Encoders.Face);
        var features = new float[3];

        frontEnd.Extract([Picture(8, (_, _) => (200, 0, 0)), Picture(8, (_, _) => (0, 50, 0))], features);

        Assert.Equal([0.5f, 0.5f, 0], features, Near);
    }

    [Fact]
    public void Face_WithoutBox_IsTheMiddleSquare()
    {
        using RecipeEncoders opened = Levels(new FaceEncoderOptions { CenterShare = 0.5 });
        var frontEnd = new FaceFrontEnd(opened.Recipe.Face, opened.Encoders.Face);
        var features = new float[3];
        // 40 x 20, so the square is columns 15 to 24 and rows 5 to 14
        FaceImage picture = Picture(40, 20, InMiddle);

        frontEnd.Extract([picture], features);

        Assert.Equal([90, 60, 30], features, Near);

        static (byte, byte, byte) InMiddle(int x, int y) =>
            x is >= 15 and < 25 && y is >= 5 and < 15 ? ((byte)90, (byte)60, (byte)30) : ((byte)255, (byte)255, (byte)255);
    }

    [Theory]
    [InlineData(0, 100)] // the box itself
    [InlineData(1, 25)] // twice its side: a quarter of the square is the box, the rest of the picture black
    public void Face_BoxWithMargin_IsASquareAroundItsMiddle(double margin, float expected)
    {
        string png = _folder["face.png"];
        PngFiles.Write(png, 16, 16, (x, y) => x is >= 4 and < 12 && y is >= 4 and < 12 ? (byte)100 : (byte)0);
        using RecipeEncoders opened = Levels(new FaceEncoderOptions { BoxMargin = margin });
        var frontEnd = new FaceFrontEnd(opened.Recipe.Face, opened.Encoders.Face);
        var features = new float[3];

        frontEnd.Extract([png], [new FaceBox(4, 4, 8, 8)], features);

        Assert.Equal([expected, expected, expected], features, (a, b) => Math.Abs(a - b) < 2); // the resize blurs the box's edge
    }

    [Fact]
    public void Face_BoxWithMarginBeyondThePicture_IsBlackThere()
    {
        string png = _folder["face.png"];
        PngFiles.Write(png, 8, 8, (_, _) => 200);
        using RecipeEncoders opened = Levels(new FaceEncoderOptions { BoxMargin = 1 });
        var frontEnd = new FaceFrontEnd(opened.Recipe.Face, opened.Encoders.Face);
        var features = new float[3];

        frontEnd.Extract([png], [new FaceBox(0, 0, 8, 8)], features);

        Assert.Equal([50, 50, 50], features, Near);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Voice_Frames_AreWhatTheFrontEndMakes(bool binsFirst)
    {
        string wav = Directory.GetFiles(Path.GetDirectoryName(TestFiles.GridManifest)!, "*.wav", SearchOption.AllDirectories)[0];
        VoiceOptions frames = VoicePresets.KaldiFbank with { DurationSeconds = 1, Pooling = TimePooling.None };
        float[] expected = new VoiceFrontEnd(frames with { Pooling = TimePooling.Mean }).Extract(wav);
        string path = TinyEncoders.Frames(_folder["voice.onnx"], 80, binsFirst);
        using RecipeEncoders opened = RecipeEncoders.Open(Voice(
            frames,
            new VoiceEncoderOptions { Path = path, Frames = FrameNormalisation.None, Vector = VectorNormalisation.None }));
        var frontEnd = new VoiceFrontEnd(opened.Recipe.Voice, encoder: opened.Encoders.Voice);

        float[] found = frontEnd.Extract(wav);

        Assert.Equal(binsFirst ? FrameLayout.BinsFirst : FrameLayout.FramesFirst, opened.Recipe.Voice.Encoder!.Layout);
        Assert.Equal(expected, found, (a, b) => Math.Abs(a - b) < 1e-4f * Math.Max(1, Math.Abs(a))); // single-precision sums over 98 frames
    }

    [Fact]
    public void Voice_FramesLessTheirMean_HaveMeanZero()
    {
        string wav = Directory.GetFiles(Path.GetDirectoryName(TestFiles.GridManifest)!, "*.wav", SearchOption.AllDirectories)[0];
        string path = TinyEncoders.Frames(_folder["voice.onnx"], 80);
        Recipe recipe = RecipeReader.Parse(
            """
            { "schema": "crossmodalvae/recipe/1", "name": "x",
              "voice": { "encoder": { "preset": "wespeaker-resnet34", "vector": "none" } } }
            """);
        recipe = recipe with { Voice = recipe.Voice with { Encoder = recipe.Voice.Encoder! with { Path = path } } };
        using RecipeEncoders opened = RecipeEncoders.Open(recipe);
        var frontEnd = new VoiceFrontEnd(opened.Recipe.Voice, encoder: opened.Encoders.Voice);

        float[] found = frontEnd.Extract(wav);

        Assert.Equal((80, VoiceWindow.HammingSymmetric), (opened.Recipe.Voice.MelBins, opened.Recipe.Voice.Window));
        Assert.All(found, value => Assert.InRange(value, -1e-4f, 1e-4f)); // logarithms of about 10, in single precision
    }

    [Theory]
    [InlineData("loudest", 0.75f)]
    [InlineData("lengths", 1)]
    public void Voice_Samples_AreTheClipAtItsScale(string output, float expected)
    {
        string path = TinyEncoders.Samples(_folder["voice.onnx"]);
        using RecipeEncoders opened = RecipeEncoders.Open(Voice(
            new VoiceOptions { DurationSeconds = 1, SignalScale = 1, Pooling = TimePooling.None },
            new VoiceEncoderOptions
            {
                Path = path,
                LengthInput = "wav_lens",
                Output = output,
                Vector = VectorNormalisation.None,
            }));
        var frontEnd = new VoiceFrontEnd(opened.Recipe.Voice, encoder: opened.Encoders.Voice);
        float[] samples = new float[16_000];
        samples[123] = 0.75f;
        var vector = new float[1];

        frontEnd.Extract(new AudioClip(samples, 16_000), vector);

        Assert.Equal(VoiceEncoderInput.Samples, opened.Recipe.Voice.Encoder!.Takes);
        Assert.Equal(expected, vector[0]);
    }

    [Fact]
    public void Voice_FixedNumberOfFrames_MustBeTheFrontEnds()
    {
        string path = TinyEncoders.Frames(_folder["voice.onnx"], 80, frames: 200);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => RecipeEncoders.Open(Voice(
            VoicePresets.KaldiFbank with { Pooling = TimePooling.None },
            new VoiceEncoderOptions { Path = path, Frames = FrameNormalisation.None })));

        Assert.Equal(
            $"{path}: input 'feats' is Float [batch, 200, 80]; expected Float [batch, 298, 80], "
            + "as the voice section has it (298 frames of 80 bins, layout frames-first).",
            error.Message);
    }

    [Fact]
    public void Store_OfAnyNumberOfJobs_HasTheSameBytesAndKnowsItsEncoder()
    {
        Manifest grid = ManifestReader.Read(TestFiles.GridManifest);
        using RecipeEncoders opened = Levels(new FaceEncoderOptions { Mirror = true });
        foreach (int jobs in new[] { 1, 3 })
        {
            new FeatureStoreBuilder(opened.Recipe, new FeatureStoreOptions { Jobs = jobs, Encoders = opened.Encoders })
                .Build(grid, _folder[$"f{jobs}"]);
        }

        Assert.Equal(File.ReadAllBytes(_folder["f1"]), File.ReadAllBytes(_folder["f3"]));
        using FeatureStore store = FeatureStore.Open(_folder["f1"]);
        Assert.Equal([3], store.FaceShape);
        store.RequireRecipe(opened.Recipe);
        TinyEncoders.Face(_folder["other.onnx"], 8, preset: null, licence: "other bytes");
        string other = new('b', 64);
        Recipe changed = opened.Recipe with
        {
            Face = opened.Recipe.Face with { Encoder = opened.Recipe.Face.Encoder! with { Sha256 = other } },
        };
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => store.RequireRecipe(changed));
        Assert.Equal(
            $"{_folder["f1"]}: was prepared with face.encoder.sha256 \"{opened.Face!.Sha256}\"; expected \"{other}\", "
            + "as recipe 'x' has it: prepare the features for this recipe.",
            error.Message);
    }

    [Fact]
    public void FeatureExtractor_WithoutTheNetwork_IsRefused()
    {
        using RecipeEncoders opened = Levels(new FaceEncoderOptions());

        ArgumentException error = Assert.Throws<ArgumentException>(() => new FeatureExtractor(opened.Recipe));

        Assert.StartsWith("'options' have an encoder and 'encoder' is null; must be a pair", error.Message, StringComparison.Ordinal);
    }

    private static bool Near(float a, float b) => Math.Abs(a - b) <= Rounding * Math.Max(1, Math.Abs(a));

    // The mean level of each channel of an 8 x 8 picture.
    private RecipeEncoders Levels(FaceEncoderOptions options)
    {
        FaceEncoderOptions levels = options with
        {
            Path = TinyEncoders.Face(_folder["levels.onnx"], 8),
            ColourOrder = ColourOrder.Rgb,
            Mean = [0, 0, 0],
            Deviation = [1, 1, 1],
            Vector = options.Vector == VectorNormalisation.Auto ? VectorNormalisation.None : options.Vector,
        };
        return RecipeEncoders.Open(Face(levels));
    }

    private static InvalidDataException Refuse(FaceEncoderOptions options) =>
        Assert.Throws<InvalidDataException>(() => RecipeEncoders.Open(Face(options)));

    private static Recipe Face(FaceEncoderOptions options) => new() { Name = "x", Face = new FaceOptions { Encoder = options } };

    private static Recipe Voice(VoiceOptions voice, VoiceEncoderOptions options) =>
        new() { Name = "x", Voice = voice with { Encoder = options } };

    private static FaceImage Picture(int size, Func<int, int, (byte, byte, byte)> colour) => Picture(size, size, colour);

    private static FaceImage Picture(int width, int height, Func<int, int, (byte, byte, byte)> colour)
    {
        var pixels = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++)
        {
            (byte red, byte green, byte blue) = colour(i % width, i / width);
            new[] { red, green, blue }.CopyTo(pixels, 3 * i);
        }

        return new FaceImage(pixels, width, height);
    }
}
