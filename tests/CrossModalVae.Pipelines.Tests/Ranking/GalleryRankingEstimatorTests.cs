using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Metrics;
using CrossModalVae.Pipelines.Tests.Workouts;
using CrossModalVae.Retrieval;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Ranking;

public class GalleryRankingEstimatorTests
{
    // Scores are cosines or distances of two float32 numbers.
    private const float Tolerance = 1e-6f;

    private static readonly ScoreCalibration Calibration = new() { Slope = 4, Intercept = -1 };

    private readonly MLContext _ml = new(1);

    [Fact]
    public void Workout_Passes() =>
        EstimatorWorkout.Run(
            _ml,
            _ml.Transforms.RankAgainstGallery("Ranked", "Query", Gallery(), new RankingOptions { Count = 3 }),
            Queries([1, 0], [0, 2], [float.NaN, float.NaN], [-1, 1]),
            [
                WrongInput.Of<ScalarRow>(
                    _ml,
                    "Column 'Query' (query of RankAgainstGallery) is Single; must be Vector<Single, 2>.",
                    "Column 'Query' (query of RankAgainstGallery) is Single; must be Vector<Single, 2>."),
                WrongInput.Of<LongRow>(
                    _ml, null, "Column 'Query' (query of RankAgainstGallery) is Vector<Single, 3>; must be Vector<Single, 2>."),
            ]);

    [Fact]
    public void Transform_Cosine_ListsNearestFirst()
    {
        List<object[]> rows = Rank([[0, 1]], new RankingOptions { Count = 2 });

        Assert.Equal(new[] { "bob", "bob" }, rows[0][0]);
        Assert.Equal(new[] { "b1", "b2" }, rows[0][1]);
        float[] scores = (float[])rows[0][2];
        Assert.Equal(1f, scores[0], Tolerance);
        Assert.Equal(3 / MathF.Sqrt(10), scores[1], Tolerance);
    }

    [Fact]
    public void Transform_DistinctIdentities_ListsEachOnce()
    {
        List<object[]> rows = Rank([[0, 1]], new RankingOptions { Count = 10 }, identities: IdentityAggregation.Best);

        Assert.Equal(new[] { "bob", "ann" }, rows[0][0]);
        Assert.Equal(new[] { "b1", "a1" }, rows[0][1]);
    }

    [Fact]
    public void Transform_IdentitiesByMean_CountAllTheirClips()
    {
        List<object[]> rows = Rank([[1, 0]], new RankingOptions { Count = 10 }, IdentityAggregation.Mean);

        Assert.Equal(new[] { "ann", "bob" }, rows[0][0]);
        Assert.Equal(new[] { "a1", "b2" }, rows[0][1]);
        Assert.Equal((0 + (1 / MathF.Sqrt(10))) / 2, ((float[])rows[0][2])[1], Tolerance);
    }

    [Fact]
    public void Workout_CalibratedIdentities_Passes() =>
        EstimatorWorkout.Run(
            _ml,
            _ml.Transforms.RankAgainstGallery(
                "Ranked", "Query", Gallery(), identities: IdentityAggregation.TopM(2), calibration: Calibration),
            Queries([1, 0], [0, 2], [float.NaN, float.NaN], [-1, 1]),
            [
                WrongInput.Of<ScalarRow>(
                    _ml,
                    "Column 'Query' (query of RankAgainstGallery) is Single; must be Vector<Single, 2>.",
                    "Column 'Query' (query of RankAgainstGallery) is Single; must be Vector<Single, 2>."),
            ]);

    [Fact]
    public void Transform_Calibrated_AddsProbabilitiesOfTheScores()
    {
        IDataView input = _ml.Data.LoadFromEnumerable(Queries([0, 1], [float.NaN, float.NaN]));

        List<object[]> rows = DataRows.Read(
            _ml.Transforms.RankAgainstGallery("Ranked", "Query", Gallery(), calibration: Calibration).Fit(input).Transform(input),
            "RankedScores",
            "RankedProbabilities");

        float[] scores = (float[])rows[0][0];
        float[] probabilities = (float[])rows[0][1];
        Assert.Equal(3, probabilities.Length);
        Assert.All(scores.Zip(probabilities), pair => Assert.Equal((float)Calibration.Probability(pair.First), pair.Second, Tolerance));
        Assert.Equal(1 / (1 + MathF.Exp(-3)), probabilities[0], Tolerance); // the cosine is 1
        Assert.Equal([float.NaN, float.NaN, float.NaN], (float[])rows[1][1]);
    }

    [Fact]
    public void GetOutputSchema_SlotsAreNamedByRank_AndScoresSayWhatTheyAre()
    {
        IDataView input = _ml.Data.LoadFromEnumerable(Queries([0, 1]));

        DataViewSchema schema = _ml.Transforms.RankAgainstGallery("Ranked", "Query", Gallery(), calibration: Calibration).Fit(input)
            .Transform(input).Schema;

        foreach (string name in new[] { "RankedIdentities", "RankedClips", "RankedScores", "RankedProbabilities" })
        {
            VBuffer<ReadOnlyMemory<char>> slots = default;
            schema[name].GetSlotNames(ref slots);
            Assert.Equal(["1", "2", "3"], slots.DenseValues().Select(slot => slot.ToString()));
        }

        ReadOnlyMemory<char> kind = default;
        schema["RankedProbabilities"].Annotations.GetValue("ScoreValueKind", ref kind);
        Assert.Equal("Probability", kind.ToString());
        schema["RankedScores"].Annotations.GetValue("ScoreColumnKind", ref kind);
        Assert.Equal("Ranking", kind.ToString());
    }

    [Fact]
    public void RankAgainstGallery_BrokenCalibration_Throws()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            _ml.Transforms.RankAgainstGallery("Ranked", "Query", Gallery(), calibration: Calibration with { Prior = 1 }));

        Assert.Equal("'Prior' is 1; must be > 0 and < 1.", error.Message);
    }

    [Fact]
    public void Transform_Euclidean_ScoresAreNegativeDistances()
    {
        List<object[]> rows = Rank([[1, 0]], new RankingOptions { Count = 10, Metric = RankingMetric.Euclidean });

        Assert.Equal(new[] { "a1", "b1", "b2" }, rows[0][1]);
        float[] scores = (float[])rows[0][2];
        Assert.Equal(0f, scores[0], Tolerance);
        Assert.Equal(-MathF.Sqrt(2), scores[1], Tolerance);
        Assert.Equal(-3f, scores[2], Tolerance);
    }

    [Fact]
    public void Transform_MissingQuery_ListsNothing()
    {
        List<object[]> rows = Rank([[float.NaN, float.NaN]], new RankingOptions { Count = 1 });

        Assert.Equal(new[] { "" }, rows[0][0]);
        Assert.Equal(new[] { "" }, rows[0][1]);
        Assert.Equal(new[] { float.NaN }, rows[0][2]);
    }

    [Fact]
    public void RankAgainstGallery_EmptyGallery_Throws()
    {
        var empty = new EmbeddingSet([], 2, []);

        ArgumentException error = Assert.Throws<ArgumentException>(() => _ml.Transforms.RankAgainstGallery("Ranked", "Query", empty));

        Assert.Equal("'gallery' is empty; must have at least one row to rank.", error.Message);
    }

    [Fact]
    public void Transform_GalleryOnDisk_RanksWhatTheMaskAllows()
    {
        using var folder = new TemporaryFolder();
        using (GalleryWriter writer = GalleryWriter.Create(folder.Root, GalleryOptions.For(Gallery())))
        {
            writer.Append(Gallery());
        }

        using var gallery = Retrieval.Gallery.Open(folder.Root);
        IDataView input = _ml.Data.LoadFromEnumerable(Queries([0, 1], [float.NaN, 0]));

        GalleryRankingTransformer all = _ml.Transforms.RankAgainstGallery("Ranked", "Query", gallery).Fit(input);
        GalleryRankingTransformer some = _ml.Transforms
            .RankAgainstGallery("Ranked", "Query", gallery, mask: RowMask.Where(3, row => row != 1)).Fit(input);

        Assert.Equal(new[] { "b1", "b2", "a1" }, DataRows.Read(all.Transform(input), "RankedClips")[0][0]);
        Assert.Equal(new[] { "b2", "a1" }, DataRows.Read(some.Transform(input), "RankedClips")[0][0]);
        Assert.Equal(new[] { "", "" }, DataRows.Read(some.Transform(input), "RankedClips")[1][0]);
    }

    [Fact]
    public void RankAgainstGallery_WhatDoesNotFit_Throws()
    {
        using var folder = new TemporaryFolder();
        using (GalleryWriter writer = GalleryWriter.Create(folder.Root, GalleryOptions.For(Gallery())))
        {
            writer.Append(Gallery());
        }

        using var gallery = Retrieval.Gallery.Open(folder.Root);

        Assert.Equal(
            "'mask' is over 2 rows; the gallery has 3. (Parameter 'mask')",
            Assert.Throws<ArgumentException>(
                () => _ml.Transforms.RankAgainstGallery("Ranked", "Query", gallery, mask: RowMask.Where(2, _ => true))).Message);
        Assert.Equal(
            "'Metric' is ms-vae, which compares more than one column's means; "
            + "must be cosine, inner-product or euclidean. A Ranker takes it.",
            Assert.Throws<ArgumentException>(
                () => _ml.Transforms.RankAgainstGallery(
                    "Ranked", "Query", gallery, new RankingOptions { Metric = RankingMetric.MsVae })).Message);
    }

    private static EmbeddingSet Gallery()
    {
        EmbeddingRow Row(string identity, string clip) =>
            new() { Identity = identity, Clip = clip, Modality = Modality.Face, Split = CorpusSplit.Test };
        return new EmbeddingSet([1, 0, 0, 1, 1, 3], 2, [Row("ann", "a1"), Row("bob", "b1"), Row("bob", "b2")]);
    }

    private static QueryRow[] Queries(params float[][] queries) => [.. queries.Select(query => new QueryRow { Query = query })];

    private List<object[]> Rank(float[][] queries, RankingOptions options, IdentityAggregation? identities = null)
    {
        IDataView input = _ml.Data.LoadFromEnumerable(Queries(queries));
        GalleryRankingTransformer transformer = _ml.Transforms
            .RankAgainstGallery("Near", "Query", Gallery(), options, identities).Fit(input);
        return DataRows.Read(transformer.Transform(input), "NearIdentities", "NearClips", "NearScores");
    }

    private sealed class QueryRow
    {
        [VectorType(2)]
        public float[] Query { get; set; } = new float[2];
    }

    private sealed class LongRow
    {
        [VectorType(3)]
        public float[] Query { get; set; } = new float[3];
    }

    private sealed class ScalarRow
    {
        public float Query { get; set; }
    }
}
