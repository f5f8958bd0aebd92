using CrossModalVae.Metrics;

namespace CrossModalVae.Tests.Metrics;

public class ClusterAgreementTests
{
    private const double Rounding = 1e-12; // Both sides sum the same few hundred doubles.

    [Theory]
    [InlineData("blobs-euclidean")]
    [InlineData("blobs-cosine")]
    public void Scores_ScikitLearnsCases_AreItsScores(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Golden", "Clustering");
        int[] labels = [.. File.ReadAllLines(Path.Combine(folder, $"{name}.csv")).Skip(1).Select(line => int.Parse(line.Split(',')[^2]))];
        string[] lines = File.ReadAllLines(Path.Combine(folder, $"{name}.scores.csv"));
        double[] expected = [.. lines[0].Split(',').Select(double.Parse)];
        int[] classes = [.. lines[1].Split(',').Select(int.Parse)];

        Assert.Equal(expected[0], ClusterAgreement.AdjustedRandScore(classes, labels), Rounding);
        Assert.Equal(expected[1], ClusterAgreement.NormalisedMutualInformationScore(classes, labels), Rounding);
    }

    [Theory]
    [InlineData(new[] { 0, 0, 1, 1 }, new[] { 5, 5, 2, 2 }, 1.0, 1.0)] // same partition, other names
    [InlineData(new[] { 0, 0, 1, 1 }, new[] { 0, 1, 0, 1 }, -0.5, 0.0)] // independent
    [InlineData(new[] { 0, 0, 0, 0 }, new[] { 1, 1, 1, 1 }, 1.0, 1.0)] // trivial and equal
    [InlineData(new[] { 0, 0, 1, 1 }, new[] { 0, 0, 0, 0 }, 0.0, 0.0)] // one cluster tells nothing
    public void Scores_FourPoints_MatchHandCount(int[] classes, int[] clusters, double rand, double information)
    {
        Assert.Equal(rand, ClusterAgreement.AdjustedRandScore(classes, clusters), Rounding);
        Assert.Equal(information, ClusterAgreement.NormalisedMutualInformationScore(classes, clusters), Rounding);
    }
}
