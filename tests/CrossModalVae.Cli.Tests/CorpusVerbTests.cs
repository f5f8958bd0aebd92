using System.Diagnostics;

namespace CrossModalVae.Cli.Tests;

/// <summary>Making manifests and checking them through the command line, stopped and killed on the way.</summary>
public class CorpusVerbTests
{
    private const int People = 300;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3); // for a loaded machine; the work itself takes seconds

    [Fact]
    public async Task VoxCeleb_KilledTenTimes_ResumesToTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        MakeTree(folder.Root);
        string whole = folder["whole.jsonl"], killed = folder["killed.jsonl"];
        await Run("corpus", "voxceleb", "--root", folder.Root, "--out", whole);
        var random = new SeededRandom(1);

        for (int kill = 0; kill < 10; kill++)
        {
            bool resume = File.Exists(killed + ".partial.done");
            await KillAt(random.NextInt32(6), [.. Arguments(folder.Root, killed), .. resume ? ["--resume"] : Array.Empty<string>()]);
        }

        await Run([.. Arguments(folder.Root, killed), .. File.Exists(killed + ".partial.done") ? ["--resume"] : Array.Empty<string>()]);

        Assert.Equal(await File.ReadAllBytesAsync(whole), await File.ReadAllBytesAsync(killed));
        Assert.Empty(Directory.GetFiles(folder.Root, "*.partial*"));
    }

    [Fact]
    public async Task Check_BrokenFiles_ReportsEachOnStderrAndExitsWithTwo()
    {
        using var folder = new TemporaryFolder();
        MakeTree(folder.Root);
        await Run(Arguments(folder.Root, folder["m.jsonl"]));

        (int exitCode, string output, string error) = await Cmvae.RunAsync("corpus", "check", "--manifest", folder["m.jsonl"], "--jobs", "3");

        Assert.Equal(2, exitCode);
        string[] faults = [.. error.Split('\n').Where(line => line.StartsWith("cmvae: ", StringComparison.Ordinal))];
        Assert.Equal(People, faults.Length);
        for (int i = 0; i < People; i++)
        {
            string wav = Path.Combine(folder.Root, "wav", Id(i), "vid", "00001.wav");
            Assert.StartsWith($"cmvae: Clip '{Id(i)}/vid/00001': {wav}: ", faults[i], StringComparison.Ordinal);
        }

        Assert.EndsWith($"{People} faults", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_Interrupted_SaysSoAndExitsWithOne()
    {
        using var folder = new TemporaryFolder();
        await Run("corpus", "synth", "--identities", "40", "--clips-per-identity", "20", "--frames-per-clip", "2", "--out", folder["corpus"]);
        string[] check = ["corpus", "check", "--manifest", Path.Combine(folder["corpus"], "manifest.jsonl"), "--jobs", "1"];

        (int? exitCode, string[] lines) = await StopAt("checking: ", 1, Cmvae.Interrupt, check);

        if (exitCode != 0) // on a fast machine the run may have ended before the signal came
        {
            Assert.Equal(1, exitCode);
            Assert.Equal("cmvae: stopped before it was done; run the same command again.", lines[^1]);
        }
    }

    [Fact]
    public async Task Folder_Patterns_MakeAManifest()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in new[] { "Actor_01/03-01-05-02.wav", "Actor_02/03-01-05-02.wav", "Actor_02/pictures/03-01-05-02/1.jpg" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[file])!);
            await File.WriteAllTextAsync(folder[file], "x");
        }

        (int exitCode, string output, string error) = await Cmvae.RunAsync(
            "corpus", "folder", "--root", folder.Root, "--out", folder["m.jsonl"],
            "--pattern", "Actor_{identity}/03-01-{clip}.wav", "--face-pattern", "Actor_{identity}/pictures/03-01-{clip}/*.jpg");

        Assert.True(exitCode == 0, error);
        Assert.StartsWith($"{folder["m.jsonl"]}: 2 clips of 2 identities, 2 with a voice, 1 with a face, 1 with both;", output, StringComparison.Ordinal);
        Assert.Contains("  note: 1 clips without a face (01/05-02)", output, StringComparison.Ordinal);
    }

    private static string[] Arguments(string root, string output) => ["corpus", "voxceleb", "--root", root, "--out", output];

    private static string Id(int person) => $"id1{person:0000}";

    private static void MakeTree(string root)
    {
        using var meta = new StreamWriter(Path.Combine(root, "vox1_meta.csv"));
        meta.Write("VoxCeleb1 ID\tVGGFace1 ID\tGender\tNationality\tSet\n");
        for (int i = 0; i < People; i++)
        {
            meta.Write($"{Id(i)}\tName_{i}\tf\tUK\tdev\n");
            string video = Directory.CreateDirectory(Path.Combine(root, "wav", Id(i), "vid")).FullName;
            File.WriteAllText(Path.Combine(video, "00001.wav"), "no wav");
        }
    }

    // Kill is SIGKILL here: the process cannot clean up.
    private static Task KillAt(int line, params string[] args) => StopAt("people: ", line, process => process.Kill(), args);

    /// <summary>Sends a signal when so many lines with this start have come.</summary>
    private static async Task<(int? ExitCode, string[] Lines)> StopAt(string start, int line, Action<Process> stop, params string[] args)
    {
        var lines = new List<string>();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using Process process = Cmvae.Start(
            text =>
            {
                lock (lines)
                {
                    lines.Add(text);
                    if (lines.Count(one => one.StartsWith(start, StringComparison.Ordinal)) > line)
                    {
                        reached.TrySetResult();
                    }
                }
            },
            args);
        Task ended = process.WaitForExitAsync();
        await Task.WhenAny(reached.Task, ended).WaitAsync(Patience);
        if (!ended.IsCompleted)
        {
            stop(process);
        }

        await ended.WaitAsync(Patience);
        return (process.ExitCode, [.. lines]);
    }

    private static async Task Run(params string[] args)
    {
        (int exitCode, _, string error) = await Cmvae.RunAsync(args);
        Assert.True(exitCode == 0, $"cmvae {string.Join(' ', args)}: {exitCode}: {error}");
    }
}
