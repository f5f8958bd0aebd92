using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.Diagnostics;
using System.Text.RegularExpressions;
using CrossModalVae.Cli.Verbs;
using CrossModalVae.Cli.Workflows;

namespace CrossModalVae.Cli.Tests;

/// <summary>What shells complete: by the program's answers, and by its script in a real bash.</summary>
public sealed class CompletionTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Where a value is one of some words, all of them are offered and taken; where it is a file or free, none are.</summary>
    [Fact]
    public void Options_OfAllVerbs_OfferTheirWordsAndNothingForFiles()
    {
        foreach (Command verb in Leaves(CommandLine.CreateRoot()))
        {
            foreach (Option option in verb.Options.Where(option => option is not HelpOption && option.ValueType != typeof(bool)))
            {
                string[] words = [.. option.GetCompletions(CompletionContext.Empty).Select(item => item.Label)];
                string what = $"{Verb.PathOf(verb)} {option.Name}: {string.Join(' ', words)}";
                bool hasWords = option is IChoice or INumberOption { Word: not null }
                    || (option is not INumberOption && (option.HelpName?.Contains('|') ?? false));

                if (option.Name == "--recipe")
                {
                    Assert.Equal(ShippedRecipes.Names, words);
                }
                else
                {
                    Assert.True(hasWords == words.Length > 0, what);
                }

                Assert.All(words, word => Assert.True(option is not ICheckedOption checks || checks.Fault(word) is null, what));
                Assert.True(option is not IChoice choice || choice.Words.Order().SequenceEqual(words.Order()), what);
            }
        }
    }

    [Theory]
    [InlineData("pro", "project")]
    [InlineData("project --met", "--method --metric")]
    [InlineData("project --method ", "pca tsne")]
    [InlineData("project --method pca --metric ", "cosine euclidean")]
    [InlineData("train --recipe real-", "real-small")]
    [InlineData("train --device ", "auto cpu cuda:0")]
    [InlineData("embed --device ", "auto cpu cuda:0 tensorrt:0")]
    [InlineData("generate f", "face")]
    [InlineData("train --manifest ", "")]
    [InlineData("train --manifest 'a b' --rec", "--recipe")]
    public async Task Suggest_Line_AnswersWithAWordALine(string line, string expected)
    {
        (int exitCode, string output, string error) = await Cmvae.RunAsync($"[suggest:{line.Length}]", line);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(expected, string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    [Theory]
    [InlineData("bash", "complete -o bashdefault -o default -F _cmvae cmvae")]
    [InlineData("zsh", "#compdef cmvae")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName cmvae")]
    public async Task Completion_OfAShell_PrintsItsScriptAndNothingElse(string shell, string line)
    {
        (int exitCode, string output, string error) = await Cmvae.RunAsync("completion", shell);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains(line, output, StringComparison.Ordinal);
        Assert.DoesNotContain("wrote", output, StringComparison.Ordinal);
    }

    /// <summary>Lines typed on a terminal, with tabs; an interactive bash runs what they become.</summary>
    [SkippableFact]
    [Trait("Category", "Slow")]
    public async Task BashScript_TabsOnATerminal_CompleteVerbsOptionsValuesAndFiles()
    {
        Tool.Require(Tool.Succeeds("bash", "--version") && Tool.Succeeds("script", "--version"), "bash with util-linux's script");
        (string Typed, string Run)[] lines =
        [
            ("cmvae proj\t--meth\tts\t", "project --method tsne"),
            ("cmvae corpus che\t--mani\tsome-m\t", "corpus check --manifest some-manifest.jsonl"),
            ("cmvae train --recipe real-s\t--device cud\t", "train --recipe real-small --device cuda:0"),
            ("cmvae train --recipe fold\town\t", "train --recipe folder/own.json"),
            ("cmvae train --device cuda:\t", "train --device cuda:0"),
            ("cmvae project --method=ts\t--out=some-m\t", "project --method=tsne --out=some-manifest.jsonl"),
            ("cmvae new fold\t", "new folder/"),
        ];
        _folder.Write("some-manifest.jsonl", "");
        _folder.Write("folder/own.json", "");
        (_, string script, _) = await Cmvae.RunAsync("completion", "bash");
        // The program answers completions; what is run is shown instead.
        string bin = Cmvae.OnPath(_folder);
        string begin = _folder.Write(
            "start.sh", $"PATH={bin}:$PATH\n{script}\nbind 'set enable-bracketed-paste off'\nbind 'set bell-style none'\n");
        string program = await File.ReadAllTextAsync(Path.Combine(bin, "cmvae"));
        string show = "[[ $1 == '[suggest'* ]] || { printf 'RUN<%s>\\n' \"$*\"; exit; }";
        await File.WriteAllTextAsync(
            Path.Combine(bin, "cmvae"), program.Replace("\nexec", $"\n{show}\nexec", StringComparison.Ordinal));

        var start = new ProcessStartInfo("script", ["-qec", $"bash --noprofile --rcfile {begin} -i", "/dev/null"])
        {
            WorkingDirectory = _folder.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TERM"] = "dumb";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        foreach ((string typed, _) in lines)
        {
            await process.StandardInput.WriteAsync($"{typed}\n");
        }

        await process.StandardInput.WriteAsync("exit\n");
        await process.StandardInput.FlushAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);

        string said = await output;
        string[] run = [.. Regex.Matches(said, "RUN<(.*?) *>").Select(match => match.Groups[1].Value)];
        Assert.True(lines.Select(line => line.Run).SequenceEqual(run), said);
    }

    private static IEnumerable<Command> Leaves(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);
}
