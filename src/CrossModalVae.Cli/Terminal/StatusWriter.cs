using System.Diagnostics;
using System.Text;

namespace CrossModalVae.Cli.Terminal;

/// <summary>
/// A stream of the program's own: it knows whether people see it on a terminal, colours lines there by what they begin with, and, on the
/// error stream, says what is being done where nothing else has been said for a while: a line that is rewritten on a terminal, a plain line
/// now and then elsewhere.
/// </summary>
internal sealed class StatusWriter : TextWriter
{
    private const int UnknownColumns = 80;
    private const int NarrowestText = 40;
    private const int WidestText = 140;

    // A line's first word, what follows it, and the word's colour.
    private static readonly (string Word, string Next, string Colour)[] Colours =
    [
        ("cmvae:", " stopped", "33"), // yellow: what was asked for, no fault
        ("cmvae:", " ", "31"), // red
        ("warning:", " ", "33"), // yellow
        ("note:", " ", "36"), // cyan
        ("  note:", " ", "36"),
        ("wrote", " ", "32"), // green
    ];

    private readonly TextWriter _inner;
    private readonly TimeSpan _patience;
    private readonly Lock _gate = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Timer? _timer;
    private string? _stage;
    private TimeSpan _stageStart;
    private TimeSpan _last;
    private TimeSpan _repeat;
    private int _shown;
    private bool _isAtLineStart = true;

    private StatusWriter(TextWriter inner, bool isTerminal, bool hasColour, TimeSpan? patience)
    {
        (_inner, IsTerminal, HasColour, _patience) = (inner, isTerminal, hasColour, patience ?? TimeSpan.Zero);
        if (patience is not null)
        {
            _timer = new Timer(_ => Tick(), null, TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(250));
        }
    }

    /// <summary>Whether it is a terminal on which a line can be rewritten.</summary>
    internal bool IsTerminal { get; }

    /// <summary>Whether lines are coloured.</summary>
    internal bool HasColour { get; }

    /// <summary>What it writes to.</summary>
    internal TextWriter Inner => _inner;

    /// <inheritdoc/>
    public override Encoding Encoding => _inner.Encoding;

    /// <summary>A result stream, stdout.</summary>
    internal static StatusWriter ForOutput(TextWriter writer) => new(
        writer,
        ReferenceEquals(writer, Console.Out) && IsSmart(Console.IsOutputRedirected),
        ReferenceEquals(writer, Console.Out) && WantsColour(Console.IsOutputRedirected, Environment.GetEnvironmentVariable),
        patience: null);

    /// <summary>The stream of progress and prose, stderr; it shows stages after some silence.</summary>
    internal static StatusWriter ForError(TextWriter writer, TimeSpan? patience = null)
    {
        bool own = ReferenceEquals(writer, Console.Error), isTerminal = own && IsSmart(Console.IsErrorRedirected);
        return new StatusWriter(
            writer,
            isTerminal,
            own && WantsColour(Console.IsErrorRedirected, Environment.GetEnvironmentVariable),
            patience ?? (own ? TimeSpan.FromSeconds(isTerminal ? 1 : 5) : null));
    }

    /// <summary>A stream of stated abilities, for tests.</summary>
    internal static StatusWriter For(TextWriter writer, bool isTerminal, bool hasColour, TimeSpan? patience) =>
        new(writer, isTerminal, hasColour, patience);

    /// <summary>
    /// Whether a stream is coloured: on a terminal that is not dumb, unless NO_COLOR is set to anything (no-color.org).
    /// </summary>
    internal static bool WantsColour(bool isRedirected, Func<string, string?> variable) =>
        !isRedirected && string.IsNullOrEmpty(variable("NO_COLOR")) && variable("TERM") is not ("dumb" or "" or null);

    /// <summary>The columns of a terminal; null elsewhere.</summary>
    internal static int? ColumnsOf(TextWriter writer) =>
        writer is StatusWriter { IsTerminal: true } ? (Console.WindowWidth is > 0 and int columns ? columns : UnknownColumns) : null;

    /// <summary>The columns for text and tables on a terminal; null elsewhere.</summary>
    internal static int? WidthOf(TextWriter writer) =>
        ColumnsOf(writer) is int columns ? Math.Clamp(columns, NarrowestText, WidestText) : null;

    /// <summary>Names what is being done now, where the stream shows stages.</summary>
    internal static void Say(TextWriter writer, string? stage)
    {
        if (writer is StatusWriter status)
        {
            status.Say(stage);
        }
    }

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            lock (_gate)
            {
                Clear();
                _inner.Write(value);
                _last = _watch.Elapsed;
                _isAtLineStart = value[^1] == '\n';
            }
        }
    }

    /// <inheritdoc/>
    public override void WriteLine() => Write(Environment.NewLine);

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write(Coloured(value ?? "") + Environment.NewLine);

    /// <inheritdoc/>
    public override void Flush() => _inner.Flush();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _timer?.Dispose();
            lock (_gate)
            {
                _stage = null;
                Clear();
                _inner.Flush(); // stays open: it belongs to the caller
            }
        }

        base.Dispose(disposing);
    }

    private static bool IsSmart(bool isRedirected) => !isRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    private void Say(string? stage)
    {
        lock (_gate)
        {
            Clear();
            (_stage, _stageStart, _repeat) = (stage, _watch.Elapsed, TimeSpan.Zero);
        }
    }

    // A line that begins with one of the words of Colours, its first word alone coloured.
    private string Coloured(string line)
    {
        if (!HasColour)
        {
            return line;
        }

        foreach ((string word, string next, string colour) in Colours)
        {
            if (line.StartsWith(word + next, StringComparison.Ordinal))
            {
                return $"\e[{colour}m{word}\e[0m{line[word.Length..]}";
            }
        }

        return line;
    }

    /// <summary>A line that a terminal of so many columns shows in one row: a longer one could not be rewritten.</summary>
    internal static string Cut(string line, int columns) => line.Length < columns ? line : line[..Math.Max(0, columns - 1)];

    private void Tick()
    {
        lock (_gate)
        {
            // An open line belongs to a progress bar.
            if (_stage is null || !_isAtLineStart || _watch.Elapsed - _last < _patience || _watch.Elapsed - _stageStart < _patience)
            {
                return;
            }

            double seconds = (_watch.Elapsed - _stageStart).TotalSeconds;
            if (IsTerminal)
            {
                string line = Cut(Invariant($"{_stage}, {seconds:0} s"), ColumnsOf(this) ?? UnknownColumns);
                _inner.Write($"\r{line}{new string(' ', Math.Max(0, _shown - line.Length))}");
                _inner.Flush();
                _shown = line.Length;
            }
            else if (_watch.Elapsed - _stageStart >= _repeat)
            {
                _inner.WriteLine(_repeat == TimeSpan.Zero ? _stage : Invariant($"{_stage}, {seconds:0} s"));
                _inner.Flush();
                _repeat = _watch.Elapsed - _stageStart + TimeSpan.FromSeconds(30);
            }
        }
    }

    private void Clear()
    {
        if (_shown > 0)
        {
            _inner.Write($"\r{new string(' ', _shown)}\r");
            _shown = 0;
        }
    }
}
