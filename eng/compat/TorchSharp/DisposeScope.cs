using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Owns the tensors made while it is the thread's current scope, and disposes of them with itself.</summary>
public sealed class DisposeScope : IDisposable
{
    private DisposeScopeManager? _manager;

    internal DisposeScope(DisposeScopeManager manager)
    {
        _manager = manager;
        OuterScope = manager.CurrentDisposeScope;
    }

    public int DisposablesCount
    {
        get
        {
            _ = Manager;
            return Disposables.Count;
        }
    }

    internal DisposeScope? OuterScope { get; set; }

    internal HashSet<IDisposable> Disposables { get; private set; } = new(ReferenceEqualityComparer.Instance);

    private DisposeScopeManager Manager => _manager ?? throw new ObjectDisposedException(GetType().FullName);

    public T MoveToOuter<T>(T disposable)
        where T : IDisposable
    {
        MoveToOther(OuterScope, [disposable]);
        return disposable;
    }

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
    {
        MoveToOther(OuterScope, [first, second]);
        return (first, second);
    }

    public bool Contains(IDisposable disposable) => Disposables.Contains(disposable);

    public void Dispose()
    {
        if (_manager is null) return;
        var all = Disposables;
        Disposables = new(ReferenceEqualityComparer.Instance);
        foreach (var disposable in all) disposable.Dispose();
        _manager.RemoveDisposeScope(this);
        _manager = null;
    }

    internal void Detach(IEnumerable<IDisposable> disposables)
    {
        var statistics = Manager.StatisticsInstance;
        foreach (var disposable in disposables)
        {
            if (!Disposables.Remove(disposable)) continue;
            statistics.DetachedFromScopeCount++;
            ((Tensor)disposable).OwningDisposeScope = null;
        }
    }

    internal void MarkAsDisposed(Tensor tensor)
    {
        _ = Manager;
        Disposables.Remove(tensor);
        tensor.OwningDisposeScope = null;
    }

    /// <summary>A parameter takes the place of the tensor it was made from.</summary>
    internal static void Replace(Tensor original, Tensor replacement)
    {
        var scope = original.OwningDisposeScope;
        if (scope is null || !scope.Disposables.Remove(original)) return;
        original.OwningDisposeScope = null;
        AddTo(scope, replacement);
    }

    private static void AddTo(DisposeScope scope, Tensor tensor)
    {
        scope.Disposables.Add(tensor);
        tensor.OwningDisposeScope = scope;
    }

    private void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        _ = Manager;
        if (scope is null)
        {
            Detach(disposables);
            return;
        }

        // What it does not hold stays where it is; only tensors ever get in.
        foreach (var disposable in disposables)
            if (Disposables.Remove(disposable)) AddTo(scope, (Tensor)disposable);
    }
}
