using System.Runtime.CompilerServices;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>A block to find, and how the look-ups continue after it.</summary>
internal struct JpegBlock
{
    /// <summary>The bit where it begins, once the previous block has ended; until then the next bit.</summary>
    public int Place;

    /// <summary>The look-up table within it.</summary>
    public ushort Within;

    /// <summary>The xor of that with the table at the next block's start.</summary>
    public ushort Change;

    /// <summary>The table at the next block's start.</summary>
    public readonly int Next => Within ^ Change;
}

/// <summary>One of the two read positions of <see cref="JpegBlockFinder"/>, with the blocks found from it. Keeps its memory.</summary>
internal sealed class JpegBlockCursor
{
    private int _firstBlock; // where it started, or restarted after corrupt data

    /// <summary>The blocks up to the current one, with their places; those before a restart are not valid.</summary>
    public JpegBlock[] Blocks { get; private set; } = [];

    /// <summary>The next bit.</summary>
    public int Place { get; private set; }

    /// <summary>The current block.</summary>
    public int Block { get; private set; }

    /// <summary>Offset of the look-up table.</summary>
    public int Table { get; private set; }

    /// <summary>Coefficients of the current block that were read.</summary>
    public int K { get; private set; }

    /// <summary>Whether the next bits are no code, or a coefficient beyond its block.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Reserves memory for so many blocks.</summary>
    public void Reserve(int count)
    {
        if (Blocks.Length <= count)
        {
            Blocks = new JpegBlock[count + 1];
        }
    }

    /// <summary>Starts at a bit, as the first block of an MCU.</summary>
    public void Start(int place, int block = 0)
    {
        (Place, Block, Table, K, IsBroken, _firstBlock) = (place, block, 0, 0, false, block);
        Blocks[block].Place = place;
    }

    /// <summary>Restarts one bit further on, as the first block of the next MCU; at the end of its blocks it stays broken.</summary>
    public void Restart(int blocksPerMcu, int count)
    {
        int block = ((Block / blocksPerMcu) + 1) * blocksPerMcu;
        if (block < count)
        {
            Start(Place + 1, block);
        }
    }

    /// <summary>Whether there is nothing more to find.</summary>
    public bool IsAtEnd(int count) => IsBroken || Block == count;

    /// <summary>Marks it as broken.</summary>
    public void Break() => IsBroken = true;

    /// <summary>Sets the position.</summary>
    public void Set(int block, int place, int table, int k) => (Block, Place, Table, K) = (block, place, table, k);

    /// <summary>Sets the position.</summary>
    public void Set(ref JpegBlock block, int place, int table, int k) =>
        Set((int)(Unsafe.ByteOffset(ref Blocks[0], ref block) / Unsafe.SizeOf<JpegBlock>()), place, table, k);

    /// <summary>
    /// Finds a block that another cursor, started at bit <paramref name="from"/>, has found too, as the same block of an MCU: from there on
    /// the two agree. The other one must have found the end of the last of <paramref name="count"/> blocks.
    /// </summary>
    public bool TryMeet(JpegBlockCursor other, int from, int blocksPerMcu, int count, out int block, out int otherBlock)
    {
        int end = Block;
        for (block = 0; block < end;)
        {
            int middle = (block + end) / 2;
            (block, end) = Blocks[middle].Place < from ? (middle + 1, end) : (block, middle);
        }

        otherBlock = other._firstBlock;
        while (block <= Block && otherBlock <= other.Block)
        {
            int difference = Blocks[block].Place - other.Blocks[otherBlock].Place;
            if (difference == 0 && (block - otherBlock) % blocksPerMcu == 0 && otherBlock + count - block <= other.Block)
            {
                return true;
            }

            block += difference <= 0 ? 1 : 0;
            otherBlock += difference >= 0 ? 1 : 0;
        }

        return false;
    }
}
