using System.Diagnostics;
using CrossModalVae.Cli.Workflows;

namespace CrossModalVae.Cli.Tests;

/// <summary><c>cmvae --version</c>.</summary>
public class VersionTests
{
    private static readonly string[] Engines = [".NET", "Microsoft.ML", "Microsoft.ML.OnnxRuntime", "TorchSharp"];

    [Fact]
    public async Task Version_FirstLine_IsTheProgramsOwnThenTheEngines()
    {
        (int exitCode, string output, string error) = await Cmvae.RunAsync("--version");

        string[] lines = output.TrimEnd().Split('\n');
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(ProgramVersion.Own, lines[0].TrimEnd());
        Assert.Matches(@"^\d+\.\d+\.\d+", lines[0]);
        Assert.Equal(Engines, lines[1..].Select(line => line.Split(' ')[0]));
        Assert.All(lines[1..], line => Assert.Matches(@"^\S+ \d+\.\d+", line));
    }

    /// <summary>The loader's own log names what it opened.</summary>
    [SkippableFact]
    public async Task Version_NativeEngines_AreNotLoaded()
    {
        Tool.Require(OperatingSystem.IsLinux(), "Linux's loader");
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, "--version"]) { RedirectStandardOutput = true };
        (start.Environment["LD_DEBUG"], start.Environment["LD_DEBUG_OUTPUT"]) = ("files", folder["log"]);

        using Process process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        string loaded = string.Concat(Directory.GetFiles(folder.Root).Select(File.ReadAllText));
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("libcoreclr", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("torch", loaded, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("libonnxruntime", loaded, StringComparison.OrdinalIgnoreCase);
    }
}
