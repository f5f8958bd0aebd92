namespace CrossModalVae.Faces.Jpeg;

/// <summary>A component's samples, whole blocks, at the scale of the decoding. Keeps its memory between files.</summary>
internal sealed class JpegPlane
{
    private byte[] _samples = [];
    private short[] _coefficients = [];

    /// <summary>Width and height of a block in samples: 8, 4, 2 or 1.</summary>
    public int BlockSize { get; private set; }

    /// <summary>Columns of blocks, padded to whole MCUs.</summary>
    public int BlockColumns { get; private set; }

    /// <summary>Rows of blocks, padded to whole MCUs.</summary>
    public int BlockRows { get; private set; }

    /// <summary>Width of the picture in samples.</summary>
    public int Width { get; private set; }

    /// <summary>Height of the picture in samples.</summary>
    public int Height { get; private set; }

    /// <summary>Bytes between rows.</summary>
    public int Stride => BlockColumns * BlockSize;

    /// <summary>[<see cref="BlockRows"/> x <see cref="BlockColumns"/>, 64] quantised coefficients of a progressive picture in natural
    /// order.</summary>
    public Span<short> Coefficients => _coefficients.AsSpan(0, 64 * BlockColumns * BlockRows);

    /// <summary>Starts a picture.</summary>
    public void Begin(JpegHeader header, JpegComponent component, int blockSize)
    {
        (int mcuWidth, int mcuHeight) = (8 * header.HorizontalFactor, 8 * header.VerticalFactor);
        (int horizontal, int vertical) = (component.HorizontalFactor, component.VerticalFactor);
        BlockSize = blockSize;
        BlockColumns = horizontal * JpegMcuGrid.Ceiling(header.Width, mcuWidth);
        BlockRows = vertical * JpegMcuGrid.Ceiling(header.Height, mcuHeight);
        Width = JpegMcuGrid.Ceiling(header.Width * horizontal * blockSize, mcuWidth);
        Height = JpegMcuGrid.Ceiling(header.Height * vertical * blockSize, mcuHeight);
        ScratchBuffer.Reserve(ref _samples, BlockColumns * BlockRows * blockSize * blockSize);
        if (header.IsProgressive)
        {
            ScratchBuffer.Reserve(ref _coefficients, 64 * BlockColumns * BlockRows).Clear();
        }
    }

    /// <summary>The samples from a block's first on.</summary>
    public Span<byte> Block(int x, int y) => _samples.AsSpan(((y * BlockColumns * BlockSize) + x) * BlockSize);

    /// <summary>A row of the picture; the first and the last are repeated beyond it.</summary>
    public ReadOnlySpan<byte> Row(int y) => _samples.AsSpan(Math.Clamp(y, 0, Height - 1) * Stride, Width);
}
