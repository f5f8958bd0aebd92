using MathNet.Numerics.LinearAlgebra;

namespace CrossModalVae.Criteria;

/// <summary>
/// A linear probe of a trait: ridge regression of a number, min ||y - b - X w||^2 + r ||w||^2; of a class logistic regression, one class
/// against the others, classes weighing the same, min sum of weighted log losses + r/2 ||w||^2. Features are standardised first, and the
/// intercept is not penalised.
/// </summary>
internal sealed class LinearProbe
{
    private const int MostSteps = 50;
    private const double SmallestStep = 1e-9;

    private readonly double[] _mean;
    private readonly double[] _scale;
    private readonly Vector<double>[] _weights; // [classes, or 1] of [F + 1], the intercept last

    private LinearProbe(double[] mean, double[] scale, Vector<double>[] weights, bool isClass) =>
        (_mean, _scale, _weights, IsClass) = (mean, scale, weights, isClass);

    /// <summary>Whether it predicts classes, from 0, and not numbers.</summary>
    public bool IsClass { get; }

    /// <summary>Fits a probe to N rows of F features; classes are the whole numbers 0 to count - 1, a count of 0 means numbers.</summary>
    public static LinearProbe Fit(double[][] x, double[] y, int classCount, double ridge)
    {
        int features = x[0].Length;
        var (mean, scale) = (new double[features], new double[features]);
        for (int f = 0; f < features; f++)
        {
            mean[f] = x.Average(row => row[f]);
            double deviation = Math.Sqrt(x.Average(row => (row[f] - mean[f]) * (row[f] - mean[f])));
            scale[f] = deviation > 0 ? deviation : 1;
        }

        Matrix<double> design = Matrix<double>.Build.Dense(
            x.Length, features + 1, (i, f) => f == features ? 1 : (x[i][f] - mean[f]) / scale[f]); // [N, F + 1]
        Vector<double>[] weights = classCount == 0
            ? [Regression(design, Vector<double>.Build.Dense(y), ridge)]
            : classCount == 2
                ? [Logistic(design, y, 1, ridge)]
                : [.. Enumerable.Range(0, classCount).Select(c => Logistic(design, y, c, ridge))];
        return new LinearProbe(mean, scale, weights, classCount > 0);
    }

    /// <summary>The number, or the class with the largest score.</summary>
    public double Predict(double[] x)
    {
        double[] scores = [.. _weights.Select(w => Score(w, x))];
        return !IsClass ? scores[0] : scores.Length == 1 ? (scores[0] > 0 ? 1 : 0) : Array.IndexOf(scores, scores.Max());
    }

    /// <summary>The score of a class against the others, or the number.</summary>
    internal double Score(double[] x) => Score(_weights[0], x);

    private double Score(Vector<double> w, double[] x)
    {
        double sum = w[x.Length];
        for (int f = 0; f < x.Length; f++)
        {
            sum += w[f] * (x[f] - _mean[f]) / _scale[f];
        }

        return sum;
    }

    private static Vector<double> Regression(Matrix<double> design, Vector<double> y, double ridge)
    {
        Matrix<double> normal = design.TransposeThisAndMultiply(design); // [F + 1, F + 1]
        Penalise(normal, ridge);
        return normal.Cholesky().Solve(design.TransposeThisAndMultiply(y));
    }

    // Newton's method; the penalty makes the minimum finite and unique, half steps keep the loss falling.
    private static Vector<double> Logistic(Matrix<double> design, double[] y, int own, double ridge)
    {
        int n = design.RowCount, count = y.Count(value => (int)value == own);
        double[] weight = [.. y.Select(value => n / (2.0 * ((int)value == own ? count : n - count)))];
        Vector<double> w = Vector<double>.Build.Dense(design.ColumnCount);
        double loss = Loss(w);
        for (int step = 0; step < MostSteps; step++)
        {
            Vector<double> scores = design * w;
            double[] p = [.. scores.Select(score => 1 / (1 + Math.Exp(-score)))];
            var residual = Vector<double>.Build.Dense(n, i => weight[i] * (p[i] - Target(i)));
            Vector<double> gradient = design.TransposeThisAndMultiply(residual);
            var curved = Matrix<double>.Build.Dense(
                n, design.ColumnCount, (i, f) => design[i, f] * Math.Sqrt(Math.Max(weight[i] * p[i] * (1 - p[i]), 1e-12)));
            Matrix<double> hessian = curved.TransposeThisAndMultiply(curved);
            Penalise(hessian, ridge);
            for (int f = 0; f < w.Count - 1; f++)
            {
                gradient[f] += ridge * w[f];
            }

            Vector<double> direction = hessian.Cholesky().Solve(gradient);
            double length = 1, next = Loss(w - direction);
            while (next > loss && length > SmallestStep)
            {
                length /= 2;
                next = Loss(w - (length * direction));
            }

            w -= length * direction;
            if (loss - next <= SmallestStep * Math.Max(1, loss))
            {
                break;
            }

            loss = next;
        }

        return w;

        double Target(int i) => (int)y[i] == own ? 1 : 0;

        double Loss(Vector<double> at)
        {
            Vector<double> scores = design * at;
            double sum = 0.5 * ridge * (at.DotProduct(at) - (at[^1] * at[^1]));
            for (int i = 0; i < n; i++)
            {
                double margin = Target(i) == 1 ? scores[i] : -scores[i];
                sum += weight[i] * (margin > 0 ? Math.Log(1 + Math.Exp(-margin)) : Math.Log(1 + Math.Exp(margin)) - margin);
            }

            return sum;
        }
    }

    private static void Penalise(Matrix<double> matrix, double ridge)
    {
        for (int f = 0; f < matrix.RowCount; f++)
        {
            matrix[f, f] += f < matrix.RowCount - 1 ? ridge : 1e-10;
        }
    }
}
