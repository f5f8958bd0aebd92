using CrossModalVae.Fourier;

namespace CrossModalVae.Numerics.Tests.Fourier;

public class TranspositionTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 9)]
    [InlineData(8, 8)]
    [InlineData(16, 257)]
    [InlineData(257, 5)]
    [InlineData(33, 160)]
    public void Run_AnyShape_SwapsRowsAndColumnsAndNothingElse(int rows, int columns)
    {
        int sourceStride = columns + 3, destinationStride = rows + 2;
        float[] source = [.. Enumerable.Range(0, rows * sourceStride).Select(i => (float)i)];
        float[] destination = [.. Enumerable.Repeat(-1f, columns * destinationStride)];
        float[] expected = [.. destination];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                expected[(column * destinationStride) + row] = source[(row * sourceStride) + column];
            }
        }

        Transposition.Run(source, sourceStride, rows, columns, destination, destinationStride);

        Assert.Equal(expected, destination);
    }
}
