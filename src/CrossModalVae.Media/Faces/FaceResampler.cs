using System.Numerics.Tensors;

namespace CrossModalVae.Faces;

/// <summary>
/// Resizes one picture at a time, row by row as stored, to planes of the wanted size, and adds them upright to a sum. Each row becomes grey
/// where asked for, then rows are resized vertically, which is one multiply-add over whole rows, and the few results horizontally. All
/// steps are linear, so their order changes only the last bits. Keeps its buffers; not thread-safe.
/// </summary>
internal sealed class FaceResampler(int width, int height, FaceColour colour)
{
    // A loop over fewer weights is faster than a call.
    private const int ShortWindow = 8;

    private readonly int _planes = colour == FaceColour.Grey ? 1 : 3;
    private readonly (TriangleFilter Horizontal, TriangleFilter Vertical) _upright = (new(width), new(height));
    private readonly (TriangleFilter Horizontal, TriangleFilter Vertical) _rotated = (new(height), new(width));
    private (TriangleFilter Horizontal, TriangleFilter Vertical) _filters;
    private int _orientation;
    private int _firstUnfinished; // output row
    private float[] _row = []; // [planes, columns]
    private float[] _rows = []; // [output height, planes, columns]
    private float[] _result = []; // [planes, output height, output width] as stored
    private bool _isIdentity; // nothing to resize: rows are the result

    /// <summary>The first row that is used.</summary>
    public int FirstRow => _filters.Vertical.Low;

    /// <summary>The end of the rows that are used, exclusive.</summary>
    public int EndRow => _filters.Vertical.High;

    private int Columns => _filters.Horizontal.High - _filters.Horizontal.Low;

    /// <summary>Features of one picture: planes x height x width.</summary>
    public static int Count(FaceOptions options) => (options.Colour == FaceColour.Grey ? 1 : 3) * options.Width * options.Height;

    /// <summary>Starts a picture of a size and EXIF orientation; the part that is wanted need not start at whole samples. All as
    /// stored.</summary>
    public void Begin(int inputWidth, int inputHeight, int orientation, double left, double top, double partWidth, double partHeight)
    {
        _orientation = orientation;
        _filters = orientation >= 5 ? _rotated : _upright;
        _filters.Horizontal.Prepare(left, partWidth, inputWidth);
        _filters.Vertical.Prepare(top, partHeight, inputHeight);
        ScratchBuffer.Reserve(ref _row, _planes * Columns);
        ScratchBuffer.Reserve(ref _result, _planes * width * height);
        Span<float> rows = ScratchBuffer.Reserve(ref _rows, _filters.Vertical.OutputLength * _planes * Columns);
        _firstUnfinished = 0;
        _isIdentity = _filters.Horizontal.IsIdentity && _filters.Vertical.IsIdentity;
        if (!_isIdentity)
        {
            rows.Clear();
        }
    }

    /// <summary>Takes row y of a grey picture, [input width], in order from <see cref="FirstRow"/> on.</summary>
    public void AddRow(int y, ReadOnlySpan<byte> luma)
    {
        Span<float> row = Row(y);
        for (int p = 0; p < _planes; p++)
        {
            PixelRows.ToFloats(Used(luma), row.Slice(p * Columns, Columns));
        }

        AddVertically(y);
    }

    /// <summary>As <see cref="AddRow(int, ReadOnlySpan{byte})"/>, of a colour picture.</summary>
    public void AddRow(int y, ReadOnlySpan<byte> red, ReadOnlySpan<byte> green, ReadOnlySpan<byte> blue)
    {
        Span<float> row = Row(y);
        if (colour == FaceColour.Grey)
        {
            PixelRows.Grey(Used(red), Used(green), Used(blue), row);
        }
        else
        {
            PixelRows.ToFloats(Used(red), row[..Columns]);
            PixelRows.ToFloats(Used(green), row.Slice(Columns, Columns));
            PixelRows.ToFloats(Used(blue), row.Slice(2 * Columns, Columns));
        }

        AddVertically(y);
    }

    /// <summary>Ends the picture and adds its planes, [planes, height, width] of 0 to 255, upright, to a sum.</summary>
    public void AddTo(Span<float> sum)
    {
        if (_orientation == 1)
        {
            AddHorizontally(sum);
            return;
        }

        Span<float> result = _result.AsSpan(0, _planes * width * height);
        result.Clear();
        AddHorizontally(result);
        (int storedWidth, int storedHeight) = (_filters.Horizontal.OutputLength, _filters.Vertical.OutputLength);
        for (int p = 0; p < _planes; p++)
        {
            ReadOnlySpan<float> stored = result.Slice(p * width * height, width * height);
            Span<float> upright = sum.Slice(p * width * height, width * height);
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    (int sx, int sy) = ExifOrientation.Stored(_orientation, x, y, storedWidth, storedHeight);
                    upright[(y * width) + x] += stored[(sy * storedWidth) + sx];
                }
            }
        }
    }

    private ReadOnlySpan<byte> Used(ReadOnlySpan<byte> row) => row.Slice(_filters.Horizontal.Low, Columns);

    // Where a row's values go.
    private Span<float> Row(int y)
    {
        int length = _planes * Columns;
        return _isIdentity ? _rows.AsSpan((y - FirstRow) * length, length) : _row.AsSpan(0, length);
    }

    private void AddVertically(int y)
    {
        if (_isIdentity)
        {
            return;
        }

        TriangleFilter filter = _filters.Vertical;
        int length = _planes * Columns;
        ReadOnlySpan<float> row = _row.AsSpan(0, length);
        while (_firstUnfinished < filter.OutputLength && y >= filter.End(_firstUnfinished))
        {
            _firstUnfinished++;
        }

        for (int o = _firstUnfinished; o < filter.OutputLength && y >= filter.First(o); o++)
        {
            // Output rows end in the order in which they begin, up to input rows of no weight.
            if (y < filter.End(o))
            {
                Span<float> target = _rows.AsSpan(o * length, length);
                TensorPrimitives.MultiplyAdd(row, filter.Weights(o)[y - filter.First(o)], target, target);
            }
        }
    }

    private void AddHorizontally(Span<float> sum)
    {
        (TriangleFilter filter, int columns, int rows) = (_filters.Horizontal, Columns, _filters.Vertical.OutputLength);
        for (int y = 0; y < rows; y++)
        {
            for (int p = 0; p < _planes; p++)
            {
                ReadOnlySpan<float> line = _rows.AsSpan(((y * _planes) + p) * columns, columns);
                Span<float> target = sum.Slice(((p * rows) + y) * filter.OutputLength, filter.OutputLength);
                if (filter.IsIdentity)
                {
                    TensorPrimitives.Add(target, line, target);
                    continue;
                }

                for (int x = 0; x < target.Length; x++)
                {
                    ReadOnlySpan<float> weights = filter.Weights(x);
                    target[x] += Dot(line.Slice(filter.First(x) - filter.Low, weights.Length), weights);
                }
            }
        }
    }

    private static float Dot(ReadOnlySpan<float> values, ReadOnlySpan<float> weights)
    {
        if (weights.Length >= ShortWindow)
        {
            return TensorPrimitives.Dot(values, weights);
        }

        float sum = 0;
        for (int t = 0; t < weights.Length && t < values.Length; t++)
        {
            sum += values[t] * weights[t];
        }

        return sum;
    }
}
