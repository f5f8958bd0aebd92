namespace CrossModalVae.Faces.Jpeg;

/// <summary>
/// Decodes the usual JPEG files (<see cref="JpegHeader.IsSupported"/>) for faces, the same bits as libjpeg with its defaults: at full size
/// or at 1/2, 1/4 or 1/8 of it in the cosine domain, all of it or only its luma. It is here because a library decodes more than a face
/// tensor needs: for a small grey picture chroma is only passed over, several coefficients at a time, which is most of the work. What does
/// not follow the format is refused, never filled in. Keeps its memory between files; not thread-safe.
/// </summary>
internal sealed class JpegFaceDecoder
{
    private const byte HuffmanTables = 0xC4, QuantisationTables = 0xDB, RestartInterval = 0xDD, StartOfScan = 0xDA, EndOfImage = 0xD9;
    private const int LargestKept = 16;

    // Encoders write about ten. Each may go over the whole picture for a few bytes, so more would be a way to keep a reader busy for hours.
    private const int LargestScanCount = 500;

    private readonly JpegPlane[] _planes = [new(), new(), new()];
    private readonly JpegHuffmanTable?[] _dc = new JpegHuffmanTable?[4];
    private readonly JpegHuffmanTable?[] _ac = new JpegHuffmanTable?[4];
    private readonly int[][] _quantisation = [new int[64], new int[64], new int[64], new int[64]];
    private readonly bool[] _hasQuantisation = new bool[4];
    private readonly bool[] _decoded = new bool[3];
    private readonly Queue<JpegHuffmanTable> _kept = new(LargestKept);
    private readonly JpegEntropy _entropy = new();
    private readonly JpegMeansReader _means = new();
    private readonly JpegSequentialReader _sequential = new();
    private readonly JpegProgressiveReader _progressive = new();
    private byte[] _chroma = []; // [2, width]
    private ushort[] _sums = []; // [width]
    private JpegHeader _header = null!;
    private bool _lumaOnly;

    /// <summary>Width of the decoded picture, as stored, in pixels.</summary>
    public int Width => _planes[0].Width;

    /// <summary>Height of the decoded picture, as stored, in pixels.</summary>
    public int Height => _planes[0].Height;

    /// <summary>The smallest of 1, 2, 4 and 8 samples for 8 pixels that leaves at least a size.</summary>
    /// <param name="width">In pixels, of what is asked for.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="smallestWidth">In samples.</param>
    /// <param name="smallestHeight">In samples.</param>
    public static int Side(int width, int height, int smallestWidth, int smallestHeight)
    {
        int side = 1;
        while (side < 8 && (((width * side) + 7) / 8 < smallestWidth || ((height * side) + 7) / 8 < smallestHeight))
        {
            side *= 2;
        }

        return side;
    }

    /// <summary>Decodes a file that <see cref="FaceFile"/> has accepted.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="header">Its header, of a kind that is supported.</param>
    /// <param name="side">Samples for 8 pixels: 8, 4, 2 or 1.</param>
    /// <param name="lumaOnly">Whether colour is not wanted.</param>
    /// <returns>Null, or what is wrong with the file, the end of a sentence.</returns>
    public string? Decode(ReadOnlySpan<byte> file, JpegHeader header, int side, bool lumaOnly)
    {
        (_header, _lumaOnly) = (header, lumaOnly || header.Components.Count == 1);
        Array.Clear(_dc);
        Array.Clear(_ac);
        Array.Clear(_hasQuantisation);
        Array.Clear(_decoded);
        for (int c = 0; c < header.Components.Count; c++)
        {
            if (c == 0 || !_lumaOnly)
            {
                _planes[c].Begin(header, header.Components[c], ComponentSide(c, side));
            }
        }

        int interval = 0, scans = 0;
        for (int at = 2; JpegSegments.Next(file, ref at, out byte marker, out ReadOnlySpan<byte> content) && marker != EndOfImage;)
        {
            string? fault = marker switch
            {
                StartOfScan when ++scans > LargestScanCount => $"has more than {LargestScanCount} scans",
                HuffmanTables => ReadHuffmanTables(content),
                QuantisationTables => ReadQuantisationTables(content),
                StartOfScan => ReadScan(file, content, ref at, interval),
                RestartInterval when content.Length != 2 => "its restart interval is broken",
                _ => null,
            };
            if (fault is not null)
            {
                return fault;
            }

            if (marker == RestartInterval)
            {
                interval = (content[0] << 8) | content[1];
            }
        }

        for (int c = 0; c < (_lumaOnly ? 1 : header.Components.Count); c++)
        {
            if (!_decoded[c])
            {
                return $"no scan has its component {header.Components[c].Id}";
            }

            if (header.IsProgressive)
            {
                JpegProgressiveReader.Transform(_planes[c], _quantisation[header.Components[c].Quantisation]);
            }
        }

        return null;
    }

    /// <summary>A row of luma.</summary>
    /// <param name="y">Zero-based.</param>
    /// <returns>[<see cref="Width"/>]</returns>
    public ReadOnlySpan<byte> Luma(int y) => _planes[0].Row(y);

    /// <summary>A row in colour.</summary>
    /// <param name="y">Zero-based.</param>
    /// <param name="red">Receives [<see cref="Width"/>].</param>
    /// <param name="green">Receives [<see cref="Width"/>].</param>
    /// <param name="blue">Receives [<see cref="Width"/>].</param>
    public void Colours(int y, Span<byte> red, Span<byte> green, Span<byte> blue)
    {
        ReadOnlySpan<byte> luma = Luma(y);
        if (_header.Components.Count == 1)
        {
            luma.CopyTo(red);
            luma.CopyTo(green);
            luma.CopyTo(blue);
            return;
        }

        // Room for a width that is padded to whole samples of halved chroma.
        int width = Width + 2;
        if (_chroma.Length < 2 * width)
        {
            _chroma = new byte[2 * width];
            _sums = new ushort[width];
        }

        JpegColour.ToRgb(luma, Chroma(1, y, _chroma.AsSpan(0, width)), Chroma(2, y, _chroma.AsSpan(width)), red, green, blue);
    }

    // Chroma at half size is decoded at twice the scale where there is one, on both axes alike, as libjpeg does (jdmaster.c).
    private int ComponentSide(int component, int side)
    {
        bool halved = component > 0 && _header.HorizontalRatio == 2 && _header.VerticalRatio == 2;
        return halved && side < 8 ? 2 * side : side;
    }

    private ReadOnlySpan<byte> Chroma(int component, int y, Span<byte> row)
    {
        JpegPlane plane = _planes[component];
        bool halvedAcross = plane.Stride != _planes[0].Stride,
            halvedDown = plane.BlocksDown * plane.Side != _planes[0].BlocksDown * _planes[0].Side;
        int near = halvedDown ? y / 2 : y, far = halvedDown ? near + (2 * (y % 2)) - 1 : y;
        bool smooth = _planes[0].Side > 1; // as libjpeg: not at 1/8
        if (halvedAcross)
        {
            if (smooth)
            {
                JpegColour.Widen(plane.Row(near), plane.Row(far), halvedDown, _sums, row);
            }
            else
            {
                JpegColour.Repeat(plane.Row(near), row);
            }

            return row[..Width];
        }

        if (halvedDown && smooth)
        {
            JpegColour.Lengthen(plane.Row(near), plane.Row(far), y % 2 == 0, row);
            return row[..Width];
        }

        return plane.Row(near)[..Width];
    }

    private string? ReadScan(ReadOnlySpan<byte> file, ReadOnlySpan<byte> content, ref int at, int interval)
    {
        if (JpegScan.Read(content, _header) is not JpegScan scan)
        {
            return "a scan's header is broken";
        }

        if (_lumaOnly && scan.Components[0] != 0)
        {
            return null; // chroma alone; the search for the next marker passes over it
        }

        foreach (int c in scan.Components)
        {
            if (!_hasQuantisation[_header.Components[c].Quantisation])
            {
                return "a quantisation table is missing";
            }

            if (!_header.IsProgressive && _decoded[c])
            {
                return $"two scans have its component {_header.Components[c].Id}";
            }

            _decoded[c] |= scan.First == 0;
        }

        _entropy.Read(file, ref at);
        bool wantsMeans = !_header.IsProgressive && _lumaOnly && _planes[0].Side == 1;
        if (wantsMeans
            && JpegMeansReader.Reads(scan, _entropy, _dc, _ac)
            && _means.TryRead(
                _header, scan, _entropy, interval, _planes[0], _dc, _ac, _quantisation[_header.Components[0].Quantisation][0]))
        {
            return null;
        }

        return _header.IsProgressive
            ? _progressive.Read(_header, scan, _entropy, interval, _planes, _dc, _ac, _lumaOnly)
            : _sequential.Read(_header, scan, _entropy, interval, _planes, _dc, _ac, _quantisation, _lumaOnly);
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
                _quantisation[index][k] = bytes == 1 ? content[1 + k] : (content[1 + (2 * k)] << 8) | content[2 + (2 * k)];
            }

            _hasQuantisation[index] = true;
            content = content[length..];
        }

        return null;
    }

    private string? ReadHuffmanTables(ReadOnlySpan<byte> content)
    {
        // FaceFile has seen that the tables fill the segment.
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

            (kind == 0 ? _dc : _ac)[index] = Table(definition);
            content = content[(17 + count)..];
        }

        return null;
    }

    // Most files carry the standard's example tables (annex K.3), so the last few are kept.
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

        if (_kept.Count == LargestKept)
        {
            _kept.Dequeue();
        }

        var table = new JpegHuffmanTable(definition);
        _kept.Enqueue(table);
        return table;
    }
}
