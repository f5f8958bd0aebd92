using CrossModalVae.Projection;

namespace CrossModalVae.Analysis.Tests.Projection;

public class PrincipalComponentsTests
{
    // The golden files hold single precision.
    private const double Tolerance = 1e-5;

    [Fact]
    public void Fit_ScikitLearnsCase_GivesItsMeanComponentsVariancesAndScores()
    {
        PrincipalComponents fit = PrincipalComponents.Fit(GoldenProjection.Few, GoldenProjection.FewCount, GoldenProjection.Dimension, 4);

        float[] summary = GoldenProjection.Read("pca.summary");
        AssertClose(summary[..20], fit.Mean);
        AssertClose(summary[20..24], fit.ExplainedVariance);
        AssertClose(summary[40..44], fit.ExplainedVarianceRatio);
        AssertClose(GoldenProjection.Read("pca.components"), [.. fit.Components.SelectMany(axis => axis)]);
        AssertClose(
            GoldenProjection.Read("pca.scores"),
            [.. fit.Transform(GoldenProjection.Few, GoldenProjection.FewCount).Select(score => (double)score)]);
    }

    [Fact]
    public void Fit_PointsOnADiagonal_FindsItWithAPositiveSign()
    {
        PrincipalComponents fit = PrincipalComponents.Fit([3, -4, 0, 0, -3, 4], 3, 2, 1);

        Assert.Equal(-0.6, fit.Components[0][0], Tolerance);
        Assert.Equal(0.8, fit.Components[0][1], Tolerance);
        Assert.Equal(25, fit.ExplainedVariance[0], Tolerance);
        Assert.Equal(1, fit.ExplainedVarianceRatio[0], Tolerance);
        Assert.Equal(25, fit.TotalVariance, Tolerance);
    }

    [Fact]
    public void InverseTransform_AllComponents_GivesThePointsBack()
    {
        float[] few = GoldenProjection.Few;
        PrincipalComponents fit = PrincipalComponents.Fit(few, GoldenProjection.FewCount, GoldenProjection.Dimension, 20);

        float[] back = fit.InverseTransform(fit.Transform(few, GoldenProjection.FewCount), GoldenProjection.FewCount);

        AssertClose(few, [.. back.Select(value => (double)value)]);
    }

    [Fact]
    public void Fit_MoreValuesThanTheExactWayTakes_FindsTheSameAsTheExactWayOnTheSubspace()
    {
        // Twelve latent numbers, carried into 1,500 by orthogonal wavelets: the leading variances are those of the latents.
        const int Count = 90, Wide = 1_500;
        float[] latent = [.. GoldenProjection.Few.Chunk(20).Take(Count).SelectMany(row => row.Take(12))];
        var wide = new float[Count * Wide];
        for (int i = 0; i < Count; i++)
        {
            for (int f = 0; f < Wide; f++)
            {
                // each latent fills 125 values, scaled to unit length
                wide[(i * Wide) + f] = latent[(i * 12) + (f / 125)] / MathF.Sqrt(125);
            }
        }

        PrincipalComponents exact = PrincipalComponents.Fit(latent, Count, 12, 3);
        PrincipalComponents iterative = PrincipalComponents.Fit(wide, Count, Wide, 3);

        for (int k = 0; k < 3; k++)
        {
            Assert.Equal(exact.ExplainedVariance[k], iterative.ExplainedVariance[k], 1e-4);
            Assert.Equal(exact.ExplainedVarianceRatio[k], iterative.ExplainedVarianceRatio[k], Tolerance);
        }

        AssertClose(exact.Transform(latent, Count), [.. iterative.Transform(wide, Count).Select(value => (double)value)], 1e-3);
    }

    [Fact]
    public void Fit_EqualPoints_HasNoVariance()
    {
        PrincipalComponents fit = PrincipalComponents.Fit([1, 2, 1, 2, 1, 2], 3, 2, 2);

        Assert.Equal([0.0, 0.0], fit.ExplainedVariance);
        Assert.Equal([0.0, 0.0], fit.ExplainedVarianceRatio);
    }

    [Fact]
    public void Fit_BadInput_Throws()
    {
        Assert.Equal(
            "'values' has 5 numbers; must have 3 rows x 2 = 6. (Parameter 'values')",
            Assert.Throws<ArgumentException>(() => PrincipalComponents.Fit(new float[5], 3, 2, 1)).Message);
        Assert.Equal(
            "'values' has NaN in row 1, column 0; must be finite. (Parameter 'values')",
            Assert.Throws<ArgumentException>(() => PrincipalComponents.Fit([1, 2, float.NaN, 2], 2, 2, 1)).Message);
        Assert.Equal(
            "'values' has 1 row; must have at least 2. (Parameter 'values')",
            Assert.Throws<ArgumentException>(() => PrincipalComponents.Fit([1, 2], 1, 2, 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => PrincipalComponents.Fit([1, 2, 3, 4], 2, 2, 3));
    }

    private static void AssertClose(float[] expected, IReadOnlyList<double> actual, double tolerance = Tolerance)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance * Math.Max(1, Math.Abs(expected[i])));
        }
    }
}
