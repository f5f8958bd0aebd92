namespace CrossModalVae.Pipelines.Internals;

/// <summary>Where in its block a cursor stands; getters share it.</summary>
internal sealed class BlockPosition
{
    private int _slot = -1;

    /// <summary>The zero-based row of the block.</summary>
    /// <exception cref="InvalidOperationException">The cursor stands at no row.</exception>
    public int Slot
    {
        get => _slot >= 0
            ? _slot
            : throw new InvalidOperationException("The cursor is not at a row; call MoveNext first and stop where it is false.");
        set => _slot = value;
    }

    /// <summary>Whether the cursor stands at a row.</summary>
    public bool IsAtRow => _slot >= 0;

    /// <summary>Leaves the rows.</summary>
    public void Clear() => _slot = -1;
}
