namespace CrossModalVae.Faces.Jpeg;

/// <summary>A component's samples, whole blocks, at the scale of the decoding. Keeps its memory between files.</summary>
internal sealed class JpegPlane
{
    private byte[] _samples = [];
    private short[] _coefficients = [];

    /// <summary>Samples of a block's side: 8, 4, 2 or 1.</summary>
    public int Side { get; private set; }

    /// <summary>Blocks across, padded to whole units.</summary>
    public int BlocksAcross { get; private set; }

    /// <summary>Blocks down, padded to whole units.</summary>
    public int BlocksDown { get; private set; }

    /// <summary>Blocks across that hold some of the picture: what a scan of this component alone has.</summary>
    public int OwnAcross { get; private set; }

    /// <summary>Blocks down that hold some of the picture.</summary>
    public int OwnDown { get; private set; }

    /// <summary>Samples across that belong to the picture.</summary>
    public int Width { get; private set; }

    /// <summary>Samples down that belong to the picture.</summary>
    public int Height { get; private set; }

    /// <summary>Bytes between rows.</summary>
    public int Stride => BlocksAcross * Side;

    /// <summary>
    /// [<see cref="BlocksDown"/> x <see cref="BlocksAcross"/>, 64] quantised coefficients in natural order, of a progressive picture.
    /// </summary>
    public Span<short> Coefficients => _coefficients.AsSpan(0, 64 * BlocksAcross * BlocksDown);

    /// <summary>Takes a size.</summary>
    public void Begin(JpegHeader header, JpegComponent component, int side)
    {
        int across = header.HorizontalRatio, down = header.VerticalRatio;
        Side = side;
        BlocksAcross = component.Across * Ceiling(header.Width, 8 * across);
        BlocksDown = component.Down * Ceiling(header.Height, 8 * down);
        OwnAcross = Ceiling(header.Width * component.Across, 8 * across);
        OwnDown = Ceiling(header.Height * component.Down, 8 * down);
        Width = Ceiling(header.Width * component.Across * side, 8 * across);
        Height = Ceiling(header.Height * component.Down * side, 8 * down);
        Reserve(ref _samples, BlocksAcross * BlocksDown * side * side);
        if (header.IsProgressive)
        {
            Reserve(ref _coefficients, 64 * BlocksAcross * BlocksDown);
            Coefficients.Clear();
        }
    }

    /// <summary>Where a block's samples go.</summary>
    public Span<byte> Block(int x, int y) => _samples.AsSpan(((y * BlocksAcross * Side) + x) * Side);

    /// <summary>A row of the picture; rows above the first and below the last are those.</summary>
    public ReadOnlySpan<byte> Row(int y) => _samples.AsSpan(Math.Clamp(y, 0, Height - 1) * Stride, Width);

    private static int Ceiling(int value, int divisor) => (value + divisor - 1) / divisor;

    private static void Reserve<T>(ref T[] memory, int length)
    {
        if (memory.Length < length)
        {
            memory = new T[length];
        }
    }
}
