namespace CrossModalVae.Faces.Jpeg;

/// <summary>A block to find, and how the look-ups go on behind it.</summary>
internal struct JpegBlock
{
    /// <summary>The bit where it begins, once the block before has ended; until then the next bit.</summary>
    public int Place;

    /// <summary>The table within it.</summary>
    public ushort Within;

    /// <summary>The xor of that with the table at the next block's start.</summary>
    public ushort Change;

    /// <summary>The table at the next block's start.</summary>
    public readonly int Next => Within ^ Change;
}
