using CrossModalVae.Clustering;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Numerics;
using CrossModalVae.Pipelines.Tests.Workouts;
using CrossModalVae.Retrieval;
using CrossModalVae.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Flows;

/// <summary>
/// What users of ML.NET do with a pipeline: files to joint embedding to clusters to a ranking, clips with a missing modality among them.
/// </summary>
public sealed class WholeChainTests : IDisposable
{
    private static readonly string[] Added = [ModelColumns.JointEmbedding, "PredictedLabel", "Score", "RankedIdentities", "RankedScores"];

    private readonly TemporaryFolder _folder = new();
    private readonly Manifest _grid = ManifestReader.Read(TestFiles.GridManifest);
    private readonly MLContext _ml = new(1);
    private readonly ScoringModel _model;
    private readonly EmbeddingSet _faces;
    private readonly IDataView _input;
    private readonly ITransformer _chain;
    private readonly IDataView _output;

    public WholeChainTests()
    {
        ModelFolders.Write(_folder.Root, ModelFolders.Recipe());
        _model = ScoringModel.Load(_folder.Root);
        _faces = _model.Embed(_grid, Modality.Joint);
        _input = _ml.Data.LoadFromEnumerable(Clips());
        _chain = Chain(_ml).Fit(_input);
        _output = _chain.Transform(_input);
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Transform_ClipsWithoutAModality_AreScoredByTheOther_AndWithoutBoth_Missing()
    {
        List<object[]> rows = DataRows.Read(_output, Added);

        Assert.Equal(27, rows.Count);
        Assert.All(rows.Where((_, i) => i != 3), row => Assert.All((float[])row[0], value => Assert.True(float.IsFinite(value))));
        Assert.All((float[])rows[3][0], value => Assert.True(float.IsNaN(value)));
        Assert.Equal(0u, rows[3][1]);
        Assert.Equal(["", "", ""], (string[])rows[3][3]);
        Assert.All((float[])rows[3][4], value => Assert.True(float.IsNaN(value)));
        Assert.Contains(rows, row => (uint)row[1] > 0);
    }

    [Fact]
    public void TakeSkipFilterShuffleCache_AfterOurSteps_GiveTheSameRows()
    {
        Dictionary<string, object[]> all = ByName(_output);
        string[] names = [.. DataRows.Read(_output, "Name").Select(row => (string)row[0])];

        AssertSame(all, names[..5], _ml.Data.TakeRows(_output, 5));
        AssertSame(all, names[20..], _ml.Data.SkipRows(_output, 20));
        AssertSame(all, names[5..15], _ml.Data.FilterRowsByColumn(_output, "Age", 5, 15));
        AssertSame(all, [.. names.Where((_, i) => i != 3)], _ml.Data.FilterRowsByMissingValues(_output, ModelColumns.JointEmbedding));
        AssertSame(all, names, _ml.Data.Cache(_output));
        AssertSame(all, names[..5], _ml.Data.TakeRows(_ml.Data.Cache(_output, ["Name", .. Added]), 5));

        IDataView shuffled = _ml.Data.ShuffleRows(_output, seed: 3);
        string[] order = [.. DataRows.Read(shuffled, "Name").Select(row => (string)row[0])];
        Assert.NotEqual(names, order);
        AssertSame(all, order, shuffled);

        // A source that shuffles itself, as a cache does, hands its rows to our cursor in its own order.
        IDataView cached = _chain.Transform(_ml.Data.Cache(_input));
        Assert.True(cached.CanShuffle);
        using DataViewRowCursor cursor = cached.GetRowCursor(cached.Schema, new Random(4));
        var seen = new List<string>();
        Func<object> name = DataRows.Getter(cursor, cached.Schema["Name"]);
        Func<object> joint = DataRows.Getter(cursor, cached.Schema[ModelColumns.JointEmbedding]);
        while (cursor.MoveNext())
        {
            seen.Add((string)name());
            Assert.Equal(all[seen[^1]][0], joint());
        }

        Assert.NotEqual(names, seen);
        Assert.Equal(names.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void GetRowCursorSet_ReadByAsManyThreads_GivesEveryRowOnce(int n)
    {
        Dictionary<string, object[]> all = ByName(_output);
        IDataView view = _ml.Transforms.CopyColumns("Copy", ModelColumns.JointEmbedding).Fit(_output).Transform(_output);
        DataViewSchema.Column[] columns = [view.Schema["Name"], view.Schema["Copy"]];

        object[][] rows =
        [
            .. view.GetRowCursorSet(columns, n).AsParallel().WithDegreeOfParallelism(4).SelectMany(cursor =>
            {
                using (cursor)
                {
                    Func<object>[] getters = [.. columns.Select(column => DataRows.Getter(cursor, column))];
                    var own = new List<object[]>();
                    while (cursor.MoveNext())
                    {
                        own.Add([.. getters.Select(getter => getter())]);
                    }

                    return own;
                }
            }),
        ];

        Assert.Equal(27, rows.Length);
        Assert.Equal(27, rows.Select(row => row[0]).Distinct().Count());
        Assert.All(rows, row => Assert.Equal(all[(string)row[0]][0], row[1]));
    }

    [Fact]
    public void GetRowCursor_ManyAtOnce_DoNotDisturbEachOther()
    {
        List<object[]> expected = DataRows.Read(_output, Added);

        List<object[]>[] read =
            [.. Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8).Select(_ => DataRows.Read(_output, Added))];

        Assert.All(read, rows => Assert.Equal(expected, rows));
    }

    [Fact]
    public void Preview_OfViewAndOfPipeline_ShowsTheRows()
    {
        DataDebuggerPreview view = _output.Preview(maxRows: 4);
        DataDebuggerPreview fitted = Chain(_ml).Preview(_input, maxRows: 3, maxTrainingRows: 27);

        Assert.Equal(4, view.RowView.Length);
        Assert.Equal(DataRows.Read(_output, ModelColumns.JointEmbedding)[2][0], Values(view, 2));
        Assert.Equal(DataRows.Read(_output, ModelColumns.JointEmbedding)[1][0], Values(fitted, 1));

        static float[] Values(DataDebuggerPreview preview, int row) =>
            [.. ((VBuffer<float>)preview.RowView[row].Values.Single(pair => pair.Key == ModelColumns.JointEmbedding).Value).DenseValues()];
    }

    [Fact]
    public void PredictionEngine_EveryClip_EqualsTheViewsRow()
    {
        List<object[]> expected = DataRows.Read(_output, Added);
        ClipFiles[] clips = Clips();
        using PredictionEngine<ClipFiles, Found> engine = _ml.Model.CreatePredictionEngine<ClipFiles, Found>(_chain);

        for (int i = 0; i < clips.Length; i++)
        {
            Found found = engine.Predict(clips[i]);

            Assert.Equal(expected[i][1], found.PredictedLabel);
            Assert.Equal((string[])expected[i][3], found.RankedIdentities);
            Assert.All(((float[])expected[i][4]).Zip(found.RankedScores), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        }
    }

    [Fact]
    public void PredictionEngine_OneAThread_AgreeWithOneAlone()
    {
        ClipFiles[] clips = Clips();
        using PredictionEngine<ClipFiles, Found> alone = _ml.Model.CreatePredictionEngine<ClipFiles, Found>(_chain);
        float[][] expected = [.. clips.Select(clip => alone.Predict(clip).RankedScores)];

        Parallel.For(0, 4, _ =>
        {
            using PredictionEngine<ClipFiles, Found> engine = _ml.Model.CreatePredictionEngine<ClipFiles, Found>(_chain);
            for (int i = 0; i < clips.Length; i++)
            {
                Assert.Equal(expected[i], engine.Predict(clips[i]).RankedScores);
            }
        });
    }

    [Fact]
    public void TrainTestSplit_AroundTheChain_KeepsPeopleApart()
    {
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(_input, 0.4, nameof(ClipFiles.Person), seed: 2);
        ITransformer fitted = Chain(_ml).Fit(split.TrainSet);

        string[] train = People(fitted.Transform(split.TrainSet));
        string[] test = People(fitted.Transform(split.TestSet));

        Assert.Equal(27, train.Length + test.Length);
        Assert.NotEmpty(test);
        Assert.Empty(train.Intersect(test));

        static string[] People(IDataView view) =>
            [.. DataRows.Read(view, nameof(ClipFiles.Person), "PredictedLabel").Select(row => (string)row[0])];
    }

    [Fact]
    public void CrossValidate_TrainerAfterTheChain_ScoresEveryRowOnce()
    {
        IEstimator<ITransformer> pipeline = _model.CreateJointPipeline(_ml, Columns())
            .Append(_ml.Transforms.ReplaceMissingValues("Features", ModelColumns.JointEmbedding))
            .Append(_ml.Transforms.NormalizeMinMax("Features"))
            .Append(_ml.Regression.Trainers.Sdca("Age", "Features", maximumNumberOfIterations: 5));

        IReadOnlyList<TrainCatalogBase.CrossValidationResult<RegressionMetrics>> folds =
            _ml.Regression.CrossValidate(_input, pipeline, 3, "Age");

        Assert.Equal(27, folds.Sum(fold => DataRows.Read(fold.ScoredHoldOutSet, "Name", "Score").Count));
        Assert.All(folds, fold => Assert.True(double.IsFinite(fold.Metrics.MeanAbsoluteError)));
    }

    [Fact]
    public void Fit_NoRows_AndTransform_NoRows_GiveNone()
    {
        IDataView none = _ml.Data.LoadFromEnumerable(Array.Empty<ClipFiles>());

        Assert.Empty(DataRows.Read(_chain.Transform(none), Added));
        ITransformer fitted = Chain(_ml).Fit(none);
        Assert.Empty(DataRows.Read(fitted.Transform(none), Added));
        Assert.All(DataRows.Read(fitted.Transform(_input), "PredictedLabel"), row => Assert.Equal(0u, row[0]));
    }

    [Fact]
    public void SaveAsBinaryAndText_OfTheOutput_CanBeReadAgain()
    {
        using (FileStream stream = File.Create(_folder["rows.idv"]))
        {
            _ml.Data.SaveAsBinary(_output, stream);
        }

        using (FileStream stream = File.Create(_folder["rows.tsv"]))
        {
            _ml.Data.SaveAsText(_ml.Transforms.SelectColumns("Score", "RankedScores").Fit(_output).Transform(_output), stream);
        }

        IDataView loaded = new MLContext().Data.LoadFromBinary(_folder["rows.idv"]);
        Assert.Equal(DataRows.Read(_output, Added), DataRows.Read(loaded, Added));
        Assert.Equal($"{_output.Schema["PredictedLabel"].Type}", $"{loaded.Schema["PredictedLabel"].Type}");
        Assert.Contains("\t1\t2\t3", File.ReadAllText(_folder["rows.tsv"]), StringComparison.Ordinal); // the ranks, as slot names
    }

    [Fact]
    public void TwoContexts_PipelineOfOne_ReadsTheOthersRows()
    {
        var other = new MLContext(9);
        IDataView rows = other.Data.LoadFromEnumerable(Clips());

        IDataView mixed = other.Transforms.CopyColumns("Copy", ModelColumns.JointEmbedding).Fit(_output).Transform(_chain.Transform(rows));

        Assert.Equal(DataRows.Read(_output, Added), DataRows.Read(mixed, Added));
        Assert.Equal(DataRows.Read(_output, Added), DataRows.Read(Chain(other).Fit(rows).Transform(rows), Added));
    }

    [Fact]
    public void Cancellation_InTheRows_EndsFitAndCursor()
    {
        using var source = new CancellationTokenSource();
        IDataView rows = _ml.Data.LoadFromEnumerable(Cancelling());

        // ML.NET's cache, with which the model's pipeline ends, reads on a thread of its own and wraps what is thrown there.
        Assert.IsType<OperationCanceledException>(
            Assert.Throws<InvalidOperationException>(() => Chain(_ml).Fit(rows)).InnerException);
        Assert.Throws<OperationCanceledException>(() => DataRows.Read(_chain.Transform(rows), Added));

        IEnumerable<ClipFiles> Cancelling()
        {
            foreach (ClipFiles clip in Clips())
            {
                source.Token.ThrowIfCancellationRequested();
                yield return clip;
                source.Cancel();
            }
        }
    }

    [Fact]
    public void Dispose_BundleBeforeTheRest_FailsPlainlyAndNeverCrashes()
    {
        ScoringModel model = ScoringModel.Load(_folder.Root);
        ITransformer chain = model.CreateVoicePipeline(_ml, Columns()).Fit(_input);
        IDataView output = chain.Transform(_input);
        DataViewRowCursor cursor = output.GetRowCursor(output.Schema);
        Assert.True(cursor.MoveNext());
        PredictionEngine<ClipFiles, Name> engine = _ml.Model.CreatePredictionEngine<ClipFiles, Name>(chain);

        model.Dispose();
        (chain as IDisposable)?.Dispose();

        Assert.Throws<ObjectDisposedException>(() => DataRows.Read(output, ModelColumns.VoiceMean));
        Assert.Throws<ObjectDisposedException>(() =>
        {
            while (cursor.MoveNext())
            {
            }
        });
        cursor.Dispose();
        engine.Dispose();
        model.Dispose();
        Assert.Equal(27, DataRows.Read(output, "Name").Count);
    }

    private EstimatorChain<GalleryRankingTransformer> Chain(MLContext ml) =>
        _model.CreateJointPipeline(ml, Columns())
            .Append(ml.Clustering.Trainers.Dbscan(
                ModelColumns.JointEmbedding, new DbscanOptions { Eps = 0.2, MinSamples = 3, Metric = DistanceMetric.Cosine }))
            .Append(ml.Transforms.RankAgainstGallery("Ranked", ModelColumns.JointEmbedding, _faces, new RankingOptions { Count = 3 }));

    private PipelineColumns Columns() =>
        new() { Voice = nameof(ClipFiles.Voice), Faces = nameof(ClipFiles.Faces), Folder = _grid.Folder };

    private ClipFiles[] Clips() =>
    [
        .. _grid.Clips.Select((clip, i) => new ClipFiles
        {
            Name = clip.Key,
            Person = clip.Identity,
            Age = i,
            Voice = i is 1 or 3 ? "" : clip.Voice!,
            Faces = i is 2 or 3 ? [] : [.. clip.Faces],
        }),
    ];

    private static Dictionary<string, object[]> ByName(IDataView view) =>
        DataRows.Read(view, ["Name", .. Added]).ToDictionary(row => (string)row[0], row => row[1..]);

    private static void AssertSame(Dictionary<string, object[]> all, string[] names, IDataView view)
    {
        List<object[]> rows = DataRows.Read(view, ["Name", .. Added]);

        Assert.Equal(names, rows.Select(row => (string)row[0]));
        Assert.All(rows, row => Assert.Equal(all[(string)row[0]], row[1..]));
    }

    private sealed class ClipFiles
    {
        public string Name { get; set; } = "";

        public string Person { get; set; } = "";

        public float Age { get; set; }

        public string Voice { get; set; } = "";

        public string[] Faces { get; set; } = [];
    }

    private sealed class Found
    {
        public uint PredictedLabel { get; set; }

        public string[] RankedIdentities { get; set; } = [];

        public float[] RankedScores { get; set; } = [];
    }

    private sealed class Name
    {
        [ColumnName("Name")]
        public string Text { get; set; } = "";
    }
}
