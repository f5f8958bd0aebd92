using CrossModalVae.Corpora;
using CrossModalVae.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Bundles;

/// <summary>A trainer that is appended to a model's pipeline reads each file once a fit, however many passes it makes.</summary>
public sealed class TrainerCachingTests : IDisposable
{
    private const int Passes = 20;
    private const int Folds = 3;

    private readonly TemporaryFolder _folder = new();
    private readonly Manifest _grid = ManifestReader.Read(TestFiles.GridManifest);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Modality.Voice)]
    [InlineData(Modality.Face)]
    [InlineData(Modality.Joint)]
    public void Fit_TrainerOfManyPasses_ReadsEachFileOnce(Modality modality)
    {
        ModelFolders.Write(_folder.Root, ModelFolders.Recipe());
        using ScoringModel model = ScoringModel.Load(_folder.Root);
        var ml = new MLContext(seed: 1);
        (IDataView data, Row[] rows) = Data(ml);

        Pipeline(model, ml, modality).Fit(data);

        AssertReads(modality, rows, most: 1);
    }

    [Fact]
    public void CrossValidate_VoicePipelineAndTrainer_ReadsEachFileOnceAFold()
    {
        ModelFolders.Write(_folder.Root, ModelFolders.Recipe());
        using ScoringModel model = ScoringModel.Load(_folder.Root);
        var ml = new MLContext(seed: 1);
        (IDataView data, Row[] rows) = Data(ml);

        var results = ml.Regression.CrossValidate(
            data, Pipeline(model, ml, Modality.Voice), numberOfFolds: Folds, labelColumnName: "Label");

        Assert.Equal(Folds, results.Count);
        AssertReads(Modality.Voice, rows, most: Folds + Folds); // to train on, and to be scored; each pass would be 20 times Folds
    }

    private IEstimator<ITransformer> Pipeline(ScoringModel model, MLContext ml, Modality modality)
    {
        var columns = new PipelineColumns { Folder = _grid.Folder };
        string features = modality switch
        {
            Modality.Voice => ModelColumns.VoiceMean,
            Modality.Face => ModelColumns.FaceMean,
            _ => ModelColumns.JointEmbedding,
        };
        var trainer = ml.Regression.Trainers.OnlineGradientDescent(
            "Label", features, learningRate: 1e-9f, numberOfIterations: Passes);
        return modality switch
        {
            Modality.Voice => model.CreateVoicePipeline(ml, columns).Append(trainer),
            Modality.Face => model.CreateFacePipeline(ml, columns).Append(trainer),
            _ => model.CreateJointPipeline(ml, columns).Append(trainer),
        };
    }

    private (IDataView Data, Row[] Rows) Data(MLContext ml)
    {
        Row[] rows = [.. _grid.Clips.Select((clip, i) => new Row(clip.Voice!, [.. clip.Faces]) { Label = i / 27f })];
        return (ml.Data.LoadFromEnumerable(rows), rows);
    }

    private static void AssertReads(Modality modality, Row[] rows, int most)
    {
        if (modality != Modality.Face)
        {
            Assert.All(rows, row => Assert.InRange(row.VoiceReads, 1, most));
        }

        if (modality != Modality.Voice)
        {
            Assert.All(rows, row => Assert.InRange(row.FaceReads, 1, most));
        }
    }

    // A path is asked for where the file is about to be read.
    private sealed class Row(string voice, string[] faces)
    {
        private int _voiceReads;
        private int _faceReads;

        [NoColumn]
        public int VoiceReads => _voiceReads;

        [NoColumn]
        public int FaceReads => _faceReads;

        public float Label { get; set; }

        [ColumnName("Voice")]
        public string VoicePath
        {
            get
            {
                Interlocked.Increment(ref _voiceReads);
                return voice;
            }
        }

        [ColumnName("Faces")]
        public string[] FacePaths
        {
            get
            {
                Interlocked.Increment(ref _faceReads);
                return faces;
            }
        }
    }
}
