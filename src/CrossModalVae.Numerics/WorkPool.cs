namespace CrossModalVae.Numerics;

/// <summary>Work buffers that threads borrow and give back; as many are made as are in use at once.</summary>
internal sealed class WorkPool<T>(Func<T> make)
    where T : class
{
    private readonly Stack<T> _idle = new();
    private readonly Lock _lock = new();

    public T Rent()
    {
        lock (_lock)
        {
            if (_idle.TryPop(out T? item))
            {
                return item;
            }
        }

        return make();
    }

    public void Return(T item)
    {
        lock (_lock)
        {
            _idle.Push(item);
        }
    }
}
