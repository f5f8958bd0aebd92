namespace CrossModalVae.Pipelines.Internals;

/// <summary>
/// What a step computes: it reads rows of the input into slots, then computes all of them at once. One kernel serves one cursor.
/// </summary>
internal abstract class BlockKernel : IDisposable
{
    /// <summary>Reads the input's current row into a slot below the kernel's capacity.</summary>
    public abstract void Read(int slot);

    /// <summary>
    /// Computes the outputs of a block's slots first .. first + count - 1, at least one. Where the transformer has several blocks in
    /// flight, other threads compute or read other blocks at that time.
    /// </summary>
    public abstract void Compute(int first, int count);

    /// <summary>The values of one output, in the order of the transformer's outputs.</summary>
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

/// <summary>A kernel that reads one vector column, NaN where a vector is missing.</summary>
internal abstract class VectorKernel(DataViewRow input, string column, int dimension, int capacity) : BlockKernel
{
    private readonly ValueGetter<VBuffer<float>> _getter = input.GetGetter<VBuffer<float>>(input.Schema[column]);
    private VBuffer<float> _buffer;

    /// <summary>The vectors read, [capacity, dimension].</summary>
    protected VectorColumn<float> Vectors { get; } = new(capacity, dimension);

    public sealed override void Read(int slot)
    {
        _getter(ref _buffer);
        _buffer.CopyTo(Vectors.Row(slot));
    }

    /// <summary>The vectors of some slots in one array, [slots, dimension].</summary>
    protected float[] Gather(IReadOnlyList<int> slots)
    {
        var values = new float[slots.Count * dimension];
        for (int i = 0; i < slots.Count; i++)
        {
            Vectors.Row(slots[i]).CopyTo(values.AsSpan(i * dimension));
        }

        return values;
    }
}

/// <summary>
/// A kernel of a fitted step: a missing vector has no result, a vector that equals a fitted row has that row's, and all others of a block
/// are computed together.
/// </summary>
internal abstract class FittedKernel(FittedRows rows, DataViewRow input, string column, int capacity)
    : VectorKernel(input, column, rows.Dimension, capacity)
{
    public sealed override void Compute(int first, int count)
    {
        var unknown = new List<int>();
        for (int slot = first; slot < first + count; slot++)
        {
            if (JointPosterior.IsMissing(Vectors.Row(slot)))
            {
                SetMissing(slot);
            }
            else if (rows.Find(Vectors.Row(slot)) is int row)
            {
                SetFitted(slot, row);
            }
            else
            {
                unknown.Add(slot);
            }
        }

        if (unknown.Count > 0)
        {
            SetUnknown(unknown, Gather(unknown));
        }
    }

    protected abstract void SetMissing(int slot);

    protected abstract void SetFitted(int slot, int row);

    protected abstract void SetUnknown(IReadOnlyList<int> slots, float[] vectors);
}
