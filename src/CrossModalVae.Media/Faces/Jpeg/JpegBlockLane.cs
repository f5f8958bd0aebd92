using System.Runtime.CompilerServices;

namespace CrossModalVae.Faces.Jpeg;

/// <summary>How far <see cref="JpegBlockFinder"/> is at one of its two places, and what it has found there. Keeps its memory.</summary>
internal sealed class JpegBlockLane
{
    private int _life; // the block that it began at, or again after broken data

    /// <summary>The blocks up to the one that it is in, with their places; those between two lives mean nothing.</summary>
    public JpegBlock[] Blocks { get; private set; } = [];

    /// <summary>The next bit.</summary>
    public int Place { get; private set; }

    /// <summary>The block it is in.</summary>
    public int Block { get; private set; }

    /// <summary>Where the look-up's table begins.</summary>
    public int Table { get; private set; }

    /// <summary>How many of the block's 64 coefficients lie before it.</summary>
    public int K { get; private set; }

    /// <summary>Whether it stands before bits that are no code, or a coefficient beyond its block.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Makes room.</summary>
    /// <param name="count">How many blocks there may be.</param>
    public void Reserve(int count)
    {
        if (Blocks.Length <= count)
        {
            Blocks = new JpegBlock[count + 1];
        }
    }

    /// <summary>Starts at a unit's first block.</summary>
    /// <param name="place">The bit.</param>
    public void Begin(int place) => Live(place, 0);

    /// <summary>Starts once more, a bit further on; at the end of its blocks it stays broken.</summary>
    /// <param name="blocksOfUnit">It is the first block of the next unit then.</param>
    /// <param name="count">How many blocks there may be.</param>
    public void BeginAgain(int blocksOfUnit, int count)
    {
        int block = ((Block / blocksOfUnit) + 1) * blocksOfUnit;
        if (block < count)
        {
            Live(Place + 1, block);
        }
    }

    /// <summary>Whether there is nothing more to find.</summary>
    public bool IsAtEnd(int count) => IsBroken || Block == count;

    /// <summary>Marks it as broken.</summary>
    public void Break() => IsBroken = true;

    /// <summary>Takes on a state.</summary>
    public void Set(int block, int place, int table, int k) => (Block, Place, Table, K) = (block, place, table, k);

    /// <summary>Takes on a state.</summary>
    public void Set(ref JpegBlock block, int place, int table, int k) =>
        Set((int)(Unsafe.ByteOffset(ref Blocks[0], ref block) / Unsafe.SizeOf<JpegBlock>()), place, table, k);

    /// <summary>Finds a block that another lane has found too, the same one of a unit; from there on the two are the same.</summary>
    /// <param name="other">The other lane.</param>
    /// <param name="from">The bit where that one began.</param>
    /// <param name="blocksOfUnit">How many blocks a unit has.</param>
    /// <param name="count">How many blocks there are; the other lane must have the end of the last one.</param>
    /// <param name="block">The block.</param>
    /// <param name="otherBlock">The same one there.</param>
    public bool TryMeet(JpegBlockLane other, int from, int blocksOfUnit, int count, out int block, out int otherBlock)
    {
        int end = Block;
        for (block = 0; block < end;)
        {
            int middle = (block + end) / 2;
            (block, end) = Blocks[middle].Place < from ? (middle + 1, end) : (block, middle);
        }

        otherBlock = other._life;
        while (block <= Block && otherBlock <= other.Block)
        {
            int difference = Blocks[block].Place - other.Blocks[otherBlock].Place;
            if (difference == 0 && (block - otherBlock) % blocksOfUnit == 0 && otherBlock + count - block <= other.Block)
            {
                return true;
            }

            block += difference <= 0 ? 1 : 0;
            otherBlock += difference >= 0 ? 1 : 0;
        }

        return false;
    }

    private void Live(int place, int block)
    {
        (Place, Block, Table, K, IsBroken, _life) = (place, block, 0, 0, false, block);
        Blocks[block].Place = place;
    }
}
