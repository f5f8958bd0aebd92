using System.Collections.Concurrent;

namespace CrossModalVae.Numerics;

/// <summary>Work buffers that threads borrow and give back; as many are made as are in use at once.</summary>
internal sealed class ObjectPool<T>(Func<T> create)
    where T : class
{
    private readonly ConcurrentBag<T> _idle = [];

    public T Rent() => _idle.TryTake(out T? item) ? item : create();

    public void Return(T item) => _idle.Add(item);
}
