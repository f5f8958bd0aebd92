using System.Diagnostics;
using System.Globalization;

namespace CrossModalVae.Cli.Terminal;

/// <summary>
/// Shows how far long work is, on the error stream: a line that rewrites itself on a terminal, a plain line every ten percent elsewhere.
/// </summary>
internal sealed class ProgressBar(string title, int total, TextWriter error, bool rewrites) : IProgress<int>, IDisposable
{
    private const int Width = 30;

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private int _lastTenth = -1;
    private TimeSpan _lastDrawn = TimeSpan.MinValue;
    private bool _open;

    internal static ProgressBar Start(string title, int total, TextWriter error) =>
        new(title, total, error, ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected);

    /// <summary>Sets how much is done.</summary>
    public void Report(int value)
    {
        lock (_gate)
        {
            bool last = value >= total;
            if (rewrites)
            {
                if (!last && _watch.Elapsed - _lastDrawn < TimeSpan.FromMilliseconds(100))
                {
                    return;
                }

                _lastDrawn = _watch.Elapsed;
                int filled = total == 0 ? Width : (int)((long)value * Width / total);
                error.Write($"\r{title} [{new string('#', filled)}{new string('.', Width - filled)}] {value}/{total} {Rest(value)}   ");
                _open = true;
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

    private string Rest(int value)
    {
        if (value <= 0 || value >= total)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{_watch.Elapsed.TotalSeconds:0} s");
        }

        double seconds = _watch.Elapsed.TotalSeconds / value * (total - value);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s left");
    }
}
