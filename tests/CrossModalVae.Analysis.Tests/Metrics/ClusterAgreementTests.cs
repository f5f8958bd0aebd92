using System.Text.Json;
using CrossModalVae.Metrics;

namespace CrossModalVae.Analysis.Tests.Metrics;

public class ClusterAgreementTests
{
    // Both sides sum the same few hundred doubles, but the expected information with logarithms of
    // factorials, which differ in the last digit.
    private const double Rounding = 1e-11;

    // Logarithms of factorials of 100,000 are about a million, so their last digit is 1e-10 of a probability.
    private const double LargeRounding = 1e-8;

    [Fact]
    public void Compute_ScikitLearnsCases_AreItsScores()
    {
        using JsonDocument golden = Golden();
        foreach (JsonElement expected in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            AssertScores(expected, ClusterAgreement.Compute(Ints(expected, "classes"), Ints(expected, "clusters")), Rounding);
        }
    }

    [Fact]
    public void Compute_HundredThousandPoints_AreScikitLearnsScores()
    {
        const int Count = 100_000;
        using JsonDocument golden = Golden();
        long state = 1;
        long Next() => (state = ((state * 1103515245) + 12345) % 2147483648) >> 8;
        int[] classes = new int[Count], clusters = new int[Count];
        for (int i = 0; i < Count; i++)
        {
            long one = Next(), other = Next();
            classes[i] = (int)(one % 1000);
            clusters[i] = other % 3 == 0 ? (int)(other / 3 % 1500) : classes[i];
        }

        AssertScores(golden.RootElement.GetProperty("large"), ClusterAgreement.Compute(classes, clusters), LargeRounding);
    }

    [Theory]
    [InlineData(new[] { 0, 0, 1, 1 }, new[] { 5, 5, 2, 2 }, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)] // same partition, other names
    [InlineData(new[] { 0, 0, 1, 1 }, new[] { 0, 1, 0, 1 }, -0.5, -0.5, 0.0, 0.0, 0.0, 0.5)] // independent; expected information ln(2)/3
    [InlineData(new[] { 0, 0, 0, 0 }, new[] { 1, 1, 1, 1 }, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)] // trivial and equal
    [InlineData(new[] { 0, 0, 1, 1 }, new[] { 0, 0, 0, 0 }, 0.0, 0.0, 0.0, 0.0, 1.0, 0.5)] // one cluster tells nothing
    public void Compute_FourPoints_MatchHandCount(
        int[] classes, int[] clusters, double rand, double adjusted, double normalised, double homogeneity, double completeness,
        double purity)
    {
        ClusterAgreement scores = ClusterAgreement.Compute(classes, clusters);

        Assert.Equal(rand, scores.AdjustedRandScore, Rounding);
        Assert.Equal(adjusted, scores.AdjustedMutualInformationScore, Rounding);
        Assert.Equal(normalised, scores.NormalisedMutualInformationScore, Rounding);
        Assert.Equal(normalised, scores.VMeasureScore, Rounding);
        Assert.Equal(homogeneity, scores.HomogeneityScore, Rounding);
        Assert.Equal(completeness, scores.CompletenessScore, Rounding);
        Assert.Equal(purity, scores.PurityScore, Rounding);
    }

    [Fact]
    public void Compute_OtherNumberOfLabels_IsRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => ClusterAgreement.Compute([1, 2], [1]));

        Assert.StartsWith(
            "'classes' has 2 labels and 'clusters' 1; must be equally many and at least one.", e.Message, StringComparison.Ordinal);
    }

    internal static JsonDocument Golden() =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "Clustering", "scores.json")));

    internal static int[] Ints(JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];

    private static void AssertScores(JsonElement expected, ClusterAgreement actual, double tolerance)
    {
        Assert.Equal(expected.GetProperty("adjusted_rand").GetDouble(), actual.AdjustedRandScore, tolerance);
        Assert.Equal(expected.GetProperty("adjusted_mutual_information").GetDouble(), actual.AdjustedMutualInformationScore, tolerance);
        Assert.Equal(expected.GetProperty("normalised_mutual_information").GetDouble(), actual.NormalisedMutualInformationScore, tolerance);
        Assert.Equal(expected.GetProperty("homogeneity").GetDouble(), actual.HomogeneityScore, tolerance);
        Assert.Equal(expected.GetProperty("completeness").GetDouble(), actual.CompletenessScore, tolerance);
        Assert.Equal(expected.GetProperty("v_measure").GetDouble(), actual.VMeasureScore, tolerance);
        Assert.Equal(expected.GetProperty("purity").GetDouble(), actual.PurityScore, tolerance);
    }
}
