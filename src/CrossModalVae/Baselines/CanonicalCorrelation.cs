using System.Numerics.Tensors;
using CrossModalVae.Projection;
using MathNet.Numerics.LinearAlgebra;

namespace CrossModalVae.Baselines;

/// <summary>
/// Canonical correlation analysis (Hotelling 1936) of two standardised views, each reduced to its leading principal components first, since
/// there are more features than pairs. Directions are scaled by the square root of their correlation, so that inner products weight them by
/// it.
/// </summary>
internal sealed class CanonicalCorrelation
{
    // Relative to the largest variance: whitening must not amplify components that are rounding errors.
    private const double Ridge = 1e-6;

    private readonly double[][] _first; // [D][F1]
    private readonly double[][] _second; // [D][F2]

    private CanonicalCorrelation(Matrix<double> first, Matrix<double> second, double[] correlations)
    {
        _first = first.ToColumnArrays();
        _second = second.ToColumnArrays();
        Correlations = Array.AsReadOnly(correlations);
    }

    /// <summary>[D] the canonical correlations over the fitted pairs, falling, 0 to 1.</summary>
    public IReadOnlyList<double> Correlations { get; }

    /// <summary>Projects a standardised row of the first view, [F1], to the leading directions, 1 to D.</summary>
    public float[] ProjectFirst(ReadOnlySpan<float> row, int dimension) => Project(_first, row, dimension);

    /// <summary>Projects a standardised row of the second view, [F2], to the leading directions, 1 to D.</summary>
    public float[] ProjectSecond(ReadOnlySpan<float> row, int dimension) => Project(_second, row, dimension);

    /// <summary>Fits pairs of standardised rows, [N, F1] and [N, F2], on the first K principal components of each view.</summary>
    public static CanonicalCorrelation Fit(
        Matrix<double> first,
        Matrix<double> second,
        PrincipalComponents firstComponents,
        PrincipalComponents secondComponents,
        int componentCount)
    {
        Matrix<double> whitenFirst = Whitening(firstComponents, componentCount); // [F1, K]
        Matrix<double> whitenSecond = Whitening(secondComponents, componentCount); // [F2, K]
        Matrix<double> cross = (first * whitenFirst).TransposeThisAndMultiply(second * whitenSecond) / (first.RowCount - 1); // [K, K]
        var svd = cross.Svd();
        Matrix<double> scale = Matrix<double>.Build.DiagonalOfDiagonalVector(svd.S.PointwiseSqrt());
        return new CanonicalCorrelation(
            whitenFirst * svd.U * scale, whitenSecond * svd.VT.Transpose() * scale, [.. svd.S.Select(s => Math.Clamp(s, 0, 1))]);
    }

    private static Matrix<double> Whitening(PrincipalComponents components, int count)
    {
        int kept = Math.Min(count, components.ExplainedVariance.Count);
        double floor = Ridge * components.ExplainedVariance[0];
        double[] scales = [.. components.ExplainedVariance.Take(kept).Select(variance => 1 / Math.Sqrt(variance + floor))];
        return components.Axes.SubMatrix(0, components.Axes.RowCount, 0, kept) * Matrix<double>.Build.DiagonalOfDiagonalArray(scales);
    }

    private static float[] Project(double[][] directions, ReadOnlySpan<float> row, int dimension)
    {
        var values = new double[row.Length];
        TensorPrimitives.ConvertTruncating(row, values);
        return [.. directions.Take(dimension).Select(direction => (float)TensorPrimitives.Dot<double>(values, direction))];
    }
}
