using CrossModalVae.Cli.Terminal;

namespace CrossModalVae.Cli.Tests;

public class ProgressBarTests
{
    [Fact]
    public void Report_OnTerminal_RewritesOneLine()
    {
        using var error = new StringWriter();

        using (var bar = new ProgressBar("work", 4, error, () => 80))
        {
            for (int i = 1; i <= 4; i++)
            {
                bar.Report(i);
            }
        }

        string text = error.ToString();
        Assert.StartsWith("\rwork [#######.......................] 1/4 ", text, StringComparison.Ordinal);
        Assert.Contains("\rwork [##############################] 4/4 ", text, StringComparison.Ordinal);
        Assert.Equal(1, text.Count(c => c == '\n'));
    }

    [Fact]
    public void Line_OnTerminal_LeavesTheBarBelow()
    {
        using var error = new StringWriter();
        using var bar = new ProgressBar("epochs", 2, error, () => 80);

        bar.Line(1, "epoch 1/2: loss 3");

        Assert.Matches(@"^epoch 1/2: loss 3\r?\n\repochs \[#{15}\.{15}\] 1/2 ", error.ToString());
    }

    [Fact]
    public void Line_WithoutAValue_LeavesTheBarAsItWas()
    {
        using var error = new StringWriter();
        using var bar = new ProgressBar("checking", 2, error, () => 80);

        bar.Report(1);
        bar.Line("cmvae: a fault");

        string[] drawn = error.ToString().Split('\r', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(string.IsNullOrWhiteSpace(drawn[1])); // the bar is removed first
        Assert.StartsWith("cmvae: a fault", drawn[2], StringComparison.Ordinal);
        Assert.StartsWith("checking [###############...............] 1/2 ", drawn[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Report_Elsewhere_IsALineEveryTenth()
    {
        using var error = new StringWriter();
        using var bar = new ProgressBar("work", 100, error, columns: null);

        for (int i = 1; i <= 100; i++)
        {
            bar.Report(i);
        }

        string[] lines = error.ToString().ReplaceLineEndings("\n").TrimEnd().Split('\n');
        Assert.Equal(11, lines.Length);
        Assert.Equal("work: 1/100", lines[0]);
        Assert.Equal("work: 100/100", lines[^1]);
    }

    [Theory]
    [InlineData(200, "\rwork [###############...............] 1/2 ")]
    [InlineData(40, "\rwork [########........] 1/2 ")]
    [InlineData(20, "\rwork 1/2 ")]
    [InlineData(6, "\rwork ")]
    public void Report_OnTerminal_StaysInOneRow(int columns, string start)
    {
        using var error = new StringWriter();
        using var bar = new ProgressBar("work", 2, error, () => columns);

        bar.Report(1);
        string[] rows = error.ToString().Split('\r', StringSplitOptions.RemoveEmptyEntries);

        Assert.StartsWith(start[..Math.Min(start.Length, columns)], error.ToString(), StringComparison.Ordinal);
        Assert.All(rows, row => Assert.InRange(row.TrimEnd().Length, 1, columns - 1));
    }

    [Fact]
    public void Line_InColour_IsColouredAboveTheBar()
    {
        using var inner = new StringWriter();
        using var error = StatusWriter.For(inner, isTerminal: true, hasColour: true, patience: null);
        using var bar = new ProgressBar("checking", 2, error, () => 80);

        bar.Report(1);
        bar.Line("warning: Clip 'a/1' is left out");

        Assert.Contains("\r\e[33mwarning:\e[0m Clip 'a/1' is left out", inner.ToString(), StringComparison.Ordinal);
    }
}
