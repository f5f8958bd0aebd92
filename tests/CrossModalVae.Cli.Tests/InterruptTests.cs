using System.Diagnostics;

namespace CrossModalVae.Cli.Tests;

/// <summary>Ctrl-C in the middle of long work, in a process of its own, and going on from there.</summary>
public class InterruptTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3); // for a loaded machine; the work itself takes seconds

    private const string Stopped = "cmvae: stopped; nothing is lost: the same command with --resume continues.";

    [Fact]
    public async Task Train_Interrupted_ResumesToTheSameNumbers()
    {
        using var folder = new TemporaryFolder();
        await Run("corpus", "synth", "--identities", "30", "--clips-per-identity", "2", "--out", folder["corpus"]);
        string[] train =
        [
            "train", "--manifest", Path.Combine(folder["corpus"], "manifest.jsonl"), "--recipe", Repository.File("pipelines", "demo.json"),
            "--epochs", "40", "--threads", "1", // seconds are left when the signal comes, also where the line is read late
        ];
        await Run([.. train, "--out", folder["whole"]]);

        (int exitCode, string error) = await InterruptAt("epoch 2/40", [.. train, "--out", folder["stopped"]]);
        await Run([.. train, "--out", folder["stopped"], "--resume"]);

        Assert.Equal(130, exitCode);
        Assert.EndsWith(Stopped, error.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(folder["whole"], "weights.safetensors")),
            await File.ReadAllBytesAsync(Path.Combine(folder["stopped"], "weights.safetensors")));
        Assert.Empty(folder.Partials);
    }

    [Fact]
    public async Task Embed_Interrupted_LeavesNoOutputAndResumes()
    {
        using var folder = new TemporaryFolder();
        string manifest = Path.Combine(folder["corpus"], "manifest.jsonl");
        await Run(
            "corpus", "synth", "--identities", "30", "--clips-per-identity", "40", "--frames-per-clip", "1", "--out", folder["corpus"]);
        await Run(
            "train", "--manifest", manifest, "--recipe", Repository.File("pipelines", "demo.json"), "--epochs", "1",
            "--out", folder["run"]);
        await Run("export", "--run", folder["run"], "--out", folder["model"]);
        string[] embed = ["embed", "--manifest", manifest, "--model", folder["model"], "--out", folder["e"]];

        // The first line comes with the first of 1,200 clips: seconds of work are left when the signal comes.
        (int exitCode, string error) = await InterruptAt("embedding: ", embed);
        bool isThere = Directory.Exists(folder["e"]);
        bool isStopped = Directory.Exists(folder["e.partial"]);
        await Run([.. embed, "--resume"]);

        Assert.Equal(130, exitCode);
        Assert.EndsWith(Stopped, error.TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("embedding: 1200/1200", error, StringComparison.Ordinal);
        Assert.Equal((false, true), (isThere, isStopped));
        Assert.Equal(1200 * 3, Embeddings.EmbeddingFile.Read(folder["e"]).Count);
        Assert.Empty(folder.Partials);
    }

    private static async Task<(int ExitCode, string Error)> InterruptAt(string line, params string[] args)
    {
        var lines = new List<string>();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using Process process = Cmvae.Start(
            text =>
            {
                lock (lines)
                {
                    lines.Add(text);
                }

                if (text.StartsWith(line, StringComparison.Ordinal))
                {
                    reached.TrySetResult();
                }
            },
            args);
        Task ended = process.WaitForExitAsync();
        await Task.WhenAny(reached.Task, ended).WaitAsync(Patience);
        Assert.True(reached.Task.IsCompleted, string.Join('\n', lines));
        Cmvae.Interrupt(process);
        await ended.WaitAsync(Patience);
        return (process.ExitCode, string.Join('\n', lines));
    }

    private static async Task Run(params string[] args)
    {
        (int exitCode, _, string error) = await Cmvae.RunAsync(args);
        Assert.True(exitCode == 0, $"cmvae {string.Join(' ', args)}: {exitCode}: {error}");
    }
}
