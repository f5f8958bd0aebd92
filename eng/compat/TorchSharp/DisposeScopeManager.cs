using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The dispose scopes of one thread.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? _threadSingleton;

    private DisposeScopeManager()
    {
    }

    public static ThreadDisposeScopeStatistics Statistics => ThreadSingleton.StatisticsInstance;

    internal static DisposeScopeManager ThreadSingleton => _threadSingleton ??= new DisposeScopeManager();

    internal ThreadDisposeScopeStatistics StatisticsInstance { get; } = new();

    internal DisposeScope? CurrentDisposeScope { get; private set; }

    internal DisposeScope NewDisposeScope() => CurrentDisposeScope = new DisposeScope(this);

    internal DisposeScope? Register(Tensor tensor)
    {
        if (CurrentDisposeScope is null)
        {
            StatisticsInstance.CreatedOutsideScopeCount++;
            return null;
        }

        StatisticsInstance.CreatedInScopeCount++;
        CurrentDisposeScope.Disposables.Add(tensor);
        return CurrentDisposeScope;
    }

    internal void Disposing(Tensor tensor)
    {
        if (tensor.OwningDisposeScope is null) StatisticsInstance.DisposedOutsideScopeCount++;
        else StatisticsInstance.DisposedInScopeCount++;
    }

    internal void RemoveDisposeScope(DisposeScope disposed)
    {
        if (ReferenceEquals(CurrentDisposeScope, disposed))
        {
            CurrentDisposeScope = disposed.OuterScope;
            return;
        }

        for (var scope = CurrentDisposeScope; scope is not null; scope = scope.OuterScope)
        {
            if (!ReferenceEquals(scope.OuterScope, disposed)) continue;
            scope.OuterScope = disposed.OuterScope;
            return;
        }
    }
}
