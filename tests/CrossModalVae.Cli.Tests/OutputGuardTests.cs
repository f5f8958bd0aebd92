using System.CommandLine;
using CrossModalVae.Cli.Verbs;

namespace CrossModalVae.Cli.Tests;

/// <summary>Outputs of every verb, found by walking the command tree: what exists is refused before any work, whoever wrote it.</summary>
public sealed class OutputGuardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Outputs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (Command leaf in Leaves(CommandLine.CreateRoot()))
            {
                foreach (Output output in OutputGuard.Of(leaf))
                {
                    pairs.Add(Verb.PathOf(leaf), output.Name);
                }
            }

            return pairs;
        }
    }

    public void Dispose() => _folder.Dispose();

    // The other paths do not exist: a verb that looked at them first would name those.
    [Theory]
    [MemberData(nameof(Outputs))]
    public async Task Verb_ItsOutputExists_IsRefusedBeforeAnyWorkAndStaysAsItIs(string verb, string name)
    {
        Output output = Find(verb, name);
        if (output.Rule == OutputRule.Continue)
        {
            return; // see the next tests
        }

        string path = Place(output);
        string file = output.Files.Count == 0
            ? path
            : Path.Combine(path, (output.Marker ?? output.Files[0]).Replace("*", "x", StringComparison.Ordinal));
        await File.WriteAllTextAsync(file, "another's");

        (int exitCode, string result, string error) = await Cmvae.RunAsync(Line(verb, name, path));

        bool resumes = Leaves(CommandLine.CreateRoot()).Single(leaf => Verb.PathOf(leaf) == verb).Options.Any(o => o.Name == "--resume");
        string resume = resumes ? "continue it with --resume, " : "";
        string what = output.Files.Count == 0 ? "exists already" : $"holds '{Path.GetFileName(file)}' already";
        Assert.Equal(
            (2, "", $"cmvae: {path}: {what}; {resume}choose another {name}, or replace it with --force.\n"),
            (exitCode, result, error.ReplaceLineEndings("\n")));
        Assert.Equal("another's", await File.ReadAllTextAsync(file));
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public async Task Verb_ForcedButFailing_LeavesWhatWasThere(string verb, string name)
    {
        Output output = Find(verb, name);
        if (output.Rule == OutputRule.Continue || verb is "cmvae demo" or "cmvae new") // which lack nothing and would begin
        {
            return;
        }

        string path = Place(output);
        string file = output.Files.Count == 0 ? path : Path.Combine(path, output.Files[0].Replace("*", "x", StringComparison.Ordinal));
        await File.WriteAllTextAsync(file, "another's");

        (int exitCode, _, string error) = await Cmvae.RunAsync([.. Line(verb, name, path), "--force"]);

        Assert.True(exitCode == 2 && !error.Contains("already", StringComparison.Ordinal), error);
        Assert.Equal("another's", await File.ReadAllTextAsync(file));
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public async Task Verb_ItsOutputIsNoPlaceForIt_IsRefused(string verb, string name)
    {
        Output output = Find(verb, name);
        bool isFile = output.Files.Count == 0;
        string wrong = isFile ? Directory.CreateDirectory(_folder["folder"]).FullName : _folder.Write("file", "x");

        (int kind, _, string kindError) = await Cmvae.RunAsync(Line(verb, name, wrong));
        (int below, _, string belowError) = await Cmvae.RunAsync(Line(verb, name, Path.Combine(_folder.Write("f", "x"), "sub", "out")));
        (int locked, _, string lockedError) = await Cmvae.RunAsync(Line(verb, name, "/proc/cmvae/out")); // takes no files, from nobody
        (int device, _, string deviceError) = await Cmvae.RunAsync(Line(verb, name, "/dev/null"));

        Assert.Equal((2, 2, 2, 2), (kind, below, locked, device));
        (string is_, string must) = isFile ? ("folder", "file") : ("file", "folder");
        Assert.Equal($"cmvae: {wrong}: is a {is_}; {name} must name a {must}.\n", kindError);
        Assert.EndsWith($"cannot be written: '{_folder["f"]}' is a file.\n", belowError, StringComparison.Ordinal);
        Assert.StartsWith("cmvae: /proc/cmvae/out: cannot be written: ", lockedError, StringComparison.Ordinal);
        Assert.StartsWith("cmvae: /dev/null: is a ", deviceError, StringComparison.Ordinal);
        Assert.True(File.Exists("/dev/null"));
    }

    [Theory]
    [InlineData("demo --out")]
    [InlineData("corpus synth --out")]
    [InlineData("export --run r --out")]
    public async Task Verb_ItsFolderHoldsOtherFiles_IsRefusedAlsoByForce(string line)
    {
        _folder.Write("home/letters.txt", "dear");
        string[] args = [.. line.Split(' '), _folder["home"]];

        foreach (string[] call in line.StartsWith("export", StringComparison.Ordinal) ? new[] { args, [.. args, "--force"] } : [args])
        {
            (int exitCode, _, string error) = await Cmvae.RunAsync(call);

            Assert.Equal(2, exitCode);
            Assert.Equal(
                $"cmvae: {_folder["home"]}: holds other files ('letters.txt'); --out must name a new or an empty folder.\n", error);
        }

        Assert.Equal([_folder["home", "letters.txt"]], Directory.GetFileSystemEntries(_folder["home"]));
    }

    [Fact]
    public async Task Trials_TwoOutputsOfOneName_AreRefused()
    {
        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "corpus", "trials", "--lists", "l", "--root", "r", "--out", _folder["o"], "--manifest-out", _folder["o"]);

        Assert.Equal((2, $"cmvae: --manifest-out is '{_folder["o"]}', the file of --out; must be another.\n"), (exitCode, error));
    }

    [Theory]
    [InlineData("evaluate --embeddings e --manifest {0} --out {0} --force", "--manifest")]
    [InlineData("rank --embeddings e --query q --calibration {0} --out {0} --force", "--calibration")]
    public async Task Verb_OutputThatItReads_IsRefusedAlsoByForce(string line, string input)
    {
        string file = _folder.Write("in.jsonl", "{}");

        (int exitCode, _, string error) = await Cmvae.RunAsync([.. line.Split(' ').Select(word => word == "{0}" ? file : word)]);

        Assert.Equal((2, $"cmvae: --out is '{file}', the file of {input}; must be another.\n"), (exitCode, error));
        Assert.Equal("{}", File.ReadAllText(file));
    }

    /// <summary>Options that name a path are inputs or outputs; one named as an output that is none would escape the guard.</summary>
    [Fact]
    public void Options_ThatAreWrittenTo_AreOutputs()
    {
        string[] escaped =
        [
            .. Leaves(CommandLine.CreateRoot()).SelectMany(leaf => leaf.Options
                .Where(option => option is not Output
                    && (option.Name.Contains("out", StringComparison.Ordinal) || option.Name.Contains("write", StringComparison.Ordinal)
                        || (option.Description ?? "").Contains("rite the ", StringComparison.Ordinal)
                        || (option.Description ?? "").Contains("to write", StringComparison.Ordinal)))
                .Where(option => option.ValueType != typeof(bool))
                .Select(option => $"{Verb.PathOf(leaf)} {option.Name}")),
        ];

        Assert.Empty(escaped);
    }

    private string Place(Output output) =>
        output.Files.Count == 0 ? _folder["out"] : Directory.CreateDirectory(_folder["out"]).FullName;

    private string[] Line(string verb, string name, string path) =>
    [
        .. verb.Split(' ')[1..],
        .. Leaves(CommandLine.CreateRoot()).Single(leaf => Verb.PathOf(leaf) == verb).Options
            .Where(option => option.Required && option.Name != name)
            .SelectMany(option => new[]
            {
                option.Name, option is Output ? _folder["other"] : VerbNeeds.Value(option.Name, _folder["none"]),
            }),
        .. VerbNeeds.Of(verb, _folder["none"]),
        .. verb == "cmvae rank" ? ["--manifest", _folder["none"]] : Array.Empty<string>(),
        .. name == "--manifest-out" ? ["--root", _folder["none"]] : Array.Empty<string>(),
        .. Find(verb, name).Argument is null ? new[] { name, path } : [path],
    ];

    private static Output Find(string verb, string name) =>
        OutputGuard.Of(Leaves(CommandLine.CreateRoot()).Single(leaf => Verb.PathOf(leaf) == verb)).Single(output => output.Name == name);

    private static IEnumerable<Command> Leaves(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);
}
