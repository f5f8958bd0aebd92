using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;

namespace CrossModalVae.Cli.Tests;

/// <summary>The program's own streams: colour on a terminal only, and what is being done where it takes long.</summary>
public partial class StatusWriterTests
{
    private const string KeypadMode = "\e[?1h\e="; // .NET sets it on every terminal, and no colour

    [Theory]
    [InlineData("xterm", null, false, true)]
    [InlineData("xterm", "", false, true)]
    [InlineData("xterm", "1", false, false)]
    [InlineData("xterm", "0", false, false)]
    [InlineData("dumb", null, false, false)]
    [InlineData(null, null, false, false)]
    [InlineData("xterm", null, true, false)]
    public void WantsColour_OnATerminalThatIsNotDumbUnlessNoColorIsSet(string? term, string? noColour, bool isRedirected, bool expected) =>
        Assert.Equal(
            expected, StatusWriter.WantsColour(isRedirected, name => name == "TERM" ? term : name == "NO_COLOR" ? noColour : null));

    [Theory]
    [InlineData("cmvae: no such file", "\e[31mcmvae:\e[0m no such file")]
    [InlineData("cmvae: stopped before the end; run it again.", "\e[33mcmvae:\e[0m stopped before the end; run it again.")]
    [InlineData("warning: few people", "\e[33mwarning:\e[0m few people")]
    [InlineData("wrote a.json", "\e[32mwrote\e[0m a.json")]
    [InlineData("{\"note: \":1}", "{\"note: \":1}")]
    [InlineData("plain", "plain")]
    public void WriteLine_InColour_ColoursTheWordThatSaysWhatTheLineIs(string line, string expected)
    {
        using var inner = new StringWriter();
        using var writer = StatusWriter.For(inner, isTerminal: true, hasColour: true, patience: null);

        writer.WriteLine(line);

        Assert.Equal(expected + Environment.NewLine, inner.ToString());
    }

    [Fact]
    public async Task Say_OnATerminal_ShowsTheStageInALineThatTheNextWriteRemoves()
    {
        using var inner = new StringWriter();
        using (var writer = StatusWriter.For(TextWriter.Synchronized(inner), isTerminal: true, hasColour: false, TimeSpan.Zero))
        {
            StatusWriter.Say(writer, "counting");
            await Until(() => inner.ToString().Contains("\rcounting, 0 s", StringComparison.Ordinal));
            writer.WriteLine("done");
        }

        string[] drawn = inner.ToString().Split('\r');
        Assert.Equal("done" + Environment.NewLine, drawn[^1]);
        Assert.True(string.IsNullOrWhiteSpace(drawn[^2]));
    }

    [Fact]
    public async Task Say_ElsewhereOrUnderABar_SaysItOnceOrNotAtAll()
    {
        using var inner = new StringWriter();
        using (var writer = StatusWriter.For(TextWriter.Synchronized(inner), isTerminal: false, hasColour: false, TimeSpan.Zero))
        {
            StatusWriter.Say(writer, "counting");
            await Until(() => inner.ToString().Length > 0);
            await Task.Delay(600);
            writer.Write("bar [##");
            StatusWriter.Say(writer, "under the bar");
            await Task.Delay(600);
        }

        Assert.Equal($"counting{Environment.NewLine}bar [##", inner.ToString());
    }

    // A real terminal, made by 'script' (util-linux).
    [SkippableTheory]
    [InlineData("xterm", null, true)]
    [InlineData("xterm", "1", false)]
    [InlineData("dumb", null, false)]
    public async Task Program_OnATerminal_ColoursProseButNeverJson(string term, string? noColour, bool expected)
    {
        Tool.Require(File.Exists("/usr/bin/script"), "script");
        using var folder = new TemporaryFolder();
        Rank.WriteRows(folder["e"]);

        string text = await OnTerminal($"rank --embeddings {folder["e"]} --query p0/c0 --k 2 --out {folder["r.json"]}");
        string fault = await OnTerminal("rank --emb x");
        string json = await OnTerminal($"rank --embeddings {folder["e"]} --query p0/c0 --k 2 --json 2> /dev/null");

        Assert.Equal((expected, expected), (Colour().IsMatch(text), Colour().IsMatch(fault)));
        Assert.NotNull(JsonNode.Parse(json.Replace(KeypadMode, "", StringComparison.Ordinal)));

        async Task<string> OnTerminal(string line)
        {
            var start = new ProcessStartInfo(
                "/usr/bin/script", ["-qec", $"dotnet {typeof(CommandLine).Assembly.Location} {line}", "/dev/null"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            start.Environment["TERM"] = term;
            start.Environment.Remove("NO_COLOR");
            if (noColour is not null)
            {
                start.Environment["NO_COLOR"] = noColour;
            }

            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return output;
        }
    }

    private static async Task Until(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition() && watch.Elapsed < TimeSpan.FromSeconds(30))
        {
            await Task.Delay(20);
        }
    }

    [GeneratedRegex("\e\\[[0-9;]*m")]
    private static partial Regex Colour();

    private static class Rank
    {
        internal static void WriteRows(string folder)
        {
            EmbeddingRow[] rows =
            [
                .. from person in Enumerable.Range(0, 3)
                   from kind in new[] { Modality.Voice, Modality.Face }
                   select new EmbeddingRow { Identity = $"p{person}", Clip = "c0", Modality = kind, Split = CorpusSplit.Test },
            ];
            EmbeddingFile.Write(folder, new EmbeddingSet([.. rows.SelectMany((_, i) => new[] { 1f, i + 1, i % 3 })], 3, rows));
        }
    }
}
