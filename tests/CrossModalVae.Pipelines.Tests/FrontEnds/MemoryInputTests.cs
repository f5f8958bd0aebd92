using CrossModalVae.Audio;
using CrossModalVae.Pipelines.Tests.Workouts;
using CrossModalVae.Scoring.Tests.Encoders;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.FrontEnds;

/// <summary>Voices and faces from memory have the features that they have from files, bit for bit.</summary>
public class MemoryInputTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Voice_BytesAndSamples_EqualThePath()
    {
        ClipRow[] clips = ClipRow.Grid();
        IDataView input = _ml.Data.LoadFromEnumerable(clips.Select((clip, i) => Of(clip, i * 0.01, i % 3 == 0 ? float.NaN : 1.4f)));
        var options = new VoiceOptions { SampleRateHz = 8_000, DurationSeconds = 1.2, Crop = VoiceCrop.Center };
        IDataView output = _ml.Transforms
            .VoiceSpectrogram("FromPath", "Path", options, startColumnName: "Start", durationColumnName: "Duration")
            .Append(_ml.Transforms.VoiceSpectrogram("FromBytes", "Bytes", options, null, "Start", "Duration"))
            .Append(_ml.Transforms.VoiceSpectrogram(
                "FromSamples", "Samples", options, null, "Start", "Duration", sampleRateColumnName: "Rate"))
            .Fit(input).Transform(input);

        List<object[]> rows = DataRows.Read(output, "FromPath", "FromBytes", "FromSamples");

        Assert.Equal(27, rows.Count);
        Assert.All(rows, row => Assert.Equal(row[0], row[1]));
        Assert.All(rows, row => Assert.Equal(row[0], row[2]));
        Assert.Equal(27, rows.Select(row => ((float[])row[0])[7]).Distinct().Count());
    }

    [Fact]
    public void Face_BytesOfJpegAndPng_EqualThePath()
    {
        using var folder = new TemporaryFolder();
        ClipRow[] clips = ClipRow.Grid();
        PngFiles.Write(folder["pattern.png"], 40, 30, (x, y) => (byte)(x * y * 7));
        PictureRow[] pictures =
        [
            .. clips.Select(clip => Picture(clip.FirstFace, [float.NaN, float.NaN, float.NaN, float.NaN])),
            .. clips.Take(5).Select(clip => Picture(clip.FirstFace, [20, 30, 60, 50])),
            Picture(folder["pattern.png"], []),
        ];
        IDataView input = _ml.Data.LoadFromEnumerable(pictures);
        IDataView output = _ml.Transforms.FaceTensor("FromPath", "Path", boxColumnName: "Box")
            .Append(_ml.Transforms.FaceTensor("FromBytes", "Bytes", boxColumnName: "Box"))
            .Fit(input).Transform(input);

        List<object[]> rows = DataRows.Read(output, "FromPath", "FromBytes");

        Assert.Equal(33, rows.Count);
        Assert.All(rows, row => Assert.Equal(row[0], row[1]));
        Assert.Equal(33, rows.Select(row => ((float[])row[0])[7]).Distinct().Count());
    }

    [Fact]
    public void Workout_Samples_Passes() =>
        EstimatorWorkout.Run(
            _ml,
            _ml.Transforms.VoiceSpectrogram("Features", "Samples", sampleRateHz: 16_000),
            new[] { Tone(16_000), new SampleRow(), Tone(8_000), Tone(20_000) },
            [
                WrongInput.Of<TextRow>(
                    _ml,
                    "Column 'Samples' (voice of VoiceSpectrogram) is Double; must be String, Vector<Byte> or Vector<Single>.",
                    "Column 'Samples' (voice of VoiceSpectrogram) is Double; must be String, Vector<Byte> or Vector<Single>."),
            ]);

    [Fact]
    public void PredictionEngine_OfBytes_EqualsTheView()
    {
        ClipRow clip = ClipRow.Grid(1)[0];
        BytesRow row = Of(clip, 0, float.NaN);
        IDataView input = _ml.Data.LoadFromEnumerable(new[] { row });
        ITransformer voice = _ml.Transforms.VoiceSpectrogram("Features", "Bytes").Fit(input);
        using PredictionEngine<BytesRow, FeaturesRow> engine = _ml.Model.CreatePredictionEngine<BytesRow, FeaturesRow>(voice);

        Assert.Equal(new VoiceFrontEnd(new VoiceOptions()).Extract(clip.Voice), engine.Predict(row).Features);
    }

    [Fact]
    public void NothingInMemory_IsMissing()
    {
        IDataView input = _ml.Data.LoadFromEnumerable(
            new[] { new BytesRow(), new BytesRow { Samples = [float.NaN, float.NaN] } });
        IDataView output = _ml.Transforms.VoiceSpectrogram("A", "Bytes")
            .Append(_ml.Transforms.VoiceSpectrogram("B", "Samples", sampleRateHz: 16_000))
            .Append(_ml.Transforms.FaceTensor("C", "Bytes"))
            .Fit(input).Transform(input);

        Assert.All(
            DataRows.Read(output, "A", "B", "C").SelectMany(row => row),
            features => Assert.All((float[])features, value => Assert.True(float.IsNaN(value))));
    }

    [Fact]
    public void BadBytes_NameColumnAndRow()
    {
        byte[] wav = File.ReadAllBytes(ClipRow.Grid(1)[0].Voice);
        byte[] jpeg = File.ReadAllBytes(ClipRow.Grid(1)[0].FirstFace);

        Assert.StartsWith("Column 'Bytes', row 2: byte 0: found 'no s'", Voice("no sound"u8.ToArray()), StringComparison.Ordinal);
        Assert.Equal(
            "Column 'Bytes', row 2: is a file of the kind FLAC; expected the bytes of an uncompressed wav or NIST SPHERE file: "
            + "others are decoded from files only.",
            Voice([.. "fLaC"u8, .. new byte[100]]));
        Assert.StartsWith("Column 'Bytes', row 2: ", Voice(wav[..1000]), StringComparison.Ordinal);
        Assert.StartsWith("Column 'Bytes', row 2: begins with the bytes 52494646", Face(wav), StringComparison.Ordinal);
        Assert.StartsWith("Column 'Bytes', row 2: ", Face(jpeg[..(jpeg.Length / 2)]), StringComparison.Ordinal);

        string Voice(byte[] bytes) => Message(_ml.Transforms.VoiceSpectrogram("Features", "Bytes"), new BytesRow { Bytes = bytes });
        string Face(byte[] bytes) => Message(_ml.Transforms.FaceTensor("Features", "Bytes"), new BytesRow { Bytes = bytes });
    }

    [Fact]
    public void BadSamples_NameColumnAndRow()
    {
        Assert.Equal(
            "Column 'Samples', row 2: sample 1 is NaN; expected numbers within ±16 (full scale is 1).", Samples([0, float.NaN], 16_000));
        Assert.Equal(
            "Column 'Samples', row 2: the sample rate is 12.5; expected 1000 to 768000 Hz, whole.", Samples([0, 1], 12.5f));
        Assert.StartsWith("Column 'Samples', row 2: holds 0.0001 s of voice (2 samples at 16000 Hz)", Samples([0, 1], 16_000),
            StringComparison.Ordinal);
        Assert.Equal(
            "Column 'Samples', row 2: every sample is 0.5; expected a voice.",
            Samples([.. Enumerable.Repeat(0.5f, 60_000)], 16_000));

        string Samples(float[] samples, float rate) => Message(
            _ml.Transforms.VoiceSpectrogram("Features", "Samples", sampleRateColumnName: "Rate"),
            new BytesRow { Samples = samples, Rate = rate });
    }

    [Fact]
    public void SamplesWithoutRate_AreRefused()
    {
        IDataView input = _ml.Data.LoadFromEnumerable(new[] { new SampleRow() });

        Assert.Equal(
            "Column 'Samples' (voice of VoiceSpectrogram) is Vector<Single> of unknown length; "
            + "must be String or Vector<Byte>, or Vector<Single> with a sample rate.",
            Assert.Throws<ArgumentException>(() => _ml.Transforms.VoiceSpectrogram("Features", "Samples").Fit(input)).Message);
        Assert.Equal(
            "'sampleRateHz' and 'sampleRateColumnName' are both given; must be one rate for all rows, or a column of rates.",
            Assert.Throws<ArgumentException>(() => _ml.Transforms.VoiceSpectrogram(
                "Features", "Samples", sampleRateHz: 16_000, sampleRateColumnName: "Rate")).Message);
    }

    private string Message<T>(IEstimator<T> estimator, BytesRow bad)
        where T : ITransformer
    {
        IDataView input = _ml.Data.LoadFromEnumerable(new[] { new BytesRow(), new BytesRow(), bad });
        return Assert.Throws<InvalidDataException>(() => DataRows.Read(estimator.Fit(input).Transform(input), "Features")).Message;
    }

    private static BytesRow Of(ClipRow clip, double start, float duration)
    {
        AudioClip sound = AudioFile.Read(clip.Voice);
        return new BytesRow
        {
            Path = clip.Voice,
            Bytes = File.ReadAllBytes(clip.Voice),
            Samples = sound.Samples.ToArray(),
            Rate = sound.SampleRateHz,
            Start = start,
            Duration = duration,
        };
    }

    private static PictureRow Picture(string path, float[] box) => new() { Path = path, Bytes = File.ReadAllBytes(path), Box = box };

    private static SampleRow Tone(int count) =>
        new() { Samples = [.. Enumerable.Range(0, count).Select(i => (float)Math.Sin(0.1 * i))] };

    private sealed class BytesRow
    {
        public string Path { get; set; } = "";

        public byte[] Bytes { get; set; } = [];

        public float[] Samples { get; set; } = [];

        public float Rate { get; set; } = 16_000;

        public double Start { get; set; }

        public float Duration { get; set; } = float.NaN;
    }

    private sealed class PictureRow
    {
        public string Path { get; set; } = "";

        public byte[] Bytes { get; set; } = [];

        public float[] Box { get; set; } = [];
    }

    private sealed class SampleRow
    {
        public float[] Samples { get; set; } = [];
    }

    private sealed class TextRow
    {
        public double Samples { get; set; }
    }

    private sealed class FeaturesRow
    {
        [VectorType(512)]
        public float[] Features { get; set; } = [];
    }
}
