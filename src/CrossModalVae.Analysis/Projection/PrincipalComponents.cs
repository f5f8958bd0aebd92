using System.Numerics.Tensors;
using CrossModalVae.Files;
using MathNet.Numerics.LinearAlgebra;

namespace CrossModalVae.Projection;

/// <summary>
/// Principal component analysis (Pearson 1901): the orthogonal directions along which centred points vary most. Each direction's sign makes
/// its largest loading positive (scikit-learn's svd_flip by components), so that equal data give equal signs.
/// </summary>
public sealed class PrincipalComponents
{
    private readonly double[] _mean; // [D]
    private readonly double[][] _axes; // [K][D]
    private readonly double[] _variances; // [K]

    private PrincipalComponents(double[] mean, double[][] axes, double[] variances, double totalVariance)
    {
        (_mean, _axes, _variances, TotalVariance) = (mean, axes, variances, totalVariance);
    }

    /// <summary>[D] the mean of the fitted points.</summary>
    public IReadOnlyList<double> Mean => Array.AsReadOnly(_mean);

    /// <summary>[K][D] orthonormal directions, by falling variance.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Components => [.. _axes.Select(Array.AsReadOnly)];

    /// <summary>[K] the variance along each direction, with N - 1 below the sum.</summary>
    public IReadOnlyList<double> ExplainedVariance => Array.AsReadOnly(_variances);

    /// <summary>[K] each direction's share of the total variance, 0 to 1; 0 where nothing varies.</summary>
    public IReadOnlyList<double> ExplainedVarianceRatio =>
        [.. _variances.Select(variance => TotalVariance > 0 ? variance / TotalVariance : 0)];

    /// <summary>The sum of the variances of all D coordinates.</summary>
    public double TotalVariance { get; }

    /// <summary>[D, K] the directions as columns.</summary>
    internal Matrix<double> Axes => Matrix<double>.Build.DenseOfColumnArrays(_axes);

    /// <summary>Finds the leading components: exactly for D up to 1,024, by subspace iteration to ten digits beyond.</summary>
    /// <param name="values">[N, dimension] row-major; all finite, at least two rows.</param>
    /// <param name="rowCount">N.</param>
    /// <param name="dimension">D.</param>
    /// <param name="componentCount">K, 1 to the smaller of N and D.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">Sizes do not fit, or a value is not finite.</exception>
    public static PrincipalComponents Fit(
        float[] values, int rowCount, int dimension, int componentCount, CancellationToken cancellationToken = default)
    {
        Rows.Check(values, rowCount, dimension);
        if (rowCount < 2)
        {
            throw UserError.Mark(
                new ArgumentException($"'values' has {Counted.Of(rowCount, "row")}; must have at least 2.", nameof(values)));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(componentCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(componentCount, Math.Min(rowCount, dimension));
        return Fit(
            new CentredRows(rowCount, dimension, (row, to) =>
                TensorPrimitives.ConvertTruncating<float, double>(values.AsSpan(row * dimension, dimension), to)),
            componentCount,
            cancellationToken);
    }

    /// <summary>Coordinates along the components.</summary>
    /// <param name="values">[M, D] row-major.</param>
    /// <param name="rowCount">M.</param>
    /// <returns>[M, K] row-major.</returns>
    /// <exception cref="ArgumentException">Sizes do not fit, or a value is not finite.</exception>
    public float[] Transform(float[] values, int rowCount)
    {
        double[] scores = Scores(values, rowCount);
        return Array.ConvertAll(scores, score => (float)score);
    }

    /// <summary>The same in double precision, which holds the coordinates of points of any size.</summary>
    internal double[] Scores(float[] values, int rowCount)
    {
        Rows.Check(values, rowCount, _mean.Length);
        var scores = new double[rowCount * _axes.Length];
        ParallelLoop.For(rowCount, row =>
        {
            var centred = new double[_mean.Length];
            TensorPrimitives.ConvertTruncating<float, double>(values.AsSpan(row * _mean.Length, _mean.Length), centred);
            TensorPrimitives.Subtract(centred, _mean, centred);
            for (int k = 0; k < _axes.Length; k++)
            {
                scores[(row * _axes.Length) + k] = TensorPrimitives.Dot<double>(centred, _axes[k]);
            }
        });
        return scores;
    }

    /// <summary>Reconstructs points from coordinates; components that <see cref="Transform"/> left out take their mean.</summary>
    /// <param name="scores">[M, K] row-major.</param>
    /// <param name="rowCount">M.</param>
    /// <returns>[M, D] row-major.</returns>
    /// <exception cref="ArgumentException">Sizes do not fit, or a value is not finite.</exception>
    public float[] InverseTransform(float[] scores, int rowCount)
    {
        Rows.Check(scores, rowCount, _axes.Length);
        var values = new float[rowCount * _mean.Length];
        ParallelLoop.For(rowCount, row =>
        {
            var point = (double[])_mean.Clone();
            for (int k = 0; k < _axes.Length; k++)
            {
                TensorPrimitives.MultiplyAdd(_axes[k], scores[(row * _axes.Length) + k], point, point);
            }

            TensorPrimitives.ConvertTruncating<double, float>(point, values.AsSpan(row * _mean.Length, _mean.Length));
        });
        return values;
    }

    internal static PrincipalComponents Fit(Matrix<double> rows, int count) =>
        Fit(
            new CentredRows(rows.RowCount, rows.ColumnCount, (row, to) => rows.Row(row).AsArray().CopyTo(to)),
            count,
            CancellationToken.None);

    private static PrincipalComponents Fit(CentredRows rows, int count, CancellationToken cancellationToken)
    {
        (double[][] axes, double[] variances) = rows.Dimension <= LeadingAxes.LargestExact
            ? LeadingAxes.Exact(rows, count, cancellationToken)
            : LeadingAxes.Iterative(rows, count, cancellationToken);
        foreach (double[] axis in axes)
        {
            if (axis[TensorPrimitives.IndexOfMaxMagnitude<double>(axis)] < 0)
            {
                TensorPrimitives.Negate<double>(axis, axis);
            }
        }

        return new PrincipalComponents(rows.Mean, axes, variances, rows.TotalVariance);
    }
}
