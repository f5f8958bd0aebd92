using Spectre.Console;
using Spectre.Console.Rendering;

namespace CrossModalVae.Cli.Terminal;

/// <summary>Prints tables to any writer: with the terminal's width and colours where it is one, plain and wide elsewhere.</summary>
internal static class Tables
{
    private const int PlainWidth = 160;

    /// <summary>A table whose first columns are text and whose others are right-aligned numbers.</summary>
    internal static Table Start(string[] text, params IEnumerable<string> numbers)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (string column in text)
        {
            table.AddColumn(new TableColumn(Heading(column)).NoWrap());
        }

        foreach (string column in numbers)
        {
            table.AddColumn(new TableColumn(Heading(column)).RightAligned());
        }

        return table;
    }

    /// <summary>Adds a row of plain text, not of Spectre's markup.</summary>
    internal static void Row(this Table table, params IEnumerable<string> cells) => table.AddRow([.. cells.Select(Markup.Escape)]);

    /// <summary>Prints a table, or keeps it where the writer keeps what is printed for a page.</summary>
    internal static void Write(TextWriter writer, Table table)
    {
        if (writer is PageWriter page)
        {
            page.Add(table);
            return;
        }

        var status = writer as StatusWriter;
        bool hasColour = status is { HasColour: true };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = hasColour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = hasColour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(status?.Inner ?? writer),
        });
        console.Profile.Width = StatusWriter.WidthOf(writer) ?? PlainWidth;
        Fit(table, console);
        console.Write(table);
    }

    /// <summary>
    /// Gives the columns of a table that is too wide for its terminal widths in which no word or number is broken; where even these do not
    /// fit, the terminal breaks the lines.
    /// </summary>
    internal static void Fit(Table table, IAnsiConsole console)
    {
        const int Unbounded = 10_000;
        var options = RenderOptions.Create(console);
        Measurement[] columns = [.. table.Columns.Select(Widest)];
        int frame = ((IRenderable)table).Measure(options, Unbounded).Max - columns.Sum(column => column.Max);
        int room = console.Profile.Width - frame;
        if (columns.Sum(column => column.Max) <= room)
        {
            return;
        }

        if (columns.Sum(column => column.Min) > room)
        {
            foreach (TableColumn column in table.Columns)
            {
                column.NoWrap = false;
            }

            columns = [.. table.Columns.Select(Widest)];
        }

        int[] widths = [.. columns.Select(column => column.Min)];
        for (int before = 0, sum; (sum = widths.Sum()) < room && sum > before;)
        {
            before = sum;
            for (int i = 0; i < widths.Length && widths.Sum() < room; i++)
            {
                widths[i] = Math.Min(widths[i] + 1, columns[i].Max);
            }
        }

        for (int i = 0; i < widths.Length; i++)
        {
            table.Columns[i].Width = widths[i];
        }

        console.Profile.Width = Math.Max(console.Profile.Width, frame + widths.Sum());

        Measurement Widest(TableColumn column, int index)
        {
            Measurement[] cells =
            [
                column.Header.Measure(options, Unbounded),
                .. table.Rows.Select(row => row.ElementAtOrDefault(index)?.Measure(options, Unbounded) ?? new Measurement(0, 0)),
            ];
            int most = cells.Max(cell => cell.Max);
            return new Measurement(column.NoWrap ? most : cells.Max(cell => cell.Min), most);
        }
    }

    /// <summary>A column's name; bold where the terminal can.</summary>
    internal static string Heading(string text) => text.Length == 0 ? "" : $"[bold]{Markup.Escape(text)}[/]";

    /// <summary>A metric with three decimals, "-" where it is not defined.</summary>
    internal static string Metric(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";

    internal static string Percent(double value) => value.ToString("0.0%", CultureInfo.InvariantCulture);

    internal static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
