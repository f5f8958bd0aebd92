namespace CrossModalVae.Pipelines.Hosting;

/// <summary>Calls back some time after the last of a series of changes of a file, written in place or renamed into its place.</summary>
internal sealed class FileChanges : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    private readonly FileSystemWatcher _watcher;
    private readonly Timer _timer;
    private readonly Lock _calling = new();

    public FileChanges(string path, Action changed)
    {
        string full = Path.GetFullPath(path);
        _timer = new Timer(_ => Call(changed));
        _watcher = new FileSystemWatcher(Path.GetDirectoryName(full)!, Path.GetFileName(full))
        {
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size,
        };
        _watcher.Changed += Restart;
        _watcher.Created += Restart;
        _watcher.Renamed += Restart;
        _watcher.EnableRaisingEvents = true;
    }

    public void Dispose()
    {
        _watcher.Dispose();
        _timer.Dispose();
    }

    private void Restart(object sender, FileSystemEventArgs change)
    {
        try
        {
            _timer.Change(Quiet, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // an event that came while the watcher ended
        }
    }

    // Two changes more than the quiet time apart may overlap in their callbacks; they run in their order.
    private void Call(Action changed)
    {
        lock (_calling)
        {
            changed();
        }
    }
}
