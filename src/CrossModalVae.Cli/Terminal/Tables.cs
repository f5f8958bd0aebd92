using Spectre.Console;

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

    internal static void Write(TextWriter writer, Table table)
    {
        var status = writer as StatusWriter;
        bool hasColour = status is { HasColour: true };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = hasColour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = hasColour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(status?.Inner ?? writer),
        });
        if (StatusWriter.WidthOf(writer) is null)
        {
            console.Profile.Width = PlainWidth;
        }

        console.Write(table);
    }

    /// <summary>A column's name; bold where the terminal can.</summary>
    internal static string Heading(string text) => text.Length == 0 ? "" : $"[bold]{Markup.Escape(text)}[/]";

    /// <summary>A metric with three decimals, "-" where it is not defined.</summary>
    internal static string Metric(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";

    internal static string Percent(double value) => value.ToString("0.0%", CultureInfo.InvariantCulture);

    internal static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
