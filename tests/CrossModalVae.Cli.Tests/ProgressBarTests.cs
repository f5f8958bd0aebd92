using CrossModalVae.Cli.Terminal;

namespace CrossModalVae.Cli.Tests;

public class ProgressBarTests
{
    [Fact]
    public void Report_OnTerminal_RewritesOneLine()
    {
        using var error = new StringWriter();

        using (var bar = new ProgressBar("work", 4, error, rewrites: true))
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
        using var bar = new ProgressBar("epochs", 2, error, rewrites: true);

        bar.Line(1, "epoch 1/2: loss 3");

        Assert.Matches(@"^\repoch 1/2: loss 3\r?\n\repochs \[#{15}\.{15}\] 1/2 ", error.ToString());
    }

    [Fact]
    public void Line_WithoutAValue_LeavesTheBarAsItWas()
    {
        using var error = new StringWriter();
        using var bar = new ProgressBar("checking", 2, error, rewrites: true);

        bar.Report(1);
        bar.Line("cmvae: a fault");

        string[] drawn = error.ToString().Split('\r', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("cmvae: a fault", drawn[1], StringComparison.Ordinal);
        Assert.StartsWith("checking [###############...............] 1/2 ", drawn[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Report_Elsewhere_IsALineEveryTenth()
    {
        using var error = new StringWriter();
        using var bar = new ProgressBar("work", 100, error, rewrites: false);

        for (int i = 1; i <= 100; i++)
        {
            bar.Report(i);
        }

        string[] lines = error.ToString().ReplaceLineEndings("\n").TrimEnd().Split('\n');
        Assert.Equal(11, lines.Length);
        Assert.Equal("work: 1/100", lines[0]);
        Assert.Equal("work: 100/100", lines[^1]);
    }
}
