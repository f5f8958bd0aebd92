using System.Buffers.Binary;

namespace CrossModalVae.Audio;

/// <summary>
/// The chunks of a RIFF/WAVE file (Multimedia Programming Interface and Data Specifications 1.0, IBM and Microsoft 1991; RIFX is the same
/// with the most significant byte first; WAVEFORMATEXTENSIBLE after Microsoft's documentation; RF64 and BW64, sizes beyond 32 bits, after
/// EBU Tech 3306 and ITU-R BS.2088). Every size is checked against the file's length. A writer that cannot go back, into a pipe, leaves a
/// size that means "unknown": such data go on to the end of the file. Several data chunks are one sound.
/// </summary>
internal ref struct WavHeader
{
    private const int ChunkHeaderLength = 8;
    private const int LongSizesLength = 16; // of a ds64 chunk: the sizes of the file and of its data
    private const uint UnknownSize = 0xFFFFFFFF; // ffmpeg; with a ds64 chunk, the size is there
    private const uint SoxUnknownSize = 0x7FFFF000;

    // Real files have a dozen; a file of empty chunks alone would otherwise take minutes.
    private const int MaxChunkCount = 10_000;

    private readonly SoundSource _file;
    private readonly string _path;
    private readonly long _length;
    private readonly bool _toleratesTruncation;
    private readonly Span<byte> _bytes;
    private bool _isBigEndian;
    private bool _isLong; // sizes may be 64-bit numbers in a ds64 chunk
    private long? _longSize;
    private WavFormat? _format;
    private long _formatStart;
    private readonly List<SoundPiece> _pieces = new(1);
    private SoundNotes _notes;

    private WavHeader(SoundSource file, string path, bool toleratesTruncation, Span<byte> bytes)
    {
        (_file, _path, _toleratesTruncation) = (file, path, toleratesTruncation);
        _bytes = bytes;
        _length = file.Length;
    }

    /// <summary>Reads the header of an open file.</summary>
    /// <exception cref="InvalidDataException">It is no wav file, or a faulty one; the message names byte, found and expected.</exception>
    public static SoundLayout Read(SoundSource file, string path, bool toleratesTruncation = false)
    {
        var header = new WavHeader(file, path, toleratesTruncation, stackalloc byte[WavFormat.ExtensibleLength]);
        header.ReadMagic();
        header.ReadChunks();
        return header.Layout();
    }

    private void ReadMagic()
    {
        int head = (int)Math.Min(_length, 12);
        WavReader.Fill(_file, _bytes[..head], 0, _path);
        if (head >= 4 && !SoundContent.IsRiff(_bytes[..4]))
        {
            throw Fault(0, $"found {FourCc(_bytes)}; expected 'RIFF'");
        }

        if (head < 12)
        {
            throw new InvalidDataException($"{_path}: ends at byte {_length}; expected the 12-byte header of a RIFF/WAVE file.");
        }

        if (!_bytes[8..12].SequenceEqual("WAVE"u8))
        {
            throw Fault(8, $"found {FourCc(_bytes[8..])}; expected 'WAVE'");
        }

        _isBigEndian = _bytes[3] == 'X';
        _isLong = _bytes[..4].SequenceEqual("RF64"u8) || _bytes[..4].SequenceEqual("BW64"u8);
    }

    // Chunks come in any order; each starts at an even offset. After format and data only further data matter, and rubbish does not.
    private void ReadChunks()
    {
        long position = 12;
        for (int chunk = 0; ; chunk++)
        {
            bool isComplete = _format is not null && _pieces.Count > 0;
            if (_length - position < ChunkHeaderLength)
            {
                if (isComplete)
                {
                    return;
                }

                throw new InvalidDataException($"{_path}: ends at byte {_length} without a '{(_format is null ? "fmt " : "data")}' chunk.");
            }

            if (chunk == MaxChunkCount)
            {
                if (isComplete)
                {
                    return;
                }

                throw Fault(position, $"found more than {MaxChunkCount} chunks; expected 'fmt ' and 'data' among them");
            }

            WavReader.Fill(_file, _bytes[..ChunkHeaderLength], position, _path);
            string name = FourCc(_bytes);
            long size = UInt32(_bytes[4..]);
            long start = position + ChunkHeaderLength;
            if (name == "'data'")
            {
                size = DataSize(start, size);
                _pieces.Add(new SoundPiece(start, size));
            }
            else if (size > _length - start)
            {
                if (isComplete)
                {
                    return;
                }

                throw TooLong(position, name, size, start);
            }

            if (name == "'fmt '" && _format is null)
            {
                (_format, _formatStart) = (ReadFormat(start, size), start);
            }
            else if (name == "'ds64'" && _isLong)
            {
                _longSize = ReadLongSize(start, size);
            }

            position = Next(start, size);
        }
    }

    private SoundLayout Layout()
    {
        WavFormat format = _format!.Value;
        if (format.Foreign is not null)
        {
            string fault = $"byte {_formatStart}: {format.ForeignFault}";
            return new SoundLayout { Foreign = format.Foreign, ForeignFault = fault, Notes = _notes };
        }

        (long place, long bytes) = (_pieces[0].Offset - 4, _pieces.Sum(piece => piece.Length));
        if (bytes == 0)
        {
            throw Fault(place, "the 'data' chunk is empty; expected at least one sample");
        }

        return SoundLayout.Of(format.Info, _pieces, _isBigEndian, _notes | format.Notes) ?? throw Fault(
            place, $"the 'data' chunk holds {bytes} bytes; expected at least {format.BlockLength}, one sample of every channel");
    }

    // A data chunk's size in the file.
    private long DataSize(long start, long stated)
    {
        long rest = _length - start, size = stated;
        if (stated == UnknownSize && _longSize is long actual)
        {
            size = actual;
        }

        bool isUnknown = IsUnknown(stated, size, rest);
        if (size == 0 && !isUnknown && rest > 0 && !IsChunks(start))
        {
            isUnknown = true;
            _notes |= SoundNotes.StatedEmpty;
        }

        if (isUnknown)
        {
            size = rest;
        }
        else if (size > rest)
        {
            if (!_toleratesTruncation)
            {
                throw TooLong(start - ChunkHeaderLength, "'data'", size, start);
            }

            size = rest;
            _notes |= SoundNotes.Truncated;
        }

        return size;
    }

    // ffmpeg writes 0xFFFFFFFF (into RF64 with a size of 0 or -1 in the ds64 chunk), sox and espeak 0x7FFFF000, arecord, LAME and others a
    // number near 2^31 or 2^32, from which some take the header's length.
    private readonly bool IsUnknown(long stated, long size, long rest)
    {
        const long Headers = 0x1000;
        if (stated == UnknownSize && _longSize is not null)
        {
            return size is 0 or -1;
        }

        bool nearLimit = size is (> (1L << 31) - 1 - Headers and <= (1L << 31) + Headers) or > (1L << 32) - 1 - Headers;
        return size is UnknownSize or SoxUnknownSize || (nearLimit && size > rest);
    }

    // Whether the bytes from a place to the end of the file are chunks, so that the data chunk before them is really empty.
    private readonly bool IsChunks(long position)
    {
        Span<byte> header = stackalloc byte[ChunkHeaderLength];
        for (int chunk = 0; chunk < MaxChunkCount && position < _length; chunk++)
        {
            if (_length - position < ChunkHeaderLength)
            {
                return false;
            }

            WavReader.Fill(_file, header, position, _path);
            long size = UInt32(header[4..]);
            position += ChunkHeaderLength + size + (size & 1);
            if (!IsName(header) || position > _length + 1)
            {
                return false;
            }
        }

        return position >= _length;
    }

    // Some writers leave the padding of odd sizes out.
    private readonly long Next(long start, long size)
    {
        long end = start + size, padded = end + (size & 1);
        if (padded == end || _length - end < ChunkHeaderLength)
        {
            return padded;
        }

        Span<byte> names = stackalloc byte[5];
        WavReader.Fill(_file, names, end, _path);
        return !IsName(names[1..]) && (names[..4].SequenceEqual("data"u8) || names[..4].SequenceEqual("fmt "u8) || IsName(names[..4]))
            ? end
            : padded;
    }

    private readonly long ReadLongSize(long start, long size)
    {
        RequireLength("ds64", size, LongSizesLength, start);
        WavReader.Fill(_file, _bytes[..LongSizesLength], start, _path);
        ulong data = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[8..]);
        return data == ulong.MaxValue ? -1 : (long)Math.Min(data, long.MaxValue); // an impossible size is refused with the data chunk
    }

    private readonly WavFormat ReadFormat(long start, long size)
    {
        RequireLength("fmt ", size, WavFormat.LeastLength, start);
        int known = (int)Math.Min(size, WavFormat.ExtensibleLength);
        WavReader.Fill(_file, _bytes[..known], start, _path);
        if (WavFormat.IsExtensible(_bytes, _isBigEndian))
        {
            RequireLength("fmt ", size, WavFormat.ExtensibleLength, start);
        }

        (WavFormat format, int place, string? fault) = WavFormat.Read(_bytes[..known], _isBigEndian);
        return fault is null ? format : throw Fault(start + place, fault);
    }

    private readonly uint UInt32(ReadOnlySpan<byte> bytes) =>
        _isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private readonly void RequireLength(string chunk, long size, int least, long start)
    {
        if (size < least)
        {
            throw Fault(start - 4, $"the '{chunk}' chunk holds {size} bytes; expected at least {least}");
        }
    }

    private readonly InvalidDataException TooLong(long position, string name, long size, long start) =>
        Fault(position, $"the {name} chunk promises {size} bytes; the file holds {_length - start} more");

    private readonly InvalidDataException Fault(long place, string fault) => new($"{_path}: byte {place}: {fault}.");

    private static bool IsName(ReadOnlySpan<byte> bytes) => !bytes[..4].ContainsAnyExceptInRange((byte)0x20, (byte)0x7E);

    private static string FourCc(ReadOnlySpan<byte> bytes) =>
        IsName(bytes) ? $"'{System.Text.Encoding.ASCII.GetString(bytes[..4])}'" : $"0x{Convert.ToHexString(bytes[..4])}";
}
