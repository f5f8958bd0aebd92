using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using CrossModalVae.Audio;
using CrossModalVae.Clustering;
using CrossModalVae.Corpora;
using CrossModalVae.Encoders;
using CrossModalVae.Faces;
using CrossModalVae.Metrics;
using CrossModalVae.Numerics;
using CrossModalVae.Pipelines.Tests.Workouts;
using CrossModalVae.Projection;
using CrossModalVae.Recipes;
using CrossModalVae.Retrieval;
using CrossModalVae.Scoring;
using CrossModalVae.Scoring.Encoders;
using CrossModalVae.Scoring.Tests.Encoders;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Saving;

/// <summary>One file holds a whole pipeline, and is refused where it is not what was written.</summary>
public sealed class SaveBundleTests : IDisposable
{
    private static readonly string[] Added =
    [
        "Label", ModelColumns.JointEmbedding, "PredictedLabel", "Score", "Density", "DensityScore", "Probability", "OutlierScore", "Place",
        "RankedIdentities", "RankedClips", "RankedScores", "RankedProbabilities", "Scaled",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly Manifest _grid = ManifestReader.Read(TestFiles.GridManifest);
    private readonly MLContext _ml = new(1);

    private string File => _folder["people.cmvae.zip"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void LoadBundle_WholeChain_GivesTheSameValuesWithoutTheModelFolder()
    {
        IDataView input = _ml.Data.LoadFromEnumerable(Clips());
        List<object[]> expected;
        using (ScoringModel bundle = Load())
        {
            ITransformer chain = Chain(bundle).Fit(input);
            expected = DataRows.Read(chain.Transform(input), Added);
            _ml.Model.SaveBundle(chain, input.Schema, File);
        }

        Directory.Delete(_folder["model"], recursive: true);
        ITransformer loaded = new MLContext().Model.LoadBundle(File, out DataViewSchema schema);

        Assert.Equal(
            input.Schema.Select(column => $"{column.Name} {column.Type}"), schema.Select(column => $"{column.Name} {column.Type}"));
        IDataView output = loaded.Transform(input);
        Assert.Equal(expected, DataRows.Read(output, Added));
        VBuffer<ReadOnlyMemory<char>> names = default;
        output.Schema["RankedScores"].GetSlotNames(ref names);
        Assert.Equal(["1", "2", "3"], names.DenseValues().Select(name => name.ToString()));
        Assert.Contains(expected, row => (uint)row[2] > 0);

        // New rows go through the fitted steps as before, too, and a loaded pipeline can be saved again, over its own file.
        byte[] before = System.IO.File.ReadAllBytes(File);
        _ml.Model.SaveBundle(loaded, schema, File);
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
        ((IDisposable)loaded).Dispose();
        Assert.Throws<ObjectDisposedException>(() => DataRows.Read(output, ModelColumns.JointEmbedding));
    }

    [Fact]
    public void LoadBundle_NewRowsAndEngine_AreAsBefore()
    {
        using ScoringModel bundle = Load();
        IDataView fitted = _ml.Data.LoadFromEnumerable(Clips().Take(20).ToArray());
        IDataView others = _ml.Data.LoadFromEnumerable(Clips().Skip(20).ToArray());
        ITransformer chain = Chain(bundle).Fit(fitted);

        _ml.Model.SaveBundle(chain, null, File);
        ITransformer loaded = _ml.Model.LoadBundle(File, out DataViewSchema schema);

        Assert.Null(schema);
        Assert.Equal(DataRows.Read(chain.Transform(others), Added), DataRows.Read(loaded.Transform(others), Added));
        using PredictionEngine<ClipFiles, Found> engine = _ml.Model.CreatePredictionEngine<ClipFiles, Found>(loaded); // ends it, too
        Assert.Equal(
            DataRows.Read(chain.Transform(others), "RankedClips")[0][0], engine.Predict(Clips()[20]).RankedClips);
    }

    [Fact]
    public void LoadBundle_PretrainedFrontEndsAndApplyOnnxModel_GiveTheSameValuesWithoutTheirFiles()
    {
        Directory.CreateDirectory(_folder["graphs"]);
        var recipe = new Recipe
        {
            Name = "x",
            Voice = VoicePresets.KaldiFbank with
            {
                DurationSeconds = 1,
                Pooling = TimePooling.None,
                Encoder = new VoiceEncoderOptions
                {
                    Path = TinyEncoders.Frames(_folder["graphs/voice.onnx"], 80),
                    Frames = FrameNormalisation.None,
                    Vector = VectorNormalisation.None,
                },
            },
            Face = new FaceOptions
            {
                Encoder = new FaceEncoderOptions
                {
                    Path = TinyEncoders.Face(_folder["graphs/face.onnx"]),
                    ColourOrder = ColourOrder.Rgb,
                    Mean = [0, 0, 0],
                    Deviation = [1, 1, 1],
                    Vector = VectorNormalisation.None,
                },
            },
        };
        System.IO.File.Copy(TestFiles.Golden("mlp-voice.onnx"), _folder["graphs/mlp.onnx"]);
        IDataView input = _ml.Data.LoadFromEnumerable(Clips());
        using var encoders = RecipeEncoders.Open(recipe);
        ITransformer chain = _ml.Transforms
            .VoiceSpectrogram("V", "Voice", encoders.Recipe.Voice, _grid.Folder, encoder: encoders.Encoders.Voice)
            .Append(_ml.Transforms.FaceTensor("F", "Face", encoders.Recipe.Face, _grid.Folder, encoder: encoders.Encoders.Face))
            .Append(_ml.Transforms.Concatenate("voice_features", "F", "F"))
            .Append(_ml.Transforms.ApplyOnnxModel(["voice_mean"], ["voice_features"], _folder["graphs/mlp.onnx"]))
            .Append(_ml.Transforms.ApplyOnnxModelBatched("Batched", "voice_features", _folder["graphs/mlp.onnx"]))
            .Fit(input);
        List<object[]> expected = DataRows.Read(chain.Transform(input), "V", "F", "voice_mean", "Batched");

        _ml.Model.SaveBundle(chain, input.Schema, File);
        Directory.Delete(_folder["graphs"], recursive: true);
        ITransformer loaded = new MLContext().Model.LoadBundle(File, out _);

        Assert.Equal(80, ((float[])expected[0][0]).Length);
        Assert.Equal(3, ((float[])expected[0][1]).Length);
        Assert.Equal(expected, DataRows.Read(loaded.Transform(input), "V", "F", "voice_mean", "Batched"));
        _ml.Model.SaveBundle(loaded, null, _folder["again.zip"]);
        ((IDisposable)loaded).Dispose();
        Assert.Equal(
            $"{File}: cannot be written: {_folder["graphs/mlp.onnx"]}: does not exist any more; "
            + "expected the file that holds a step's graph.",
            Assert.Throws<IOException>(() => _ml.Model.SaveBundle(((IEnumerable<ITransformer>)chain).Last(), null, File)).Message);
    }

    [Fact]
    public void SaveBundle_Twice_GivesTheSameBytes()
    {
        using ScoringModel bundle = Load();
        IDataView input = _ml.Data.LoadFromEnumerable(Clips());
        ITransformer chain = Chain(bundle).Fit(input);

        _ml.Model.SaveBundle(chain, input.Schema, File);
        _ml.Model.SaveBundle(chain, input.Schema, _folder["again.zip"]);

        Assert.Equal(System.IO.File.ReadAllBytes(File), System.IO.File.ReadAllBytes(_folder["again.zip"]));
        Assert.Empty(Directory.GetFiles(_folder.Root, "*.partial"));
    }

    [Fact]
    public void LoadBundle_AnyChangedByte_IsRefusedOrWithoutEffect()
    {
        IDataView input = SaveSmall(out List<object[]> expected);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        string changed = _folder["changed.zip"];
        int refused = 0;
        for (int i = 0; i < whole.Length; i += 97)
        {
            byte[] bytes = [.. whole];
            bytes[i] ^= 0x10;
            System.IO.File.WriteAllBytes(changed, bytes);
            try
            {
                ITransformer loaded = _ml.Model.LoadBundle(changed, out _);
                Assert.Equal(expected, DataRows.Read(loaded.Transform(input), "PredictedLabel", "Score"));
            }
            catch (InvalidDataException e)
            {
                refused++;
                Assert.StartsWith($"{changed}: ", e.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(refused, whole.Length / 97 / 2, whole.Length);
    }

    [Fact]
    public void LoadBundle_TruncatedOrOfAnotherKind_IsRefused()
    {
        SaveSmall(out _);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        foreach (byte[] bytes in new byte[][] { [], whole[..(whole.Length / 2)], "no zip at all"u8.ToArray() })
        {
            System.IO.File.WriteAllBytes(File, bytes);
            string message = Assert.Throws<InvalidDataException>(() => _ml.Model.LoadBundle(File, out _)).Message;
            Assert.StartsWith($"{File}: is damaged or no bundle of CrossModalVae: ", message, StringComparison.Ordinal);
            Assert.EndsWith("; expected a file that ml.Model.SaveBundle wrote.", message, StringComparison.Ordinal);
        }

        using (ZipArchive zip = ZipFile.Open(_folder["other.zip"], ZipArchiveMode.Create))
        {
            zip.CreateEntry("a.txt");
        }

        Assert.Equal(
            $"{_folder["other.zip"]}: is damaged or no bundle of CrossModalVae: it has no 'bundle.json'; "
            + "expected a file that ml.Model.SaveBundle wrote.",
            Assert.Throws<InvalidDataException>(() => _ml.Model.LoadBundle(_folder["other.zip"], out _)).Message);
        Assert.Equal(
            $"{_folder["none.zip"]}: no such file.",
            Assert.Throws<FileNotFoundException>(() => _ml.Model.LoadBundle(_folder["none.zip"], out _)).Message);
    }

    [Fact]
    public void LoadBundle_ChangedContent_NamesTheFile()
    {
        SaveSmall(out _);
        string name = Rewrite("rows.f32", bytes => bytes[3] ^= 1);

        string message = Assert.Throws<InvalidDataException>(() => _ml.Model.LoadBundle(File, out _)).Message;

        Assert.StartsWith($"{File}: its file '{name}' has the SHA-256 ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadBundle_ChangedIndex_IsRefused()
    {
        SaveSmall(out _);
        Rewrite("bundle.json", bytes => bytes[Encoding.UTF8.GetString(bytes).IndexOf("dbscan", StringComparison.Ordinal)]++);

        string message = Assert.Throws<InvalidDataException>(() => _ml.Model.LoadBundle(File, out _)).Message;

        Assert.StartsWith($"{File}: its file 'bundle.json' has the SHA-256 ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadBundle_IndexThatBreaksItsSchema_IsRefused()
    {
        SaveSmall(out _);
        byte[] index = [];
        Rewrite("bundle.json", bytes => index = SetName(bytes));
        byte[] hash = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(index)));
        Rewrite("bundle.sha256", bytes => hash.CopyTo(bytes, 0));

        string message = Assert.Throws<InvalidDataException>(() => _ml.Model.LoadBundle(File, out _)).Message;

        Assert.StartsWith($"{File}: bundle.json: line ", message, StringComparison.Ordinal);
        Assert.Contains("kimd", message, StringComparison.Ordinal);

        static byte[] SetName(byte[] bytes)
        {
            Encoding.UTF8.GetBytes("kimd").CopyTo(bytes, Encoding.UTF8.GetString(bytes).IndexOf("kind", StringComparison.Ordinal));
            return bytes;
        }
    }

    [Theory]
    [InlineData("bundle/2", ": is a bundle of format 2; this version of CrossModalVae reads up to 1.")]
    [InlineData("bumble/1", ": its schema is 'crossmodalvae/bumble/1'; expected crossmodalvae/bundle/1.")]
    public void LoadBundle_NewerOrOtherFormat_IsRefused(string format, string message)
    {
        SaveSmall(out _);
        Rewrite("bundle.json", bytes => Encoding.UTF8.GetBytes(format).CopyTo(
            bytes, Encoding.UTF8.GetString(bytes).IndexOf("bundle/1", StringComparison.Ordinal)));

        Assert.Equal(File + message, Assert.Throws<InvalidDataException>(() => _ml.Model.LoadBundle(File, out _)).Message);
    }

    [Fact]
    public void SaveBundle_StepThatMlNetCannotSave_IsRefused_AndTheOldFileStays()
    {
        IDataView input = SaveSmall(out _);
        byte[] old = System.IO.File.ReadAllBytes(File);
        ITransformer chain = _ml.Transforms.CopyColumns("Copy", "Features")
            .Append(_ml.Transforms.CustomMapping<PointRow, LabelRow>((_, _) => { }, null)).Fit(input);

        NotSupportedException error = Assert.Throws<NotSupportedException>(() => _ml.Model.SaveBundle(chain, input.Schema, File));

        Assert.Equal(
            "CustomMappingTransformer`2 cannot be saved in a bundle, because ML.NET cannot: "
            + "Empty contract name for a transform: the transform cannot be saved",
            error.Message);
        Assert.Equal(old, System.IO.File.ReadAllBytes(File));
        Assert.Empty(Directory.GetFiles(_folder.Root, "*.partial"));
    }

    [SkippableFact]
    public void SaveBundle_PlaceThatCannotBeWritten_SaysSo_AndTheOldFileStays()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "/proc is Linux's.");
        IDataView input = SaveSmall(out _);
        ITransformer model = _ml.Transforms.CopyColumns("Copy", "Features").Fit(input);

        string message = Assert.Throws<IOException>(() => _ml.Model.SaveBundle(model, input.Schema, "/proc/people.zip")).Message;

        Assert.StartsWith("/proc/people.zip: cannot be written: ", message, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["taken.zip"]);
        message = Assert.Throws<IOException>(() => _ml.Model.SaveBundle(model, input.Schema, _folder["taken.zip"])).Message;
        Assert.StartsWith($"{_folder["taken.zip"]}: cannot be written: ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_OfMlNet_NamesSaveBundle()
    {
        IDataView input = _ml.Data.LoadFromEnumerable(Points());

        NotSupportedException error = Assert.Throws<NotSupportedException>(
            () => _ml.Model.Save(_ml.Clustering.Trainers.Dbscan().Fit(input), input.Schema, new MemoryStream()));

        Assert.Equal(
            "DbscanTransformer cannot be saved by ml.Model.Save, which ML.NET closes to transformers outside its own assemblies; "
            + "ml.Model.SaveBundle saves the whole pipeline in one file.",
            error.Message);
    }

    private ScoringModel Load()
    {
        ModelFolders.Write(_folder["model"], ModelFolders.Recipe());
        return ScoringModel.Load(_folder["model"]);
    }

    private IEstimator<ITransformer> Chain(ScoringModel bundle) =>
        _ml.Transforms.Conversion.MapValueToKey("Label", nameof(ClipFiles.Person))
            .Append(bundle.CreateJointPipeline(
                _ml, new PipelineColumns { Voice = nameof(ClipFiles.Voice), Faces = nameof(ClipFiles.Face), Folder = _grid.Folder }))
            .Append(_ml.Clustering.Trainers.Dbscan(
                ModelColumns.JointEmbedding, new DbscanOptions { MinSamples = 3, Metric = DistanceMetric.Cosine }))
            .Append(_ml.Clustering.Trainers.Hdbscan(
                ModelColumns.JointEmbedding, new HdbscanOptions { MinClusterSize = 3 }, "Density", "DensityScore"))
            .Append(_ml.Transforms.ProjectTsne(
                "Place", ModelColumns.JointEmbedding, new TSneOptions { Perplexity = 4, Metric = DistanceMetric.Cosine }))
            .Append(_ml.Transforms.RankAgainstGallery(
                "Ranked",
                ModelColumns.JointEmbedding,
                bundle.Embed(_grid, Modality.Joint),
                new RankingOptions { Count = 3 },
                IdentityAggregation.TopM(2),
                new ScoreCalibration { Slope = 4, Intercept = -1 }))
            .Append(_ml.Transforms.NormalizeMinMax("Scaled", "Place"));

    private IDataView SaveSmall(out List<object[]> expected)
    {
        IDataView input = _ml.Data.LoadFromEnumerable(Points());
        ITransformer model = _ml.Clustering.Trainers
            .Dbscan(options: new DbscanOptions { Eps = 1, MinSamples = 3, Metric = DistanceMetric.Euclidean }).Fit(input);
        expected = DataRows.Read(model.Transform(input), "PredictedLabel", "Score");
        _ml.Model.SaveBundle(model, input.Schema, File);
        return input;
    }

    // Changes a file inside the bundle; its name in it.
    private string Rewrite(string name, Action<byte[]> change)
    {
        using ZipArchive zip = ZipFile.Open(File, ZipArchiveMode.Update);
        ZipArchiveEntry entry = zip.Entries.Single(own => own.Name == name);
        byte[] bytes = new byte[entry.Length];
        using (Stream stream = entry.Open())
        {
            stream.ReadExactly(bytes);
            change(bytes);
            stream.Position = 0;
            stream.Write(bytes);
        }

        return entry.FullName;
    }

    private static PointRow[] Points() =>
        [.. new[] { 0f, 1, 2, 10, 11, 12, 50, float.NaN }.Select(x => new PointRow { Features = [x, -x] })];

    private ClipFiles[] Clips() =>
    [
        .. _grid.Clips.Select((clip, i) => new ClipFiles
        {
            Person = clip.Identity, Voice = i is 1 or 3 ? "" : clip.Voice!, Face = i is 2 or 3 ? "" : clip.Faces[0],
        }),
    ];

    private sealed class ClipFiles
    {
        public string Person { get; set; } = "";

        public string Voice { get; set; } = "";

        public string Face { get; set; } = "";
    }

    private sealed class Found
    {
        public string[] RankedClips { get; set; } = [];
    }

    private sealed class PointRow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = new float[2];
    }

    private sealed class LabelRow
    {
        public float Label { get; set; }
    }
}
