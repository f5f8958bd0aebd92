using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace CrossModalVae.Projection;

/// <summary>The leading eigenvectors of a covariance.</summary>
internal static class LeadingAxes
{
    /// <summary>The largest dimension whose covariance is diagonalised as a whole: about a second.</summary>
    public const int LargestExact = 1_024;

    private const int BlockSize = 2_048;
    private const int SpareColumns = 10;
    private const int MaxIterations = 200;
    private const double Tolerance = 1e-10;

    /// <summary>All eigenvectors of the covariance, of which the leading ones are kept. [K][D], and [K] variances.</summary>
    public static (double[][] Axes, double[] Variances) Exact(CentredRows rows, int count, CancellationToken cancellationToken)
    {
        int dimension = rows.Dimension;
        var covariance = new double[dimension, dimension];
        double[][] columns = [.. Enumerable.Range(0, dimension).Select(_ => new double[Math.Min(BlockSize, rows.Count)])];
        var row = new double[dimension];
        for (int first = 0; first < rows.Count; first += BlockSize)
        {
            int size = Math.Min(BlockSize, rows.Count - first);
            for (int i = 0; i < size; i++)
            {
                rows.Read(first + i, row);
                for (int d = 0; d < dimension; d++)
                {
                    columns[d][i] = row[d];
                }
            }

            ParallelLoop.For(
                dimension,
                a =>
                {
                    for (int b = 0; b <= a; b++)
                    {
                        covariance[a, b] += TensorPrimitives.Dot<double>(columns[a].AsSpan(0, size), columns[b].AsSpan(0, size));
                    }
                },
                cancellationToken: cancellationToken);
        }

        double scale = 1.0 / Math.Max(1, rows.Count - 1);
        Matrix<double> matrix = Matrix<double>.Build.Dense(
            dimension, dimension, (a, b) => scale * (a > b ? covariance[a, b] : covariance[b, a])); // [D, D]
        cancellationToken.ThrowIfCancellationRequested();
        var eigen = matrix.Evd(Symmetricity.Symmetric); // ascending
        int[] order = [.. Enumerable.Range(0, dimension).Reverse().Take(count)];
        return (
            [.. order.Select(k => eigen.EigenVectors.Column(k).ToArray())], [.. order.Select(k => Math.Max(0, eigen.EigenValues[k].Real))]);
    }

    /// <summary>
    /// Subspace iteration with spare columns (Halko, Martinsson, Tropp 2011), until the variances stand still; no [D, D] matrix is made.
    /// </summary>
    public static (double[][] Axes, double[] Variances) Iterative(CentredRows rows, int count, CancellationToken cancellationToken)
    {
        int width = Math.Min(Math.Min(rows.Dimension, rows.Count), count + SpareColumns);
        var random = new SeededRandom(0);
        Matrix<double> basis = Matrix<double>.Build.Dense(rows.Dimension, width, (_, _) => random.NextGaussian()).QR().Q; // [D, width]
        double[] before = [];
        for (int iteration = 0; ; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Matrix<double> image = Image(rows, basis); // [D, width]

            // Rayleigh-Ritz: the covariance within the subspace, diagonalised exactly.
            var small = basis.TransposeThisAndMultiply(image).Evd(Symmetricity.Symmetric); // [width, width], ascending
            int[] order = [.. Enumerable.Range(0, width).Reverse()];
            double[] variances = [.. order.Take(count).Select(k => Math.Max(0, small.EigenValues[k].Real))];
            if (iteration == MaxIterations
                || (iteration > 0 && variances.Zip(before, (a, b) => Math.Abs(a - b)).Max() <= Tolerance * variances[0]))
            {
                Matrix<double> axes =
                    basis * Matrix<double>.Build.DenseOfColumnVectors(order.Take(count).Select(small.EigenVectors.Column));
                return (axes.ToColumnArrays(), variances);
            }

            before = variances;
            basis = image.QR().Q;
        }
    }

    // The covariance times the basis.
    private static Matrix<double> Image(CentredRows rows, Matrix<double> basis)
    {
        Matrix<double> image = Matrix<double>.Build.Dense(basis.RowCount, basis.ColumnCount);
        int blockSize = BlockSize / 8; // rows are long here
        for (int first = 0; first < rows.Count; first += blockSize)
        {
            int size = Math.Min(blockSize, rows.Count - first);
            var block = new double[size * rows.Dimension]; // column-major [D, size]
            for (int i = 0; i < size; i++)
            {
                rows.Read(first + i, block.AsSpan(i * rows.Dimension, rows.Dimension));
            }

            Matrix<double> columns = Matrix<double>.Build.Dense(rows.Dimension, size, block);
            image += columns * columns.TransposeThisAndMultiply(basis);
        }

        return image / Math.Max(1, rows.Count - 1);
    }
}

/// <summary>Rows of a matrix less their mean, in double precision, a block at a time.</summary>
internal sealed class CentredRows
{
    private readonly RowReader _read;

    public CentredRows(int count, int dimension, RowReader read)
    {
        (Count, Dimension, _read) = (count, dimension, read);
        var row = new double[dimension];
        Mean = new double[dimension];
        for (int i = 0; i < count; i++)
        {
            read(i, row);
            TensorPrimitives.Add(Mean, row, Mean);
        }

        TensorPrimitives.Divide(Mean, count, Mean);
        for (int i = 0; i < count; i++)
        {
            Read(i, row);
            TotalVariance += TensorPrimitives.SumOfSquares<double>(row);
        }

        TotalVariance /= Math.Max(1, count - 1);
    }

    /// <summary>Writes one row.</summary>
    internal delegate void RowReader(int row, Span<double> to);

    public int Count { get; }

    public int Dimension { get; }

    public double[] Mean { get; }

    public double TotalVariance { get; }

    public void Read(int row, Span<double> to)
    {
        _read(row, to);
        TensorPrimitives.Subtract(to, Mean, to);
    }
}
