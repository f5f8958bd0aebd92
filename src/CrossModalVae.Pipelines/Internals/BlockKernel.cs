namespace CrossModalVae.Pipelines.Internals;

/// <summary>
/// What a step computes: it reads rows of the input into slots, then computes all of them at once. One kernel serves one cursor.
/// </summary>
internal abstract class BlockKernel : IDisposable
{
    /// <summary>Reads the input's current row.</summary>
    /// <param name="slot">Zero-based, below the capacity the kernel was made with.</param>
    public abstract void Read(int slot);

    /// <summary>
    /// Computes the outputs of slots first .. first + count - 1. Where the transformer has several blocks in flight, other threads compute
    /// or read other blocks at that time.
    /// </summary>
    /// <param name="first">A block's first slot.</param>
    /// <param name="count">Rows read, at least 1.</param>
    public abstract void Compute(int first, int count);

    /// <summary>The values of one output.</summary>
    /// <param name="index">Zero-based, in the order of the transformer's outputs.</param>
    public abstract BlockColumn Output(int index);

    /// <summary>Releases native memory where there is any.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases native memory where there is any.</summary>
    protected virtual void Release()
    {
    }
}
