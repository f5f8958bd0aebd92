using System.Numerics.Tensors;

namespace CrossModalVae.Faces;

/// <summary>
/// Resizes one picture at a time, fed row by row as it is stored, to planes of the wanted size, and adds them upright to a sum. Grey is
/// taken from each row, rows are resized along the height, because that is one multiply-add over whole rows, and the few that remain along
/// the width. All steps are linear, so their order changes nothing but the last bits. Keeps its buffers; not thread-safe.
/// </summary>
internal sealed class FaceResampler(int width, int height, FaceColour colour)
{
    // Windows of fewer samples are summed here; a call costs more.
    private const int ShortWindow = 8;

    private readonly int _planes = colour == FaceColour.Grey ? 1 : 3;
    private readonly Axes _upright = new(width, height);
    private readonly Axes _turned = new(height, width);
    private Axes _axes = null!;
    private int _orientation;
    private int _firstOpen;
    private float[] _row = []; // [planes, columns]
    private float[] _rows = []; // [output height, planes, columns]
    private float[] _result = []; // [planes, output height, output width] as stored
    private bool _isIdentity; // nothing to resize: rows are the result

    /// <summary>The first row that counts.</summary>
    public int FirstRow => _axes.Down.Low;

    /// <summary>After the last row that counts.</summary>
    public int EndRow => _axes.Down.High;

    private int Columns => _axes.Across.High - _axes.Across.Low;

    /// <summary>Values of one picture: planes x height x width.</summary>
    public static int Count(FaceOptions options) => (options.Colour == FaceColour.Grey ? 1 : 3) * options.Width * options.Height;

    /// <summary>Starts a picture.</summary>
    /// <param name="inputWidth">As stored, in samples.</param>
    /// <param name="inputHeight">As stored, in samples.</param>
    /// <param name="orientation">EXIF orientation, 1 to 8.</param>
    /// <param name="left">Where the wanted part starts, as stored, in samples; not necessarily whole ones.</param>
    /// <param name="top">Likewise.</param>
    /// <param name="partWidth">Its width.</param>
    /// <param name="partHeight">Its height.</param>
    public void Begin(int inputWidth, int inputHeight, int orientation, double left, double top, double partWidth, double partHeight)
    {
        _orientation = orientation;
        _axes = orientation >= 5 ? _turned : _upright;
        _axes.Across.Prepare(left, partWidth, inputWidth);
        _axes.Down.Prepare(top, partHeight, inputHeight);
        Reserve(ref _row, _planes * Columns);
        Reserve(ref _result, _planes * width * height);
        int rows = _axes.Down.OutputLength * _planes * Columns;
        Reserve(ref _rows, rows);
        _firstOpen = 0;
        _isIdentity = _axes.Across.IsIdentity && _axes.Down.IsIdentity;
        if (!_isIdentity)
        {
            Array.Clear(_rows, 0, rows);
        }
    }

    /// <summary>Takes the next row of a grey picture.</summary>
    /// <param name="y">Its index, from <see cref="FirstRow"/> on.</param>
    /// <param name="luma">[input width]</param>
    public void AddRow(int y, ReadOnlySpan<byte> luma)
    {
        Span<float> row = Row(y);
        for (int p = 0; p < _planes; p++)
        {
            FaceRows.Widen(Part(luma), row.Slice(p * Columns, Columns));
        }

        AddDown(y);
    }

    /// <summary>Takes the next row of a colour picture.</summary>
    /// <param name="y">Its index, from <see cref="FirstRow"/> on.</param>
    /// <param name="red">[input width]</param>
    /// <param name="green">[input width]</param>
    /// <param name="blue">[input width]</param>
    public void AddRow(int y, ReadOnlySpan<byte> red, ReadOnlySpan<byte> green, ReadOnlySpan<byte> blue)
    {
        Span<float> row = Row(y);
        if (colour == FaceColour.Grey)
        {
            FaceRows.Grey(Part(red), Part(green), Part(blue), row);
        }
        else
        {
            FaceRows.Widen(Part(red), row[..Columns]);
            FaceRows.Widen(Part(green), row.Slice(Columns, Columns));
            FaceRows.Widen(Part(blue), row.Slice(2 * Columns, Columns));
        }

        AddDown(y);
    }

    /// <summary>Ends the picture and adds its planes, [planes, height, width] of 0 to 255, upright, to a sum.</summary>
    /// <param name="sum">[planes x height x width].</param>
    public void AddTo(Span<float> sum)
    {
        if (_orientation == 1)
        {
            AddAcross(sum);
            return;
        }

        Span<float> result = _result.AsSpan(0, _planes * width * height);
        result.Clear();
        AddAcross(result);
        (int storedWidth, int storedHeight) = (_axes.Across.OutputLength, _axes.Down.OutputLength);
        for (int p = 0; p < _planes; p++)
        {
            ReadOnlySpan<float> stored = result.Slice(p * width * height, width * height);
            Span<float> upright = sum.Slice(p * width * height, width * height);
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    (int sx, int sy) = FaceTurn.Stored(_orientation, x, y, storedWidth, storedHeight);
                    upright[(y * width) + x] += stored[(sy * storedWidth) + sx];
                }
            }
        }
    }

    private static void Reserve(ref float[] memory, int length)
    {
        if (memory.Length < length)
        {
            memory = new float[length];
        }
    }

    private ReadOnlySpan<byte> Part(ReadOnlySpan<byte> row) => row.Slice(_axes.Across.Low, Columns);

    // Where a row's values go.
    private Span<float> Row(int y)
    {
        int length = _planes * Columns;
        return _isIdentity ? _rows.AsSpan((y - FirstRow) * length, length) : _row.AsSpan(0, length);
    }

    private void AddDown(int y)
    {
        if (_isIdentity)
        {
            return;
        }

        TriangleWindows down = _axes.Down;
        int length = _planes * Columns;
        ReadOnlySpan<float> row = _row.AsSpan(0, length);
        while (_firstOpen < down.OutputLength && y >= down.End(_firstOpen))
        {
            _firstOpen++;
        }

        for (int o = _firstOpen; o < down.OutputLength && y >= down.First(o); o++)
        {
            // Windows end in the order in which they begin, up to samples of no weight.
            if (y < down.End(o))
            {
                Span<float> target = _rows.AsSpan(o * length, length);
                TensorPrimitives.MultiplyAdd(row, down.Weights(o)[y - down.First(o)], target, target);
            }
        }
    }

    private void AddAcross(Span<float> sum)
    {
        (TriangleWindows across, int columns, int rows) = (_axes.Across, Columns, _axes.Down.OutputLength);
        for (int y = 0; y < rows; y++)
        {
            for (int p = 0; p < _planes; p++)
            {
                ReadOnlySpan<float> line = _rows.AsSpan(((y * _planes) + p) * columns, columns);
                Span<float> target = sum.Slice(((p * rows) + y) * across.OutputLength, across.OutputLength);
                if (across.IsIdentity)
                {
                    TensorPrimitives.Add(target, line, target);
                    continue;
                }

                for (int x = 0; x < target.Length; x++)
                {
                    ReadOnlySpan<float> weights = across.Weights(x);
                    target[x] += Dot(line.Slice(across.First(x) - across.Low, weights.Length), weights);
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

    /// <summary>The windows of both axes, as stored.</summary>
    private sealed class Axes(int storedWidth, int storedHeight)
    {
        public TriangleWindows Across { get; } = new(storedWidth);

        public TriangleWindows Down { get; } = new(storedHeight);
    }
}
