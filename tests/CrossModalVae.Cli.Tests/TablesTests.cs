using CrossModalVae.Cli.Terminal;
using Spectre.Console;

namespace CrossModalVae.Cli.Tests;

public class TablesTests
{
    private static readonly string[] Headings = ["over trials", "over identities", "noise"];
    private static readonly string[] Cells = ["0.806 [0.791, 0.824]", "408960", "0.1882, no knee"];

    [Theory]
    [InlineData(30)]
    [InlineData(45)]
    [InlineData(60)]
    [InlineData(100)]
    public void Fit_AnyTerminal_BreaksNoWordOrNumber(int columns)
    {
        using var output = new StringWriter();
        Table table = Tables.Start(["system, everybody"], Headings);
        table.Row(["the demo recipe", .. Cells]);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = columns;

        Tables.Fit(table, console);
        console.Write(table);

        string[] lines = output.ToString().Split('\n');
        string[] words = [.. Headings.Concat(Cells).Append("system,").Append("the demo recipe").SelectMany(cell => cell.Split(' '))];
        Assert.All(words, word => Assert.Contains(lines, line => line.Split(' ').Contains(word)));
        Assert.InRange(lines.Max(line => line.TrimEnd().Length), 1, Math.Max(columns, 56));
    }
}
