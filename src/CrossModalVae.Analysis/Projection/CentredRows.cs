using System.Numerics.Tensors;

namespace CrossModalVae.Projection;

/// <summary>Rows of a matrix less their mean, in double precision, a block at a time.</summary>
internal sealed class CentredRows
{
    private readonly RowReader _read;

    public CentredRows(int count, int dimension, RowReader read)
    {
        Count = count;
        Dimension = dimension;
        _read = read;
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
