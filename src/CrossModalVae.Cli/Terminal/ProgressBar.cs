using System.Diagnostics;

namespace CrossModalVae.Cli.Terminal;

/// <summary>
/// Shows the progress of long work on the error stream: a line that is rewritten on a terminal, a plain line every ten percent elsewhere.
/// </summary>
internal sealed class ProgressBar(string title, int total, TextWriter error, bool rewrites) : IProgress<int>, IDisposable
{
    private const int Width = 30;

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private int _lastTenth = -1;
    private TimeSpan? _lastDrawn;
    private int _shown;
    private int _value;
    private bool _open;

    internal static ProgressBar Start(string title, int total, TextWriter error) =>
        new(title, total, error, error is StatusWriter { IsTerminal: true });

    /// <summary>Prints a line of its own, above the bar where there is one.</summary>
    internal void Line(int value, string text)
    {
        lock (_gate)
        {
            error.WriteLine(rewrites ? $"\r{text}{new string(' ', Math.Max(0, _shown - text.Length))}" : text);
            _shown = 0;
            if (rewrites)
            {
                Draw(value);
            }
        }
    }

    /// <summary>Prints a line of its own and leaves the bar as it was.</summary>
    internal void Line(string text)
    {
        lock (_gate)
        {
            Line(_value, text);
        }
    }

    /// <summary>Sets how much is done.</summary>
    public void Report(int value)
    {
        lock (_gate)
        {
            _value = value;
            bool last = value >= total;
            if (rewrites)
            {
                if (!last && _lastDrawn is TimeSpan drawn && _watch.Elapsed - drawn < TimeSpan.FromMilliseconds(100))
                {
                    return;
                }

                Draw(value);
            }
            else if (total > 0 && (int)((long)value * 10 / total) is int tenth && tenth > _lastTenth)
            {
                _lastTenth = tenth;
                error.WriteLine($"{title}: {value}/{total}");
            }
        }
    }

    public void Dispose()
    {
        if (_open)
        {
            error.WriteLine();
        }
    }

    private void Draw(int value)
    {
        _lastDrawn = _watch.Elapsed;
        int filled = total == 0 ? Width : (int)((long)value * Width / total);
        string bar = $"{title} [{new string('#', filled)}{new string('.', Width - filled)}] {value}/{total} {Rest(value)}";
        error.Write($"\r{bar}{new string(' ', Math.Max(0, _shown - bar.Length))}");
        _shown = bar.Length;
        _open = true;
    }

    private string Rest(int value)
    {
        if (value <= 0 || value >= total)
        {
            return Invariant($"{_watch.Elapsed.TotalSeconds:0} s");
        }

        double seconds = _watch.Elapsed.TotalSeconds / value * (total - value);
        return Invariant($"{seconds:0} s left");
    }
}

/// <summary>Reports to an action at once, on the caller's thread.</summary>
internal sealed class Relay<T>(Action<T> action) : IProgress<T>
{
    public void Report(T value) => action(value);
}
