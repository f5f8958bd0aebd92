using CrossModalVae.Clusters;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Numerics;

namespace CrossModalVae.Tests.Clusters;

public sealed class ClusteringCeilingTests : IDisposable
{
    private const double Rounding = 1e-9;

    private static readonly ClusteringOptions Euclidean = new() { Metric = DistanceMetric.Euclidean };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Compute_PeopleApart_ReachesOneInEveryWay()
    {
        ClusteringCeiling ceiling = Compute(People(12, 6, spread: 20, byGender: 0), Euclidean);

        Assert.Equal((72, 12), (ceiling.PointCount, ceiling.IdentityCount));
        Assert.Equal((1.0, 12), (ceiling.Best.AdjustedRandScore, ceiling.Best.ClusterCount));
        Assert.Equal(1, ceiling.KnownCountAdjustedRandScore);
        Assert.Equal(1, ceiling.NearestIsSameAccuracy);
        Assert.Equal(5 / 71.0, ceiling.NearestIsSameChance!.Value, Rounding);
        Assert.True(ceiling.IdentitySilhouetteScore > 0.7);
        Assert.InRange(ceiling.GenderAdjustedRandScore!.Value, -0.1, 0.3);
    }

    [Fact]
    public void Compute_NobodyApart_SaysThatNothingIsToBeFound()
    {
        ClusteringCeiling ceiling = Compute(People(12, 6, spread: 0, byGender: 0), Euclidean);

        Assert.InRange(ceiling.Best.AdjustedRandScore, 0, 0.15);
        Assert.InRange(ceiling.KnownCountAdjustedRandScore, -0.05, 0.1);
        Assert.InRange(ceiling.NearestIsSameAccuracy!.Value, 0, 0.25);
        Assert.True(ceiling.IdentitySilhouetteScore < 0);
    }

    [Fact]
    public void Compute_ClustersOfTheSexes_AgreeWithGenderNotWithPeople()
    {
        EmbeddingSet set = People(12, 6, spread: 0.5, byGender: 30);
        ClusterAssignment found = (Euclidean with { Method = ClusteringMethod.Hdbscan }).Fit(set.Values, set.Count, set.Dimension);

        ClusteringCeiling ceiling = ClusteringCeiling.Compute(set, Euclidean, found, 1);

        Assert.Equal(2, found.ClusterCount);
        Assert.InRange(ceiling.GenderAdjustedRandScore!.Value, 0.9, 1);
    }

    [Fact]
    public void Compute_Best_IsWhatItsOptionsGive()
    {
        EmbeddingSet set = People(10, 5, spread: 2, byGender: 0);

        ClusteringAttempt best = Compute(set, Euclidean).Best;

        ClusterAssignment found = best.Options.Fit(set.Values, set.Count, set.Dimension);
        ClusteringScores scores = ClusteringScores.Compute(set, found, DistanceMetric.Euclidean, 1);
        Assert.Equal(best.ClusterCount, found.ClusterCount);
        Assert.Equal(best.AdjustedRandScore, scores.NoiseAsCluster.Agreement.AdjustedRandScore, Rounding);
        Assert.True(best.AdjustedRandScore >= ClusteringScores.Compute(
            set, Euclidean.Fit(set.Values, set.Count, set.Dimension), DistanceMetric.Euclidean, 1)
                .NoiseAsCluster.Agreement.AdjustedRandScore - 0.05);
    }

    [Fact]
    public void Compute_ManyRows_TakesWholeIdentities()
    {
        ClusteringCeiling ceiling = Compute(People(90, 30, spread: 3, byGender: 0), Euclidean);

        Assert.Equal((1980, 66), (ceiling.PointCount, ceiling.IdentityCount));
        Assert.Equal(29 / 1979.0, ceiling.NearestIsSameChance!.Value, Rounding);
    }

    [Fact]
    public void Compute_OneClipEach_HasNoNeighbourOfOnesOwn()
    {
        ClusteringCeiling ceiling = Compute(People(8, 1, spread: 3, byGender: 0), Euclidean);

        Assert.Null(ceiling.NearestIsSameAccuracy);
        Assert.Null(ceiling.NearestIsSameChance);
        Assert.Null(ceiling.IdentitySilhouetteScore);
        Assert.Equal(1, Compute(People(1, 1, 1, 0), Euclidean).IdentityCount);
    }

    [Fact]
    public void Compute_OneFileUnderSeveralClips_IsCounted()
    {
        EmbeddingSet set = People(8, 4, spread: 3, byGender: 0);
        EmbeddingSet repeated = set.Pick([.. Enumerable.Range(0, set.Count).Select(row => row % 4 == 3 ? row : row / 4 * 4)]);

        Assert.Equal(0, Compute(set, Euclidean).RepeatedRowCount);
        Assert.Equal(24, Compute(repeated, Euclidean).RepeatedRowCount); // three of each person's four rows
    }

    [Fact]
    public void File_CeilingAndKnee_AreReadAsWritten()
    {
        EmbeddingSet set = People(10, 5, spread: 4, byGender: 0).Pick([.. Enumerable.Range(0, 50), 0]);
        ClusterAssignment found = Euclidean.Fit(set.Values, set.Count, set.Dimension);
        ClusteringRecord record = ClusteringRecord.Create(Modality.Joint, Euclidean, set, found, 1) with
        {
            Ceiling = ClusteringCeiling.Compute(set, Euclidean, found, 1),
        };

        ClustersFile.Write(_folder["c.json"], record);
        ClusteringRecord read = ClustersFile.Read(_folder["c.json"]);

        Assert.Equal(record.Ceiling, read.Ceiling);
        Assert.Equal(found.Knee!.Value.Rise, read.Scores.KneeRise);
        Assert.Equal(!found.Knee.Value.IsSharp, read.Scores.LacksKnee);
    }

    private static ClusteringCeiling Compute(EmbeddingSet set, ClusteringOptions options) =>
        ClusteringCeiling.Compute(set, options, options.Fit(set.Values, set.Count, set.Dimension), 1);

    // Gaussian clips of standard deviation 1 about people's centres, which have the spread; the sexes are apart by so much.
    private static EmbeddingSet People(int people, int clips, double spread, double byGender)
    {
        const int Dimension = 4;
        var random = new SeededRandom(2);
        var values = new List<float>();
        var rows = new List<EmbeddingRow>();
        for (int p = 0; p < people; p++)
        {
            double[] centre = [.. Enumerable.Range(0, Dimension).Select(_ => spread * random.NextGaussian())];
            centre[0] += byGender * (p % 2);
            for (int c = 0; c < clips; c++)
            {
                values.AddRange(centre.Select(x => (float)(x + random.NextGaussian())));
                rows.Add(new EmbeddingRow
                {
                    Identity = $"p{p}",
                    Clip = $"c{c}",
                    Modality = Modality.Joint,
                    Split = CorpusSplit.Test,
                    Gender = p % 2 == 0 ? "f" : "m",
                });
            }
        }

        return new EmbeddingSet([.. values], Dimension, rows);
    }
}
