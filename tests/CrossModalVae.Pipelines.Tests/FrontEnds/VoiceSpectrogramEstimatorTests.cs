using CrossModalVae.Audio;
using CrossModalVae.Pipelines.Tests.Workouts;
using Microsoft.ML;

namespace CrossModalVae.Pipelines.Tests.FrontEnds;

public class VoiceSpectrogramEstimatorTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Workout_GridClips_Passes()
    {
        ClipRow[] rows = ClipRow.Grid(5);
        rows[3].Voice = "";

        EstimatorWorkout.Run(
            _ml,
            _ml.Transforms.VoiceSpectrogram("Features", "Voice", startColumnName: "Start", durationColumnName: "Duration"),
            rows,
            [
                WrongInput.Of<NumberRow>(
                    _ml,
                    "Column 'Voice' (voice of VoiceSpectrogram) is Single; "
                    + "must be String or Vector<Byte>, or Vector<Single> with a sample rate.",
                    "Column 'Voice' (voice of VoiceSpectrogram) is Single; "
                    + "must be String or Vector<Byte>, or Vector<Single> with a sample rate."),
                WrongInput.Of<TextStartRow>(
                    _ml,
                    "Column 'Start' (start in seconds of VoiceSpectrogram) is String; must be Single, Double or Int32.",
                    "Column 'Start' (start in seconds of VoiceSpectrogram) is String; must be Single, Double or Int32."),
                WrongInput.Of<TwoVoicesRow>(
                    _ml,
                    "Column 'Voice' (voice of VoiceSpectrogram) is Vector<String>; "
                    + "must be String or Vector<Byte>, or Vector<Single> with a sample rate.",
                    "Column 'Voice' (voice of VoiceSpectrogram) is Vector<String> of unknown length; "
                    + "must be String or Vector<Byte>, or Vector<Single> with a sample rate."),
                WrongInput.Of<NoDurationRow>(
                    _ml,
                    "Column 'Duration' (duration in seconds of VoiceSpectrogram) is not in the input; "
                    + "must be Single, Double or Int32; the input has: Voice, Start.",
                    "Column 'Duration' (duration in seconds of VoiceSpectrogram) is not in the input; "
                    + "must be Single, Double or Int32; the input has: Voice, Start."),
            ]);
    }

    [Theory]
    [InlineData("report", 297, 512)]
    [InlineData("voxceleb-scipy", 298, 512)]
    [InlineData("vgg-matlab", 300, 512)]
    [InlineData("kaldi-fbank", 298, 80)]
    [InlineData("log-mel-64", 301, 64)]
    [InlineData("log-mel-80", 301, 80)]
    public void Workout_EveryPreset_PooledOrNot_Passes(string preset, int frames, int bins)
    {
        ClipRow[] rows = ClipRow.Grid(3);
        VoiceOptions frameByFrame = VoicePresets.Get(preset) with
        {
            Pooling = TimePooling.None,
            Normalisation = FeatureNormalisation.ClipOverTime,
        };
        IDataView input = _ml.Data.LoadFromEnumerable(rows);

        EstimatorWorkout.Run(
            _ml,
            _ml.Transforms.VoiceSpectrogram("Features", "Voice", VoicePresets.Get(preset)),
            rows,
            [
                WrongInput.Of<NumberRow>(
                    _ml,
                    "Column 'Voice' (voice of VoiceSpectrogram) is Single; "
                    + "must be String or Vector<Byte>, or Vector<Single> with a sample rate.",
                    "Column 'Voice' (voice of VoiceSpectrogram) is Single; "
                    + "must be String or Vector<Byte>, or Vector<Single> with a sample rate."),
            ]);
        VoiceSpectrogramTransformer transformer = _ml.Transforms.VoiceSpectrogram("Features", "Voice", frameByFrame).Fit(input);

        Assert.Equal(frames * bins, transformer.FeatureCount);
        Assert.Equal(new VoiceFrontEnd(frameByFrame).Extract(rows[1].Voice), DataRows.Read(transformer.Transform(input), "Features")[1][0]);
    }

    [Fact]
    public void Transform_GridClips_EqualsTheFrontEndRowByRow()
    {
        ClipRow[] rows = ClipRow.Grid();
        IDataView input = _ml.Data.LoadFromEnumerable(rows);
        var frontEnd = new VoiceFrontEnd(new VoiceOptions());

        List<object[]> features = DataRows.Read(
            _ml.Transforms.VoiceSpectrogram("Features", "Voice").Fit(input).Transform(input), "Name", "Features");

        Assert.Equal(27, features.Count);
        for (int r = 0; r < rows.Length; r++)
        {
            Assert.Equal(rows[r].Name, features[r][0]);
            Assert.Equal(frontEnd.Extract(rows[r].Voice, 0, null), features[r][1]);
        }
    }

    [Fact]
    public void Transform_StartAndDuration_TakesThatPartOfTheFile()
    {
        ClipRow row = ClipRow.Grid(1)[0];
        row.Start = 0.5;
        row.Duration = 1.5f;
        IDataView input = _ml.Data.LoadFromEnumerable(new[] { row });
        VoiceSpectrogramTransformer transformer = _ml.Transforms
            .VoiceSpectrogram("Features", "Voice", startColumnName: "Start", durationColumnName: "Duration").Fit(input);

        float[] features = (float[])DataRows.Read(transformer.Transform(input), "Features")[0][0];

        var frontEnd = new VoiceFrontEnd(new VoiceOptions());
        Assert.Equal(frontEnd.Extract(row.Voice, 0.5, 1.5), features);
        Assert.NotEqual(frontEnd.Extract(row.Voice, 0, null), features);
    }

    [Fact]
    public void Transform_Options_AreFollowed()
    {
        var options = new VoiceOptions { TwoSided = false, Pooling = TimePooling.MeanAndDeviation };
        IDataView input = _ml.Data.LoadFromEnumerable(ClipRow.Grid(2));

        VoiceSpectrogramTransformer transformer = _ml.Transforms.VoiceSpectrogram("Features", "Voice", options).Fit(input);

        Assert.Equal(514, transformer.FeatureCount);
        Assert.Equal(514, ((float[])DataRows.Read(transformer.Transform(input), "Features")[1][0]).Length);
    }

    [Fact]
    public void Transform_EmptyPath_IsMissing()
    {
        IDataView input = _ml.Data.LoadFromEnumerable(new[] { new ClipRow() });

        float[] features =
            (float[])DataRows.Read(_ml.Transforms.VoiceSpectrogram("Features", "Voice").Fit(input).Transform(input), "Features")[0][0];

        Assert.All(features, value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void Transform_FolderGiven_ResolvesRelativePaths()
    {
        ClipRow row = ClipRow.Grid(1)[0];
        IDataView absolute = _ml.Data.LoadFromEnumerable(new[] { row });
        IDataView relative = _ml.Data.LoadFromEnumerable(new[] { new ClipRow { Voice = Path.GetFileName(row.Voice) } });
        VoiceSpectrogramEstimator inFolder = _ml.Transforms.VoiceSpectrogram("Features", "Voice", folder: Path.GetDirectoryName(row.Voice));

        object expected =
            DataRows.Read(_ml.Transforms.VoiceSpectrogram("Features", "Voice").Fit(absolute).Transform(absolute), "Features")[0][0];
        object actual = DataRows.Read(inFolder.Fit(relative).Transform(relative), "Features")[0][0];

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Transform_TwoBadFiles_NamesTheFirstEveryTime()
    {
        using var folder = new TemporaryFolder();
        ClipRow[] rows = ClipRow.Grid(20);
        rows[7].Voice = folder["first.wav"];
        File.WriteAllText(rows[7].Voice, "no wav");
        rows[8].Voice = folder["second.wav"];
        IDataView input = _ml.Data.LoadFromEnumerable(rows);
        IDataView output = _ml.Transforms.VoiceSpectrogram("Features", "Voice").Fit(input).Transform(input);

        for (int attempt = 0; attempt < 5; attempt++)
        {
            InvalidDataException error = Assert.Throws<InvalidDataException>(() => DataRows.Read(output, "Features"));
            Assert.StartsWith($"{rows[7].Voice}: ", error.Message, StringComparison.Ordinal);
        }
    }

    private sealed class NumberRow
    {
        public float Voice { get; set; }

        public double Start { get; set; }

        public float Duration { get; set; }
    }

    private sealed class TextStartRow
    {
        public string Voice { get; set; } = "";

        public string Start { get; set; } = "";

        public float Duration { get; set; }
    }

    private sealed class TwoVoicesRow
    {
        public string[] Voice { get; set; } = [];

        public double Start { get; set; }

        public float Duration { get; set; }
    }

    private sealed class NoDurationRow
    {
        public string Voice { get; set; } = "";

        public double Start { get; set; }
    }
}
