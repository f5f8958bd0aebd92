using CrossModalVae.Embeddings;
using CrossModalVae.Models;
using CrossModalVae.Numerics;
using CrossModalVae.Pipelines.Tests.Workouts;
using CrossModalVae.Retrieval;
using CrossModalVae.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Saving;

/// <summary>Galleries on disk inside bundles.</summary>
public sealed class GalleryBundleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);

    private string File => _folder["people.cmvae.zip"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FeaturePrecision.Float32)]
    [InlineData(FeaturePrecision.Float16)]
    public void LoadBundle_GalleryOnDisk_RanksTheSameWithoutItsFolder(FeaturePrecision precision)
    {
        WriteGallery(precision, weightsHash: null);
        IDataView input = _ml.Data.LoadFromEnumerable(Queries());
        List<object[]> expected;
        using (var gallery = Gallery.Open(_folder["gallery"]))
        {
            RowMask odd = RowMask.Where(gallery.Rows, row => row.Clip[^1] % 2 == 1);
            ITransformer ranking = _ml.Transforms.RankAgainstGallery("Ranked", "Query", gallery, mask: odd).Fit(input);
            expected = DataRows.Read(ranking.Transform(input), "RankedClips", "RankedScores");
            _ml.Model.SaveBundle(ranking, input.Schema, File);
        }

        Directory.Delete(_folder["gallery"], recursive: true);
        ITransformer loaded = new MLContext().Model.LoadBundle(File, out _);

        Assert.Equal(expected, DataRows.Read(loaded.Transform(input), "RankedClips", "RankedScores"));
        Assert.All(expected.SelectMany(row => (string[])row[0]), clip => Assert.True(clip.Length == 0 || clip[^1] % 2 == 1, clip));
        byte[] before = System.IO.File.ReadAllBytes(File);
        _ml.Model.SaveBundle(loaded, input.Schema, File);
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
        ((IDisposable)loaded).Dispose();
        Assert.Throws<ObjectDisposedException>(() => DataRows.Read(loaded.Transform(input), "RankedScores"));
    }

    [Fact]
    public void SaveBundle_RowsAppendedMeanwhile_AreNotInIt()
    {
        WriteGallery(FeaturePrecision.Float32, weightsHash: null);
        IDataView input = _ml.Data.LoadFromEnumerable(Queries());
        using var gallery = Gallery.Open(_folder["gallery"]);
        ITransformer ranking = _ml.Transforms.RankAgainstGallery("Ranked", "Query", gallery).Fit(input);
        using (GalleryWriter writer = GalleryWriter.Open(_folder["gallery"]))
        {
            writer.Append(new EmbeddingSet([9, 9], 2, [Row("late")]));
            writer.Forget(row => row.Clip == "c0");
        }

        _ml.Model.SaveBundle(ranking, null, File);
        ITransformer loaded = _ml.Model.LoadBundle(File, out _);

        Assert.Equal(
            DataRows.Read(ranking.Transform(input), "RankedClips"), DataRows.Read(loaded.Transform(input), "RankedClips"));
        ((IDisposable)loaded).Dispose();
    }

    [Fact]
    public void SaveBundle_GalleryOfAnotherModel_IsRefused()
    {
        ModelCard card = ModelFolders.Write(_folder["model"], ModelFolders.Recipe());
        using ScoringModel model = ScoringModel.Load(_folder["model"]);
        IDataView input = _ml.Data.LoadFromEnumerable(new[] { new PathRow() });
        string other = new('a', 64);

        Save(card.WeightsHash);
        byte[] before = System.IO.File.ReadAllBytes(File);
        string message = Assert.Throws<InvalidDataException>(() => Save(other)).Message;

        Assert.Equal(
            $"The gallery of RankAgainstGallery is of the model 'first' with weights {other}; expected {card.WeightsHash}, "
            + "as the pipeline's graphs have: embeddings of two models do not match.",
            message);
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));

        void Save(string weightsHash)
        {
            WriteGallery(FeaturePrecision.Float32, weightsHash, ModelFolders.LatentDimension);
            using var gallery = Gallery.Open(_folder["gallery"]);
            ITransformer chain = model.CreateVoicePipeline(_ml)
                .Append(_ml.Transforms.RankAgainstGallery("Ranked", ModelColumns.VoiceMean, gallery)).Fit(input);
            _ml.Model.SaveBundle(chain, input.Schema, File);
            Directory.Delete(_folder["gallery"], recursive: true);
        }
    }

    private void WriteGallery(FeaturePrecision precision, string? weightsHash, int dimension = 2)
    {
        EmbeddingRow[] rows = [.. Enumerable.Range(0, 7).Select(i => Row($"c{i}"))];
        float[] values = [.. Enumerable.Range(0, rows.Length * dimension).Select(i => (float)Math.Sin(1.7 * i))];
        using GalleryWriter writer = GalleryWriter.Create(
            _folder["gallery"], new GalleryOptions { Dimension = dimension, Precision = precision });
        writer.Append(new EmbeddingSet(values, dimension, rows));
        if (weightsHash is not null)
        {
            new EmbeddingOrigin("first", new string('b', 64), weightsHash, PosteriorCollapse.None).Write(_folder["gallery"]);
        }
    }

    private static EmbeddingRow Row(string clip) =>
        new() { Identity = "p" + clip, Clip = clip, Modality = Modality.Face, Split = Corpora.CorpusSplit.Test };

    private static QueryRow[] Queries() =>
        [.. Enumerable.Range(0, 9).Select(i => new QueryRow { Query = i == 4 ? [float.NaN, 0] : [i - 3, 2 - (i * 0.5f)] })];

    private sealed class QueryRow
    {
        [VectorType(2)]
        public float[] Query { get; set; } = [];
    }

    private sealed class PathRow
    {
        public string Voice { get; set; } = "";
    }
}
