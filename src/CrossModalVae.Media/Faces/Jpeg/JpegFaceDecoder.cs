namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// Decodes JPEG files for faces, the same bits as libjpeg with its defaults and, of CMYK, Pillow's conversion: at full size or at 1/2, 1/4
/// or 1/8 of it in the cosine domain, in colour or only luma. ImageSharp decodes more than a face tensor needs: for a small grey picture
/// chroma is only skipped here, several coefficients at a time, which saves most of the work. Corrupt or missing data are refused, never
/// filled in. Keeps its memory between files; not thread-safe.
/// </summary>
internal sealed class JpegFaceDecoder
{
    private const int MaxKeptTables = 16;

    // Encoders write about ten. A few bytes can make a scan over the whole picture, so more of them could occupy a reader for hours.
    private const int MaxScanCount = 500;

    private readonly JpegState _state = new();
    private readonly bool[] _hasQuantisation = new bool[4];
    private readonly bool[] _decoded = new bool[4];
    private readonly int[] _bits = new int[4 * 64]; // of each component's coefficients, the lowest bit that a progressive scan gave
    private readonly JpegUpsampling[] _upsampling = new JpegUpsampling[4];
    private readonly Queue<JpegHuffmanTable> _kept = new(MaxKeptTables);
    private readonly JpegDcReader _dcOnly = new();
    private readonly JpegSequentialReader _sequential = new();
    private readonly JpegProgressiveReader _progressive = new();
    private byte[] _rows = []; // [components, width]
    private ushort[] _sums = []; // [width]

    /// <summary>Width of the decoded picture, as stored, in pixels.</summary>
    public int Width { get; private set; }

    /// <summary>Height of the decoded picture, as stored, in pixels.</summary>
    public int Height { get; private set; }

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
    public string? Decode(
        ReadOnlySpan<byte> file, JpegHeader header, int blockSize, bool lumaOnly, CancellationToken cancellationToken = default)
    {
        (_state.Header, _state.LumaOnly, _state.RestartInterval) = (header, lumaOnly || header.Components.Count == 1, 0);
        Array.Clear(_state.Dc);
        Array.Clear(_state.Ac);
        Array.Clear(_hasQuantisation);
        Array.Clear(_decoded);
        Array.Fill(_bits, int.MaxValue);
        int planes = _state.LumaOnly ? 1 : header.Components.Count;
        (Width, Height) = (JpegMcuGrid.Ceiling(header.Width * blockSize, 8), JpegMcuGrid.Ceiling(header.Height * blockSize, 8));
        for (int c = 0; c < planes; c++)
        {
            JpegComponent component = header.Components[c];
            _upsampling[c] = JpegUpsampling.Of(header, component, blockSize);
            _state.Planes[c].Begin(header, component, _upsampling[c].BlockSize);
        }

        int scans = 0;
        for (int at = 2;
            JpegSegments.Next(file, ref at, out byte marker, out ReadOnlySpan<byte> content) && marker != JpegSegments.EndOfImage;)
        {
            cancellationToken.ThrowIfCancellationRequested();
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

        for (int c = 0; c < header.Components.Count; c++)
        {
            if (!_decoded[c])
            {
                return $"no scan has its component {header.Components[c].Id}";
            }

            // A file that is cut between two scans has whole scans, but not all of them.
            int missing = header.IsProgressive ? 64 - _bits.AsSpan(64 * c, 64).Count(0) : 0;
            if (missing > 0)
            {
                return $"its scans end early: {missing} of 64 coefficients of its component {header.Components[c].Id} are not whole";
            }

            if (header.IsProgressive && c < planes)
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
        int width = Width + JpegUpsampling.Padding;
        Span<byte> rows = ScratchBuffer.Reserve(ref _rows, 4 * width);
        ScratchBuffer.Reserve(ref _sums, width);
        ReadOnlySpan<byte> first = Row(0, y, rows[..width]);
        if (_state.Header.ColourSpace == JpegColourSpace.Grey)
        {
            first.CopyTo(red);
            first.CopyTo(green);
            first.CopyTo(blue);
            return;
        }

        ReadOnlySpan<byte> second = Row(1, y, rows.Slice(width, width)), third = Row(2, y, rows.Slice(2 * width, width));
        switch (_state.Header.ColourSpace)
        {
            case JpegColourSpace.YCbCr:
                JpegColour.ToRgb(first, second, third, red, green, blue);
                break;
            case JpegColourSpace.Rgb:
                first.CopyTo(red);
                second.CopyTo(green);
                third.CopyTo(blue);
                break;
            case JpegColourSpace.Ycck:
                JpegColour.ToRgb(first, second, third, red, green, blue);
                JpegColour.AddBlack(red, green, blue, Row(3, y, rows.Slice(3 * width, width)));
                break;
            default:
                JpegColour.Invert(first, red);
                JpegColour.Invert(second, green);
                JpegColour.Invert(third, blue);
                JpegColour.AddBlack(red, green, blue, Row(3, y, rows.Slice(3 * width, width)));
                break;
        }
    }

    private ReadOnlySpan<byte> Row(int component, int y, Span<byte> row) =>
        _upsampling[component].Row(_state.Planes[component], y, row, _sums)[..Width];

    private string? ReadScan(ReadOnlySpan<byte> file, ReadOnlySpan<byte> content, ref int at)
    {
        JpegHeader header = _state.Header;
        if (JpegScan.Read(content, header) is not JpegScan scan)
        {
            return "a scan's header is broken";
        }

        UseStandardTables(scan);
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
            if (header.IsProgressive)
            {
                _bits.AsSpan((64 * c) + scan.First, scan.Last - scan.First + 1).Fill(scan.Low);
            }
        }

        if (_state.LumaOnly && header.IsProgressive && scan.Components[0] != 0)
        {
            return null; // chroma only; the search for the next marker skips it
        }

        _state.Entropy.Read(file, ref at);
        if (header.IsProgressive)
        {
            return _progressive.Read(_state, scan);
        }

        bool needsDcOnly = _state.LumaOnly && scan.Components[0] == 0 && _state.Planes[0].BlockSize == 1;
        return needsDcOnly && JpegDcReader.CanRead(_state, scan) && _dcOnly.TryRead(_state, scan) ? null : _sequential.Read(_state, scan);
    }

    // Frames of Motion JPEG have no tables: they mean the standard's examples, as for libjpeg.
    private void UseStandardTables(JpegScan scan)
    {
        if (_state.Header.IsProgressive)
        {
            return;
        }

        for (int i = 0; i < scan.Components.Length; i++)
        {
            (int dc, int ac) = (scan.Dc[i], scan.Ac[i]);
            if (dc < 2)
            {
                _state.Dc[dc] ??= Table(JpegStandardTables.Dc(dc));
            }

            if (ac < 2)
            {
                _state.Ac[ac] ??= Table(JpegStandardTables.Ac(ac));
            }
        }
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
