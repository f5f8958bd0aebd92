using System.Numerics.Tensors;
using CrossModalVae.Projection;
using MathNet.Numerics.LinearAlgebra;

namespace CrossModalVae.Baselines;

/// <summary>
/// Canonical correlation analysis (Hotelling 1936) of two standardised views, each reduced to its leading principal components first, since
/// there are more features than a sample of pairs can bear. Directions are scaled by the square root of their correlation, so that inner
/// products weigh them by it.
/// </summary>
public sealed class CanonicalCorrelation
{
    // Relative to the largest variance: keeps whitening from blowing up components that hold only rounding errors.
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

    /// <summary>Projects a standardised row of the first view, [F1] to [D].</summary>
    /// <param name="row">[F1].</param>
    /// <param name="dimension">How many of the leading directions, 1 to D.</param>
    public float[] ProjectFirst(ReadOnlySpan<float> row, int dimension) => Project(_first, row, dimension);

    /// <summary>Projects a standardised row of the second view, [F2] to [D].</summary>
    /// <param name="row">[F2].</param>
    /// <param name="dimension">How many of the leading directions, 1 to D.</param>
    public float[] ProjectSecond(ReadOnlySpan<float> row, int dimension) => Project(_second, row, dimension);

    /// <summary>Fits pairs of rows.</summary>
    /// <param name="first">[N, F1] standardised.</param>
    /// <param name="second">[N, F2] standardised, row i belonging to row i of the first view.</param>
    /// <param name="firstComponents">The first view's principal components.</param>
    /// <param name="secondComponents">The second view's principal components.</param>
    /// <param name="componentCount">K, how many components of each are used.</param>
    internal static CanonicalCorrelation Fit(
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
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, directions.Length);
        if (row.Length != directions[0].Length)
        {
            throw new ArgumentException($"'row' has {row.Length} values; must have {directions[0].Length}.", nameof(row));
        }

        var values = new double[row.Length];
        TensorPrimitives.ConvertTruncating(row, values);
        var projected = new float[dimension];
        for (int d = 0; d < dimension; d++)
        {
            projected[d] = (float)TensorPrimitives.Dot<double>(values, directions[d]);
        }

        return projected;
    }
}
