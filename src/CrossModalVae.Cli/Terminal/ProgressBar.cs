using System.Diagnostics;

namespace CrossModalVae.Cli.Terminal;

/// <summary>
/// Shows the progress of long work on the error stream: a line that is rewritten on a terminal, a plain line every ten percent elsewhere.
/// </summary>
/// <param name="title">What is being done.</param>
/// <param name="total">How much there is to do.</param>
/// <param name="error">The error stream.</param>
/// <param name="columns">The columns of its terminal, which may change; null where it is none.</param>
internal sealed class ProgressBar(string title, int total, TextWriter error, Func<int>? columns) : IProgress<int>, IDisposable
{
    private const int Width = 30;
    private const int LeastWidth = 5;
    private const string LongestRest = "9999 s left"; // reserved, so that the bar keeps its length

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private int _lastTenth = -1;
    private TimeSpan? _lastDrawn;
    private int _shown;
    private int _value;
    private bool _open;

    internal static ProgressBar Start(string title, int total, TextWriter error) =>
        new(title, total, error, StatusWriter.ColumnsOf(error) is int first ? () => StatusWriter.ColumnsOf(error) ?? first : null);

    /// <summary>Prints a line of its own, above the bar where there is one.</summary>
    internal void Line(int value, string text)
    {
        lock (_gate)
        {
            if (_shown > 0)
            {
                error.Write($"\r{new string(' ', _shown)}\r");
                _shown = 0;
            }

            error.WriteLine(text); // a line of its own, so that it is coloured as others are
            if (columns is not null)
            {
                Draw(value, columns());
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
            if (columns is not null)
            {
                if (!last && _lastDrawn is TimeSpan drawn && _watch.Elapsed - drawn < TimeSpan.FromMilliseconds(100))
                {
                    return;
                }

                Draw(value, columns());
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

    // At most one row of the terminal: a longer line could not be rewritten. The bar gives way first.
    private void Draw(int value, int width)
    {
        _lastDrawn = _watch.Elapsed;
        string count = $"{value}/{total} {Rest(value)}";
        int room = Math.Min(Width, width - 1 - title.Length - $" [] {total}/{total} {LongestRest}".Length);
        int filled = total == 0 ? room : (int)((long)value * room / total);
        string bar = StatusWriter.Cut(
            room < LeastWidth ? $"{title} {count}" : $"{title} [{new string('#', filled)}{new string('.', room - filled)}] {count}", width);
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
