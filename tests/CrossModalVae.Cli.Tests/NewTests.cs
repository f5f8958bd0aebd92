using System.Diagnostics;
using CrossModalVae.Cli.Workflows;
using CrossModalVae.Corpora;

namespace CrossModalVae.Cli.Tests;

/// <summary><c>cmvae new</c>: what it writes, and that the commands in it work.</summary>
public sealed class NewTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Recipes => [.. ShippedRecipes.Names];

    /// <summary>The README's commands in the README's folder, with clips of ten people and one short epoch.</summary>
    [SkippableFact]
    [Trait("Category", "Slow")]
    public async Task Readme_ItsCommands_GoFromClipsToAReport()
    {
        Tool.Require(Tool.Succeeds("bash", "--version"), "bash");
        string project = _folder["project"];
        await Make(project);
        CopyClips(Path.Combine(project, StartingPoint.ClipsFolder));
        string recipe = Path.Combine(project, StartingPoint.RecipeFile);
        string text = await File.ReadAllTextAsync(recipe);
        string quick = text.Replace("\"epochs\": 30", "\"epochs\": 1", StringComparison.Ordinal)
            .Replace("\"passes_per_epoch\": 10", "\"passes_per_epoch\": 1", StringComparison.Ordinal);
        Assert.Equal(text.Length - 2, quick.Length);
        await File.WriteAllTextAsync(recipe, quick);
        string script = _folder.Write("steps.sh", string.Join('\n', ["set -e", .. Commands(project)]));

        (int exitCode, string said) = await Bash(project, script);

        Assert.True(exitCode == 0, said);
        Manifest manifest = ManifestReader.Read(Path.Combine(project, "manifest.jsonl"));
        Assert.Equal(10, manifest.Clips.Select(clip => clip.Identity).Distinct().Count());
        string page = await File.ReadAllTextAsync(Path.Combine(project, "report.html"));
        Assert.Contains("best-scratch", page, StringComparison.Ordinal);

        (exitCode, said) = await Bash(_folder.Root, Path.Combine(project, StartingPoint.ScriptFile)); // from another folder
        Assert.True(exitCode == 2, said);
        Assert.Contains("manifest.jsonl: exists already; choose another --out, or replace it", said, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public async Task Commands_OfEveryRecipe_AreTakenAndThoseOfTheScript(string recipe)
    {
        string project = _folder["project"];
        await Make(project, "--recipe", recipe);

        string[] commands = Commands(project);
        string[] ofScript =
        [
            .. File.ReadLines(Path.Combine(project, StartingPoint.ScriptFile))
                .Where(line => line.StartsWith("cmvae ", StringComparison.Ordinal)),
        ];

        Assert.Equal(7, ofScript.Length);
        Assert.Equal(ofScript, commands[^7..].Select(line => $"{line} \"$@\""));
        Assert.All(
            commands.SelectMany(line => new[] { line, $"{line} --force" }),
            line => Assert.Empty(Verbs.Faults.Of(CommandLine.Parse(CommandLine.CreateRoot(), line.Split(' ')[1..]))));
        Assert.Equal(
            await File.ReadAllTextAsync(ShippedRecipes.FileOf(recipe)), await File.ReadAllTextAsync(Path.Combine(project, "recipe.json")));
        bool isPretrained = recipe is "best-pretrained" or "fine-tuned";
        Assert.Equal(isPretrained, commands.Contains(
            "cmvae encoder import face-api --package node_modules/@vladmandic/face-api --out face-api.onnx"));
        Assert.Equal(recipe == "fine-tuned", ofScript[2].Contains(" --init-from face-api.onnx ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Folder_WithItsFiles_IsRefusedAndReplacedByForceWithoutTouchingClips()
    {
        string project = _folder["project"];
        await Make(project);
        string clip = _folder.Write("project/clips/ANNA/first/voice.wav", "x");
        string recipe = _folder.Write("project/recipe.json", "{}");

        (int exitCode, _, string error) = await Cmvae.RunAsync("new", project);

        Assert.Equal(
            (2, $"cmvae: {project}: holds 'README.md' already; choose another DIR, or replace it with --force."),
            (exitCode, error.TrimEnd()));
        Assert.Equal("{}", await File.ReadAllTextAsync(recipe));
        await Make(project, "--force");
        Assert.NotEqual("{}", await File.ReadAllTextAsync(recipe));
        Assert.Equal("x", await File.ReadAllTextAsync(clip));
    }

    [Theory]
    [InlineData("home", "holds other files ('letters.txt'); DIR must name a new or an empty folder.")]
    [InlineData("home/letters.txt", "is a file; DIR must name a folder.")]
    [InlineData("home/letters.txt/new", "cannot be written: '{0}' is a file.")]
    public async Task Folder_ThatIsNoPlaceForIt_IsRefusedAlsoByForce(string name, string message)
    {
        string letters = _folder.Write("home/letters.txt", "dear");

        foreach (string[] force in (string[][])[[], ["--force"]])
        {
            (int exitCode, _, string error) = await Cmvae.RunAsync(["new", _folder[name], .. force]);

            Assert.Equal((2, $"cmvae: {_folder[name]}: {string.Format(null, message, letters)}"), (exitCode, error.TrimEnd()));
        }

        Assert.Equal([letters], Directory.GetFileSystemEntries(_folder["home"]));
    }

    [Theory]
    [InlineData("DIR is empty; must have a value.", "")]
    [InlineData("DIR is missing.")]
    [InlineData("'--recipes' is no option of 'cmvae new'; did you mean '--recipe'?", "--recipes", "cca")]
    public async Task Line_WithoutAFolder_IsRefused(string sentence, params string[] args)
    {
        (int exitCode, _, string error) = await Cmvae.RunAsync(["new", .. args]);

        Assert.Equal((2, $"cmvae: {sentence}\ncmvae: see 'cmvae new --help'."), (exitCode, error.TrimEnd()));
    }

    [Fact]
    public async Task Recipe_ThatIsNone_IsRefusedAndNothingIsWritten()
    {
        string broken = _folder.Write("broken.json", "{");

        (int exitCode, _, string error) = await Cmvae.RunAsync("new", _folder["project"], "--recipe", broken);

        Assert.Equal(2, exitCode);
        Assert.StartsWith($"cmvae: {broken}: ", error, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder["project"]));
    }

    private static async Task Make(string project, params string[] more)
    {
        (int exitCode, string output, string error) = await Cmvae.RunAsync(["new", project, .. more]);
        Assert.True(exitCode == 0, error);
        Assert.Contains($"wrote {project}: README.md, recipe.json, run.sh", output, StringComparison.Ordinal);
    }

    // The indented lines that are commands, without the figure of folders.
    private static string[] Commands(string project) =>
    [
        .. File.ReadLines(Path.Combine(project, StartingPoint.ReadmeFile))
            .Where(line => line.StartsWith("    cmvae ", StringComparison.Ordinal))
            .Select(line => line.Trim()),
    ];

    // A clip of each person, two of those who have them.
    private static void CopyClips(string target)
    {
        string[] clips =
        [
            .. Directory.GetDirectories(Fixtures.Grid).SelectMany(person => Directory.GetDirectories(person).Order().Take(2)),
        ];
        foreach (string clip in clips)
        {
            string copy = Path.Combine(target, Path.GetRelativePath(Fixtures.Grid, clip));
            Directory.CreateDirectory(copy);
            foreach (string file in Directory.GetFiles(clip))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }
        }
    }

    // With this program as cmvae.
    private async Task<(int ExitCode, string Said)> Bash(string folder, string script)
    {
        var start = new ProcessStartInfo("bash", [script])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{Cmvae.OnPath(_folder)}:{start.Environment["PATH"]}";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output + await error);
    }
}
