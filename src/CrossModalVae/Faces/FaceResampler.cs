using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace CrossModalVae.Faces;

/// <summary>
/// Resizes one picture at a time, fed row by row, to planes of the wanted size, and adds them to a sum. Rows are resized along the height first, colours still
/// interleaved, because that is one multiply-add over whole rows; grey is taken from the few rows that remain, then they are resized along the width. All
/// steps are linear, so their order changes nothing but the last bits. Keeps its buffers; not thread-safe.
/// </summary>
internal sealed class FaceResampler(int width, int height, FaceColour colour)
{
    private const int Channels = 3;

    // ITU-R BT.601 luma.
    private const float RedWeight = 0.299f;
    private const float GreenWeight = 0.587f;
    private const float BlueWeight = 0.114f;

    private TriangleWindows _across = new(1, width);
    private TriangleWindows _down = new(1, height);
    private float[] _row = []; // [input width, 3]
    private float[] _rows = []; // [height, input width, 3]
    private float[] _line = []; // [input width]
    private int _firstOpen;

    /// <summary>Values of one picture: planes x height x width.</summary>
    public static int Count(FaceOptions options) => (options.Colour == FaceColour.Grey ? 1 : Channels) * options.Width * options.Height;

    /// <summary>Starts a picture.</summary>
    /// <param name="inputWidth">In pixels.</param>
    /// <param name="inputHeight">In pixels.</param>
    public void Begin(int inputWidth, int inputHeight)
    {
        if (_across.InputLength != inputWidth)
        {
            _across = new TriangleWindows(inputWidth, width);
            _row = new float[Channels * inputWidth];
            _rows = new float[height * _row.Length];
            _line = new float[inputWidth];
        }

        if (_down.InputLength != inputHeight)
        {
            _down = new TriangleWindows(inputHeight, height);
        }

        Array.Clear(_rows);
        _firstOpen = 0;
    }

    /// <summary>Takes the next row, from the top.</summary>
    /// <param name="y">Its index.</param>
    /// <param name="pixels">[input width, 3], red, green, blue.</param>
    public void AddRow(int y, ReadOnlySpan<byte> pixels)
    {
        Widen(pixels, _row);
        while (_firstOpen < height && y >= _down.First(_firstOpen) + _down.Weights(_firstOpen).Length)
        {
            _firstOpen++;
        }

        for (int o = _firstOpen; o < height && y >= _down.First(o); o++)
        {
            Span<float> target = _rows.AsSpan(o * _row.Length, _row.Length);
            TensorPrimitives.MultiplyAdd(_row, _down.Weights(o)[y - _down.First(o)], target, target);
        }
    }

    /// <summary>Ends the picture and adds its planes, [planes, height, width] of 0 to 255, to a sum.</summary>
    /// <param name="sum">[planes x height x width].</param>
    public void AddTo(Span<float> sum)
    {
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<float> row = _rows.AsSpan(y * _row.Length, _row.Length);
            if (colour == FaceColour.Grey)
            {
                Grey(row, _line);
                AddLine(sum.Slice(y * width, width));
                continue;
            }

            for (int c = 0; c < Channels; c++)
            {
                for (int x = 0; x < _line.Length; x++)
                {
                    _line[x] = row[(Channels * x) + c];
                }

                AddLine(sum.Slice(((c * height) + y) * width, width));
            }
        }
    }

    private static void Grey(ReadOnlySpan<float> row, Span<float> line)
    {
        for (int x = 0; x < line.Length; x++)
        {
            ReadOnlySpan<float> pixel = row.Slice(Channels * x, Channels);
            line[x] = (RedWeight * pixel[0]) + (GreenWeight * pixel[1]) + (BlueWeight * pixel[2]);
        }
    }

    // Bytes to floats, a vector at a time.
    private static void Widen(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        ReadOnlySpan<Vector<byte>> packed = MemoryMarshal.Cast<byte, Vector<byte>>(bytes);
        Span<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(values);
        for (int i = 0; i < packed.Length; i++)
        {
            Vector.Widen(packed[i], out Vector<ushort> low, out Vector<ushort> high);
            Vector.Widen(low, out Vector<uint> first, out Vector<uint> second);
            Vector.Widen(high, out Vector<uint> third, out Vector<uint> fourth);
            Span<Vector<float>> target = wide.Slice(4 * i, 4);
            target[0] = Vector.ConvertToSingle(Vector.AsVectorInt32(first));
            target[1] = Vector.ConvertToSingle(Vector.AsVectorInt32(second));
            target[2] = Vector.ConvertToSingle(Vector.AsVectorInt32(third));
            target[3] = Vector.ConvertToSingle(Vector.AsVectorInt32(fourth));
        }

        for (int i = packed.Length * Vector<byte>.Count; i < bytes.Length; i++)
        {
            values[i] = bytes[i];
        }
    }

    private void AddLine(Span<float> sum)
    {
        for (int x = 0; x < sum.Length; x++)
        {
            ReadOnlySpan<float> weights = _across.Weights(x);
            sum[x] += TensorPrimitives.Dot(_line.AsSpan(_across.First(x), weights.Length), weights);
        }
    }
}
