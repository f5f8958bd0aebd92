namespace CrossModalVae.Audio;

/// <summary>Where the samples of an uncompressed sound file lie and how they are encoded; or what only ffmpeg decodes.</summary>
internal sealed class SoundLayout
{
    /// <summary>Format and length; undefined where <see cref="Foreign"/> is set.</summary>
    public WavInfo Info { get; init; }

    /// <summary>Runs of whole blocks, one after the other; nearly always one.</summary>
    public SoundPiece[] Pieces { get; init; } = [];

    /// <summary>Whether samples have their most significant byte first.</summary>
    public bool IsBigEndian { get; init; }

    /// <summary>What was not quite right.</summary>
    public SoundNotes Notes { get; init; }

    /// <summary>A kind of sound that this library does not decode, as in "a wav file of IMA ADPCM"; null for the others.</summary>
    public string? Foreign { get; init; }

    /// <summary>The fault of a foreign kind where only uncompressed files are read.</summary>
    public string? ForeignFault { get; init; }

    /// <summary>Bytes of one sample of every channel.</summary>
    public int BlockLength => Info.ChannelCount * (Info.BitsPerSample / 8);

    /// <summary>A layout of whole blocks. Pieces may end within a block; what is over is left out. Null where there is no block.</summary>
    public static SoundLayout? Of(WavInfo format, IReadOnlyList<SoundPiece> pieces, bool isBigEndian, SoundNotes notes)
    {
        int block = format.ChannelCount * (format.BitsPerSample / 8);
        var whole = new List<SoundPiece>(pieces.Count);
        long count = 0;
        foreach ((long offset, long length) in pieces)
        {
            long rest = length % block;
            notes |= rest > 0 && !notes.HasFlag(SoundNotes.Truncated) ? SoundNotes.OddTail : 0; // a cut sample is no fault of its own
            if (length > rest)
            {
                whole.Add(new SoundPiece(offset, length - rest));
                count += length / block;
            }
        }

        notes |= whole.Count > 1 ? SoundNotes.SeveralData : 0;
        WavInfo info = format with { SampleCount = count };
        return count == 0 ? null : new SoundLayout { Info = info, Pieces = [.. whole], IsBigEndian = isBigEndian, Notes = notes };
    }

    /// <summary>The place of a block in the file, and how many blocks follow from there in one run.</summary>
    public (long Offset, long Count) Find(long index)
    {
        int block = BlockLength;
        foreach ((long offset, long length) in Pieces)
        {
            long count = length / block;
            if (index < count)
            {
                return (offset + (index * block), count - index);
            }

            index -= count;
        }

        throw new ArgumentOutOfRangeException(nameof(index));
    }
}

/// <summary>A run of bytes in a file.</summary>
internal readonly record struct SoundPiece(long Offset, long Length);
