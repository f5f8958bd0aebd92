namespace CrossModalVae.Files;

/// <summary>
/// Splits a stream into lines without reading it whole. Lines end in \n or \r\n; a byte-order mark at the start is skipped.
/// </summary>
internal sealed class Utf8Lines(Stream stream, string file)
{
    /// <summary>Far above the lines of our files; a file that is not text would otherwise be read into one buffer.</summary>
    private const int LongestLine = 16 << 20;

    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>The one-based number of the line that <see cref="Next"/> gave last.</summary>
    public int LineNumber { get; private set; }

    /// <summary>
    /// The next line without its end, valid until the next call; false at the end of the file. An end of line at the very end starts no
    /// further line.
    /// </summary>
    public bool Next(out ReadOnlySpan<byte> line)
    {
        int searched = 0;
        while (true)
        {
            int end = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                line = Take(searched + end, searched + end + 1);
                return true;
            }

            searched = _end - _start;
            if (_ended)
            {
                line = searched > 0 ? Take(searched, searched) : default;
                return searched > 0;
            }

            Fill();
        }
    }

    private ReadOnlySpan<byte> Take(int length, int step)
    {
        ReadOnlySpan<byte> line = _buffer.AsSpan(_start, length);
        _start += step;
        LineNumber++;
        if (LineNumber == 1 && line.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
        }

        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= LongestLine)
            {
                throw new InvalidDataException($"{file}: line {LineNumber + 1}: is longer than 16 MiB; expected one JSON object a line.");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _ended = read == 0;
    }
}
