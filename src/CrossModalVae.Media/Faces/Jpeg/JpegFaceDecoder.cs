namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// Decodes common JPEG files (<see cref="JpegHeader.IsSupported"/>) for faces, the same bits as libjpeg with its defaults: at full size or
/// at 1/2, 1/4 or 1/8 of it in the cosine domain, in colour or only luma. ImageSharp decodes more than a face tensor needs: for a small
/// grey picture chroma is only skipped here, several coefficients at a time, which saves most of the work. Corrupt data are refused, never
/// filled in. Keeps its memory between files; not thread-safe.
/// </summary>
internal sealed class JpegFaceDecoder
{
    private const int MaxKeptTables = 16;

    // Encoders write about ten. A few bytes can make a scan over the whole picture, so more of them could occupy a reader for hours.
    private const int MaxScanCount = 500;

    private readonly JpegState _state = new();
    private readonly bool[] _hasQuantisation = new bool[4];
    private readonly bool[] _decoded = new bool[3];
    private readonly Queue<JpegHuffmanTable> _kept = new(MaxKeptTables);
    private readonly JpegDcReader _dcOnly = new();
    private readonly JpegSequentialReader _sequential = new();
    private readonly JpegProgressiveReader _progressive = new();
    private byte[] _chroma = []; // [2, width]
    private ushort[] _sums = []; // [width]

    /// <summary>Width of the decoded picture, as stored, in pixels.</summary>
    public int Width => _state.Planes[0].Width;

    /// <summary>Height of the decoded picture, as stored, in pixels.</summary>
    public int Height => _state.Planes[0].Height;

    /// <summary>The smallest block size (1, 2, 4 or 8 samples for 8 pixels) that decodes a size in pixels to at least another
    /// one.</summary>
    public static int BlockSize(int width, int height, int minWidth, int minHeight)
    {
        int size = 1;
        while (size < 8 && (((width * size) + 7) / 8 < minWidth || ((height * size) + 7) / 8 < minHeight))
        {
            size *= 2;
        }

        return size;
    }

    /// <summary>Decodes a file that <see cref="FaceFile"/> has accepted and whose kind is supported, at <paramref name="blockSize"/>
    /// samples (8, 4, 2 or 1) for 8 pixels. Returns what is wrong, the end of a sentence, or null.</summary>
    public string? Decode(ReadOnlySpan<byte> file, JpegHeader header, int blockSize, bool lumaOnly)
    {
        (_state.Header, _state.LumaOnly, _state.RestartInterval) = (header, lumaOnly || header.Components.Count == 1, 0);
        Array.Clear(_state.Dc);
        Array.Clear(_state.Ac);
        Array.Clear(_hasQuantisation);
        Array.Clear(_decoded);
        int planes = _state.LumaOnly ? 1 : header.Components.Count;
        for (int c = 0; c < planes; c++)
        {
            _state.Planes[c].Begin(header, header.Components[c], ComponentBlockSize(c, blockSize));
        }

        int scans = 0;
        for (int at = 2;
            JpegSegments.Next(file, ref at, out byte marker, out ReadOnlySpan<byte> content) && marker != JpegSegments.EndOfImage;)
        {
            string? fault = marker switch
            {
                JpegSegments.StartOfScan when ++scans > MaxScanCount => $"has more than {MaxScanCount} scans",
                JpegSegments.HuffmanTables => ReadHuffmanTables(content),
                JpegSegments.QuantisationTables => ReadQuantisationTables(content),
                JpegSegments.StartOfScan => ReadScan(file, content, ref at),
                JpegSegments.RestartInterval when content.Length != 2 => "its restart interval is broken",
                _ => null,
            };
            if (fault is not null)
            {
                return fault;
            }

            if (marker == JpegSegments.RestartInterval)
            {
                _state.RestartInterval = (content[0] << 8) | content[1];
            }
        }

        for (int c = 0; c < planes; c++)
        {
            if (!_decoded[c])
            {
                return $"no scan has its component {header.Components[c].Id}";
            }

            if (header.IsProgressive)
            {
                JpegProgressiveReader.Transform(_state.Planes[c], _state.Quantisation[header.Components[c].Quantisation]);
            }
        }

        return null;
    }

    /// <summary>A row of luma, [<see cref="Width"/>].</summary>
    public ReadOnlySpan<byte> Luma(int y) => _state.Planes[0].Row(y);

    /// <summary>A row in colour, [<see cref="Width"/>] each.</summary>
    public void Colours(int y, Span<byte> red, Span<byte> green, Span<byte> blue)
    {
        ReadOnlySpan<byte> luma = Luma(y);
        if (_state.Header.Components.Count == 1)
        {
            luma.CopyTo(red);
            luma.CopyTo(green);
            luma.CopyTo(blue);
            return;
        }

        int width = Width + 2; // with the padding to whole samples of halved chroma
        Span<byte> chroma = ScratchBuffer.Reserve(ref _chroma, 2 * width);
        ScratchBuffer.Reserve(ref _sums, width);
        JpegColour.ToRgb(luma, Chroma(1, y, chroma[..width]), Chroma(2, y, chroma[width..]), red, green, blue);
    }

    // As libjpeg (jdmaster.c): chroma at half size on both axes is decoded at twice the scale where there is one.
    private int ComponentBlockSize(int component, int blockSize)
    {
        bool halved = component > 0 && _state.Header.HorizontalRatio == 2 && _state.Header.VerticalRatio == 2;
        return halved && blockSize < 8 ? 2 * blockSize : blockSize;
    }

    private ReadOnlySpan<byte> Chroma(int component, int y, Span<byte> row)
    {
        (JpegPlane plane, JpegPlane luma) = (_state.Planes[component], _state.Planes[0]);
        bool halvedWidth = plane.Stride != luma.Stride, halvedHeight = plane.BlockRows * plane.BlockSize != luma.BlockRows * luma.BlockSize;
        int near = halvedHeight ? y / 2 : y, far = halvedHeight ? near + (2 * (y % 2)) - 1 : y;
        bool interpolates = luma.BlockSize > 1; // as libjpeg: not at 1/8
        if (halvedWidth && interpolates)
        {
            JpegColour.UpsampleHorizontally(plane.Row(near), plane.Row(far), halvedHeight, _sums, row);
        }
        else if (halvedWidth)
        {
            JpegColour.Repeat(plane.Row(near), row);
        }
        else if (halvedHeight && interpolates)
        {
            JpegColour.UpsampleVertically(plane.Row(near), plane.Row(far), y % 2 == 0, row);
        }
        else
        {
            return plane.Row(near)[..Width];
        }

        return row[..Width];
    }

    private string? ReadScan(ReadOnlySpan<byte> file, ReadOnlySpan<byte> content, ref int at)
    {
        JpegHeader header = _state.Header;
        if (JpegScan.Read(content, header) is not JpegScan scan)
        {
            return "a scan's header is broken";
        }

        if (_state.LumaOnly && scan.Components[0] != 0)
        {
            return null; // chroma only; the search for the next marker skips it
        }

        foreach (int c in scan.Components)
        {
            if (!_hasQuantisation[header.Components[c].Quantisation])
            {
                return "a quantisation table is missing";
            }

            if (!header.IsProgressive && _decoded[c])
            {
                return $"two scans have its component {header.Components[c].Id}";
            }

            _decoded[c] |= scan.First == 0;
        }

        _state.Entropy.Read(file, ref at);
        if (header.IsProgressive)
        {
            return _progressive.Read(_state, scan);
        }

        bool needsDcOnly = _state.LumaOnly && _state.Planes[0].BlockSize == 1;
        return needsDcOnly && JpegDcReader.CanRead(_state, scan) && _dcOnly.TryRead(_state, scan) ? null : _sequential.Read(_state, scan);
    }

    private string? ReadQuantisationTables(ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            int bytes = 1 + (content[0] >> 4), index = content[0] & 15, length = 1 + (64 * bytes);
            if (bytes > 2 || index > 3 || content.Length < length)
            {
                return "its quantisation tables are broken";
            }

            for (int k = 0; k < 64; k++)
            {
                _state.Quantisation[index][k] = bytes == 1 ? content[1 + k] : (content[1 + (2 * k)] << 8) | content[2 + (2 * k)];
            }

            _hasQuantisation[index] = true;
            content = content[length..];
        }

        return null;
    }

    private string? ReadHuffmanTables(ReadOnlySpan<byte> content)
    {
        // FaceFile has checked that the tables fill the segment.
        while (!content.IsEmpty)
        {
            int kind = content[0] >> 4, index = content[0] & 15, count = 0;
            ReadOnlySpan<byte> counts = content.Slice(1, 16);
            foreach (byte length in counts)
            {
                count += length;
            }

            ReadOnlySpan<byte> definition = content.Slice(1, 16 + count);
            if (kind > 1
                || index > 3
                || count > 256
                || !JpegHuffmanTable.IsComplete(counts)
                || (kind == 0 && definition[16..].ContainsAnyInRange((byte)16, (byte)255)))
            {
                return "its Huffman tables are broken";
            }

            (kind == 0 ? _state.Dc : _state.Ac)[index] = Table(definition);
            content = content[(17 + count)..];
        }

        return null;
    }

    // Most files have the standard's example tables (annex K.3), so the last few tables are kept.
    private JpegHuffmanTable Table(ReadOnlySpan<byte> definition)
    {
        foreach (JpegHuffmanTable kept in _kept)
        {
            if (kept.Is(definition))
            {
                kept.IsKnown = true;
                return kept;
            }
        }

        if (_kept.Count == MaxKeptTables)
        {
            _kept.Dequeue();
        }

        var table = new JpegHuffmanTable(definition);
        _kept.Enqueue(table);
        return table;
    }
}
