using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CrossModalVae.Cli.Terminal;

/// <summary>
/// Keeps the sentences and tables that the verbs print as items of a page, so that a report and a terminal say the same. Lines of prose are
/// items of their own; those that begin with "note: " or "warning: " are marked so.
/// </summary>
internal sealed class PageWriter : TextWriter
{
    private const int Unbounded = 10_000;

    private static readonly string[] Marked = ["note", "warning"];

    private static readonly IAnsiConsole Plain = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.No,
        ColorSystem = ColorSystemSupport.NoColors,
        Out = new AnsiConsoleOutput(Null),
    });

    private readonly List<PageItem> _items = [];
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>What was written so far.</summary>
    internal IReadOnlyList<PageItem> Items
    {
        get
        {
            EndLine();
            return _items;
        }
    }

    public override void Write(char value)
    {
        if (value == '\n')
        {
            EndLine();
        }
        else if (value != '\r')
        {
            _line.Append(value);
        }
    }

    /// <summary>Keeps a table.</summary>
    internal void Add(Table table)
    {
        EndLine();
        var options = RenderOptions.Create(Plain);
        bool[] isNumber = [.. table.Columns.Select(column => column.Alignment == Justify.Right)];
        _items.Add(new PageItem("table")
        {
            Header = [.. table.Columns.Select((column, i) => new PageCell(Text(column.Header), isNumber[i]))],
            Rows =
            [
                .. table.Rows.Select(row => (IReadOnlyList<PageCell>)[.. row.Select((cell, i) => new PageCell(Text(cell), isNumber[i]))]),
            ],
        });

        string Text(IRenderable cell) =>
            string.Concat(cell.Render(options, Unbounded).Select(segment => segment.IsLineBreak ? " " : segment.Text)).Trim();
    }

    /// <summary>Keeps an item.</summary>
    internal void Add(PageItem item)
    {
        EndLine();
        _items.Add(item);
    }

    private void EndLine()
    {
        string line = _line.ToString().Trim();
        _line.Clear();
        if (line.Length == 0)
        {
            return;
        }

        string kind = Marked.FirstOrDefault(kind => line.StartsWith($"{kind}: ", StringComparison.Ordinal)) ?? "text";
        _items.Add(new PageItem(kind) { Text = kind == "text" ? line : line[(kind.Length + 2)..] });
    }
}

/// <summary>One thing that a page shows; the fields that its kind does not need are empty.</summary>
/// <param name="Kind">text, note, warning, heading, table, picture, code or fold.</param>
internal sealed record PageItem(string Kind)
{
    /// <summary>The sentence, the heading, the caption of a picture, or the code.</summary>
    public string Text { get; init; } = "";

    /// <summary>A picture's data, as a data: address.</summary>
    public string Source { get; init; } = "";

    /// <summary>What of a picture's width the page needs, in pixels.</summary>
    public int Width { get; init; }

    /// <summary>A table's columns.</summary>
    public IReadOnlyList<PageCell> Header { get; init; } = [];

    /// <summary>Whether a column has a name.</summary>
    public bool HasHeader => Header.Any(cell => cell.Text.Length > 0);

    /// <summary>A table's rows, each with a cell for every column.</summary>
    public IReadOnlyList<IReadOnlyList<PageCell>> Rows { get; init; } = [];
}

/// <summary>A cell of a table.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Number">Whether it stands at the right.</param>
internal sealed record PageCell(string Text, bool Number);
