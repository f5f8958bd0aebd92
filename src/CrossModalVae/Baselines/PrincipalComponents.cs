using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace CrossModalVae.Baselines;

/// <summary>The leading principal components of a matrix, by orthogonal iteration on its covariance.</summary>
internal sealed class PrincipalComponents
{
    // The leading components matter, the order among the trailing ones does not; twelve passes with spare columns settle the former.
    private const int Iterations = 12;
    private const int SpareColumns = 10;

    private PrincipalComponents(Matrix<double> axes, Vector<double> variances)
    {
        Axes = axes;
        Variances = variances;
    }

    /// <summary>[F, K] orthonormal columns, by falling variance.</summary>
    internal Matrix<double> Axes { get; }

    /// <summary>[K] the variances along them.</summary>
    internal Vector<double> Variances { get; }

    internal static PrincipalComponents Fit(Matrix<double> rows, int count)
    {
        int width = Math.Min(rows.ColumnCount, count + SpareColumns);
        Matrix<double> covariance = rows.TransposeThisAndMultiply(rows) / rows.RowCount; // [F, F]
        var random = new SeededRandom(0);
        Matrix<double> basis = DenseMatrix.Create(rows.ColumnCount, width, (_, _) => random.NextGaussian()); // [F, width]
        for (int i = 0; i < Iterations; i++)
        {
            basis = (covariance * basis).QR().Q;
        }

        // Rayleigh-Ritz: the covariance within the found subspace, diagonalised exactly.
        var small = basis.TransposeThisAndMultiply(covariance * basis).Evd(Symmetricity.Symmetric); // [width, width], ascending
        int kept = Math.Min(count, width);
        int[] order = [.. Enumerable.Range(0, width).Reverse().Take(kept)];
        Matrix<double> rotation = Matrix<double>.Build.DenseOfColumnVectors(order.Select(small.EigenVectors.Column));
        return new PrincipalComponents(basis * rotation, Vector<double>.Build.DenseOfEnumerable(order.Select(i => small.EigenValues[i].Real)));
    }
}
