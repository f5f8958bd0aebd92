using CrossModalVae.Clusters;
using CrossModalVae.Manifolds;

namespace CrossModalVae.Explore.Tests;

public sealed class MapRowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_MoreRowsThanTheMapHolds_DrawsWholePeopleAndSaysSo()
    {
        EmbeddingSet set = ExploreData.People(20, 3); // 6 rows each
        using Explorer first = ExploreData.Load(_folder, set, options => options with { MostRows = 45 });
        using Explorer again = ExploreData.Load(_folder, set, options => options with { MostRows = 45 });
        using Explorer other = ExploreData.Load(_folder, set, options => options with { MostRows = 45, Seed = 2 });

        Assert.Equal((42, 7), (first.RowCount, first.PeopleCount));
        Assert.All(first.Map.Set.Rows.CountBy(row => row.Identity), person => Assert.Equal(6, person.Value));
        Assert.Equal(first.Map.People, again.Map.People);
        Assert.NotEqual(first.Map.People, other.Map.People);
        Assert.Equal("42 of 120 rows are shown, of 7 of 20 people, drawn with seed 1; rankings are among them.", first.Notes[0]);
    }

    [Fact]
    public void Load_OnePersonBeyondTheMap_DrawsSomeOfTheRows()
    {
        using Explorer explorer = ExploreData.Load(_folder, ExploreData.People(1, 30), options => options with { MostRows = 10 });

        Assert.Equal((10, 1), (explorer.RowCount, explorer.PeopleCount));
    }

    [Theory]
    [InlineData(1, "There is one row; it lies in the middle.")]
    [InlineData(4, "All 4 embeddings are equal; they lie on one point.")]
    public void Load_NothingToPlace_LiesInTheMiddle(int count, string note)
    {
        EmbeddingRow[] rows = [.. Enumerable.Range(0, count).Select(i => ExploreData.Row($"p{i}", "c", (Modality)(i % 2)))];
        using Explorer explorer = ExploreData.Load(_folder, new EmbeddingSet([.. rows.SelectMany(_ => new[] { 1f, 2f })], 2, rows));
        explorer.ComputeRanks();

        Assert.Equal(note, explorer.Notes[0]);
        Assert.All(explorer.Map.Places, place => Assert.Equal(0, place));
        Assert.All(explorer.Ranks.Ranks, rank => Assert.Equal(0, rank));
    }

    [Theory]
    [InlineData(2, "principal components")]
    [InlineData(12, "t-SNE, cosine, perplexity 8")]
    public void Load_FewRows_ArePlacedByWhatTheyAllow(int people, string layout)
    {
        using Explorer explorer = ExploreData.Load(_folder, ExploreData.People(people, 1));

        Assert.StartsWith(layout, explorer.Map.Layout, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MoreRowsThanTsneIsGiven_SaysThatItIsPrincipalComponents()
    {
        using Explorer explorer = ExploreData.Load(_folder, ExploreData.People(10, 2), options => options with { MostTsneRows = 30 });

        Assert.StartsWith("The map is of the first two principal components, as 40 rows are more than t-SNE", explorer.Notes[0]);
    }

    [Fact]
    public void Load_Projection_PlacesItsRowsAndLeavesOthersOut()
    {
        EmbeddingSet set = ExploreData.People(4, 2);
        var projection = new ProjectionRecord
        {
            Method = ProjectionMethod.Pca,
            Metric = DistanceMetric.Cosine,
            ExplainedVarianceRatio = 0.5,
            Rows = [.. set.Rows.Take(6).Reverse().Select((row, i) => new ProjectedRow(row.Identity, row.Clip, row.Modality, i, -i))],
        };

        using Explorer explorer = ExploreData.Load(_folder, set, options => options with { Projection = projection });

        Assert.Equal([5.0, -5, 4, -4, 3, -3, 2, -2, 1, -1, 0, 0], explorer.Map.Places);
        Assert.Equal("10 of 16 rows are not in the projection and left out.", explorer.Notes[0]);
    }

    [Fact]
    public void Load_ProjectionOfOthers_IsRefused()
    {
        var projection = new ProjectionRecord
        {
            Method = ProjectionMethod.Pca,
            Metric = DistanceMetric.Cosine,
            Rows = [new ProjectedRow("x", "y", Modality.Face, 0, 0)],
        };

        InvalidDataException e = Assert.Throws<InvalidDataException>(
            () => ExploreData.Load(_folder, ExploreData.People(2, 1), options => options with { Projection = projection }));

        Assert.Equal(
            $"{_folder["embeddings"]}: none of its 4 rows is in the projection, which has face of 'x/y'; "
            + "expected a projection of these embeddings (cmvae project).",
            e.Message);
    }

    [Fact]
    public void Load_Clusters_AreThoseOfTheClips()
    {
        EmbeddingSet set = ExploreData.People(3, 2);
        EmbeddingSet faces = set.Where(row => row.Modality == Modality.Face && row.Identity != "p02");
        var result = new ClusterAssignment
        {
            Method = ClusteringMethod.Dbscan,
            Labels = [0, 1, -1, 1],
            ClusterCount = 2,
            NoiseShare = 0.25,
            Eps = 0.5,
        };
        var record = ClusteringRecord.Create(Modality.Face, new ClusteringOptions(), faces, result, 1);

        using Explorer explorer = ExploreData.Load(_folder, set, options => options with { Clusters = record });

        Assert.Equal([0, 0, 1, 1, -1, -1, 1, 1, -2, -2, -2, -2], explorer.Map.Clusters!);
    }

    [Fact]
    public void Load_OnlyJointRows_IsRefused()
    {
        var set = new EmbeddingSet([1, 2], 2, [ExploreData.Row("p", "c", Modality.Joint)]);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => ExploreData.Load(_folder, set));

        Assert.Equal($"{_folder["embeddings"]}: has no voice or face rows; expected some.", e.Message);
    }
}
