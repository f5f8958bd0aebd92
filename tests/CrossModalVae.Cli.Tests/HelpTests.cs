using System.CommandLine;
using System.Text.RegularExpressions;
using CrossModalVae.Cli.Verbs;

namespace CrossModalVae.Cli.Tests;

/// <summary>What the help of every command says, found by walking the command tree.</summary>
public class HelpTests
{
    private const int Width = 110;

    public static TheoryData<string> Commands => [.. All(CommandLine.CreateRoot()).Select(Verb.PathOf)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_OfEveryCommand_DescribesEveryOptionAndItsDefaultOnce(string path)
    {
        Command command = Find(path);
        string[] words = path.Split(' ')[1..];

        (int exitCode, string output, string error) = await Cmvae.RunAsync([.. words, "--help"]);
        (_, string byWord, _) = await Cmvae.RunAsync(["help", .. words]);

        Assert.Equal((0, "", output), (exitCode, error, byWord));
        Assert.Contains($"Usage:{Environment.NewLine}  {path} ", output, StringComparison.Ordinal);
        Assert.All(command.Options, option => Assert.Contains(option.Name, output, StringComparison.Ordinal));
        Assert.All(command.Options, option => Assert.Matches(@"\.( May be given more than once\.)?$", option.Description));
        Assert.All(command.Options, option => Assert.True(
            Regex.Count(option.Description!, "[Dd]efault") + (HelpText.Standard(option) is null ? 0 : 1) <= 1,
            $"{option.Name}: its default is said twice"));
        string text = output[..Math.Max(0, output.IndexOf("Examples:", StringComparison.Ordinal) is > 0 and int at ? at : output.Length)];
        Assert.All(text.Split('\n'), line => Assert.True(line.TrimEnd().Length <= Width, line));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_OnANarrowTerminal_StandsInItsColumns(string path)
    {
        const int Narrow = 40;
        using var output = new StringWriter();

        HelpText.Write(Find(path), output, Narrow);

        string text = output.ToString();
        int examples = text.IndexOf("Examples:", StringComparison.Ordinal);
        string[] lines = text[..(examples > 0 ? examples : text.LastIndexOf('\'', text.LastIndexOf('\'') - 1))].Split('\n');
        Assert.All(
            lines.Select(line => line.TrimEnd()).Where(line => line.TrimStart().Contains(' ', StringComparison.Ordinal)),
            line => Assert.True(line.Length <= Narrow || line.StartsWith("  -", StringComparison.Ordinal), line));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Examples_OfEveryVerb_AreCommandLinesThatItTakes(string path)
    {
        if (Find(path) is not Verb { Subcommands.Count: 0 } verb)
        {
            return; // a group
        }

        (_, string output, _) = await Cmvae.RunAsync([.. path.Split(' ')[1..], "--help"]);

        Assert.NotEmpty(verb.Examples);
        foreach ((string what, string line) in verb.Examples)
        {
            Assert.Contains($"  # {what}", output, StringComparison.Ordinal);
            Assert.Contains($"  {line}{Environment.NewLine}", output, StringComparison.Ordinal);
            Assert.StartsWith(path, line, StringComparison.Ordinal);
            Assert.Empty(Faults.Of(CommandLine.Parse(CommandLine.CreateRoot(), [.. Words(line).Skip(1)])));
        }
    }

    [Fact]
    public void Commands_WithoutVerbsBelow_AreVerbs() =>
        Assert.All(All(CommandLine.CreateRoot()).Where(command => command.Subcommands.Count == 0), leaf => Assert.IsType<Verb>(leaf));

    [Theory]
    [InlineData("")]
    [InlineData("corpus")]
    [InlineData("gallery")]
    public async Task Run_WithoutAVerb_ShowsHelp(string group)
    {
        string[] words = group.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        (int exitCode, string output, string error) = await Cmvae.RunAsync(words);
        (_, string help, _) = await Cmvae.RunAsync([.. words, "--help"]);

        Assert.Equal((2, help, ""), (exitCode, output, error));
    }

    [Theory]
    [InlineData("trian --manifest m", "'trian' is no verb of 'cmvae'; did you mean 'train'?", "cmvae")]
    [InlineData("corpus fodler", "'fodler' is no verb of 'cmvae corpus'; did you mean 'folder'?", "cmvae corpus")]
    [InlineData("check", "'check' is no verb of 'cmvae'; did you mean 'cmvae corpus check'?", "cmvae")]
    [InlineData("xyzzy", "'xyzzy' is no verb of 'cmvae'.", "cmvae")]
    [InlineData("cluster --embedings e --out o",
        "'--embedings' is no option of 'cmvae cluster'; did you mean '--embeddings'?", "cmvae cluster")]
    [InlineData("corpus folder --rot=r --out o",
        "'--rot' is no option of 'cmvae corpus folder'; did you mean '--root'?", "cmvae corpus folder")]
    [InlineData("gallery info --gallery g extra", "'extra' belongs to no option of 'cmvae gallery info'; a value with spaces needs quotes.",
        "cmvae gallery info")]
    [InlineData("evaluate --embeddings e --out --jsn",
        "--out is '--jsn', which looks like an option; did you mean '--json'?", "cmvae evaluate")]
    [InlineData("corpus check", "--manifest FILE is missing.", "cmvae corpus check")]
    [InlineData("train", "--manifest FILE, --recipe FILE and --out RUN are missing.", "cmvae train")]
    public async Task Run_WrongWord_SaysWhatWasMeantAndWhoseHelpToRead(string line, string sentence, string help)
    {
        (int exitCode, string output, string error) = await Cmvae.RunAsync(line.Split(' '));

        Assert.Equal(
            (2, "", $"cmvae: {sentence}\ncmvae: see '{help} --help'.\n"), (exitCode, output, error.ReplaceLineEndings("\n")));
    }

    private static Command Find(string path) => All(CommandLine.CreateRoot()).Single(command => Verb.PathOf(command) == path);

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);

    // As a shell splits: at spaces outside quotes.
    private static IEnumerable<string> Words(string line) =>
        Regex.Matches(line, "\"([^\"]*)\"|[^ ]+").Select(word => word.Value.Trim('"'));
}
