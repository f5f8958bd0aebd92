using System.Diagnostics;
using System.Text.Json.Nodes;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation.Trials;
using CrossModalVae.Numerics;

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
            await KillAt(random.NextInt32(6), [.. Arguments(folder.Root, killed), .. resume ? ["--resume"] : new[] { "--force" }]);
        }

        await Run([.. Arguments(folder.Root, killed), .. File.Exists(killed + ".partial.done") ? ["--resume"] : new[] { "--force" }]);

        Assert.Equal(await File.ReadAllBytesAsync(whole), await File.ReadAllBytesAsync(killed));
        Assert.Empty(Directory.GetFiles(folder.Root, "*.partial*"));
    }

    [Fact]
    public async Task Check_BrokenFiles_ReportsEachOnStderrAndExitsWithTwo()
    {
        using var folder = new TemporaryFolder();
        MakeTree(folder.Root);
        await Run(Arguments(folder.Root, folder["m.jsonl"]));

        (int exitCode, string output, string error) = await Cmvae.RunAsync(
            "corpus", "check", "--manifest", folder["m.jsonl"], "--jobs", "3");

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
    public async Task Check_WriteSound_LeavesOutTheBrokenClips()
    {
        using var folder = new TemporaryFolder();
        await Run("corpus", "synth", "--identities", "3", "--clips-per-identity", "2", "--frames-per-clip", "1", "--out", folder["c"]);
        string manifest = Path.Combine(folder["c"], "manifest.jsonl");
        Manifest corpus = ManifestReader.Read(manifest);
        await File.WriteAllTextAsync(corpus.VoicePath(corpus.Clips[3])!, "no wav");
        Directory.CreateDirectory(folder["elsewhere"]);
        foreach (string sound in new[] { Path.Combine(folder["c"], "sound.jsonl"), folder["elsewhere", "sound.jsonl"] })
        {
            (int exitCode, string output, _) = await Cmvae.RunAsync("corpus", "check", "--manifest", manifest, "--write-sound", sound);

            Assert.Equal(2, exitCode); // what was checked has a fault
            Assert.Contains($"{sound}: the 5 of 6 clips without a fault\n", output, StringComparison.Ordinal);
            Manifest rest = ManifestReader.Read(sound);
            Assert.Equal(corpus.Clips.Where((_, i) => i != 3).Select(clip => clip.Key), rest.Clips.Select(clip => clip.Key));
            Assert.Equal(corpus.Folder, rest.Folder);
            await Run("corpus", "check", "--manifest", sound);
        }

        (int refused, _, string error) = await Cmvae.RunAsync("corpus", "check", "--manifest", manifest, "--write-sound", manifest);
        Assert.Equal(2, refused);
        Assert.StartsWith("cmvae: --write-sound is the manifest itself; name another file", error, StringComparison.Ordinal);
        Assert.Empty(folder.Partials);
    }

    [Fact]
    public async Task Check_WriteSoundWhereNothingIsSound_WritesNothingAndSaysWhy()
    {
        using var folder = new TemporaryFolder();
        MakeTree(folder.Root);
        await Run(Arguments(folder.Root, folder["m.jsonl"]));

        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "corpus", "check", "--manifest", folder["m.jsonl"], "--write-sound", folder["s.jsonl"]);

        Assert.Equal(2, exitCode);
        Assert.EndsWith(
            $"cmvae: {folder["s.jsonl"]}: is not written, because no clip of {folder["m.jsonl"]} is without a fault.",
            error.TrimEnd(),
            StringComparison.Ordinal);
        Assert.False(File.Exists(folder["s.jsonl"]));
    }

    [Fact]
    public async Task FolderAndVoxCeleb_Json_CountsWhatIsLeftOut()
    {
        using var folder = new TemporaryFolder();
        folder.Write("tree/vox1_meta.csv", "VoxCeleb1 ID\tVGGFace1 ID\tGender\tNationality\tSet\nid1\tA\tm\tUSA\tdev\n");
        folder.Write("tree/wav/id1/v/1.m4a", "x");
        folder.Write("tree/wav/id1/v/notes.txt", "x");
        string manifest = folder["out", "m.jsonl"]; // the tree need not be writable

        (int vox, string output, string error) = await Cmvae.RunAsync(
            "corpus", "voxceleb", "--root", folder["tree"], "--out", manifest, "--json");
        (int other, string patterns, _) = await Cmvae.RunAsync(
            "corpus", "folder", "--root", folder["tree", "wav"], "--out", manifest, "--force", "--json");

        Assert.True(vox == 0, error);
        var json = JsonNode.Parse(output)!;
        Assert.Equal((1, 1, manifest), ((int)json["clips"]!, (int)json["with_voice"]!, (string)json["manifest"]!));
        Assert.Equal(
            ["people without a face folder", "files that are no voice, left out", "videos with a voice and without frames"],
            json["notices"]!.AsArray().Select(notice => (string)notice!["what"]!));
        Assert.Equal("wav/id1/v/notes.txt", (string)json["notices"]![1]!["examples"]![0]!);
        Assert.Equal(0, other);
        Assert.Contains("files that no pattern fits, left out", patterns, StringComparison.Ordinal);
        Assert.Equal(folder["tree", "wav"], ManifestReader.Read(manifest).Folder);
    }

    [Fact]
    public async Task Check_Interrupted_SaysSoAndExitsWith130()
    {
        using var folder = new TemporaryFolder();
        await Run(
            "corpus", "synth", "--identities", "40", "--clips-per-identity", "20", "--frames-per-clip", "2", "--out", folder["corpus"]);
        string[] check = ["corpus", "check", "--manifest", Path.Combine(folder["corpus"], "manifest.jsonl"), "--jobs", "1"];

        (int? exitCode, string[] lines) = await StopAt("checking: ", 1, Cmvae.Interrupt, check);

        if (exitCode != 0) // on a fast machine the run may have ended before the signal came
        {
            Assert.Equal(130, exitCode);
            Assert.Equal("cmvae: stopped before the end; run the same command again.", lines[^1]);
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
        Assert.StartsWith(
            $"{folder["m.jsonl"]}: 2 clips of 2 identities, 2 with a voice, 1 with a face, 1 with both;", output, StringComparison.Ordinal);
        Assert.Contains("  note: clips without a face: 1 (01/05-02)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trials_ExcerptsOfThePublishedLists_AreScoredByEvaluate()
    {
        using var folder = new TemporaryFolder();
        string trials = folder["trials.jsonl"];
        (int made, string output, string error) = await Cmvae.RunAsync(
            "corpus", "trials", "--lists", Repository.File("tests", "fixtures", "voxceleb1-lists"), "--out", trials,
            "--people", "unseen-unheard");
        Assert.True(made == 0, error);
        Assert.StartsWith($"{trials}: 18 trials of 5 lists", output, StringComparison.Ordinal);
        WriteEmbeddings(folder["e"], trials, leaveOut: 0);
        WriteEmbeddings(folder["fewer"], trials, leaveOut: 1);

        (int scored, string table, error) = await Cmvae.RunAsync(
            "evaluate", "--embeddings", folder["e"], "--trials", trials, "--out", folder["s.json"]);
        (int refused, _, string missing) = await Cmvae.RunAsync(
            "evaluate", "--embeddings", folder["fewer"], "--trials", trials, "--out", folder["f.json"]);
        (int allowed, string json, _) = await Cmvae.RunAsync(
            "evaluate", "--embeddings", folder["fewer"], "--trials", trials, "--out", folder["f.json"], "--allow-missing", "--json");

        Assert.True(scored == 0, error);
        Assert.StartsWith("18 trials scored by cosine", table, StringComparison.Ordinal);
        Assert.Matches(@"verification GNA-unseen-unheard +AUC +1\.000 \[1\.000, 1\.000\] +0\.500 +6 +3 ", table);
        Assert.Matches(@"matching GN, voice-to-face +1 of 2 +1\.000 \[1\.000, 1\.000\] +0\.500 +3 +3 ", table);
        Assert.Matches(@"retrieval 20k, face-to-voice +mAP +1\.000 \[1\.000, 1\.000\] +1\.000 +3 ", table);
        Assert.Equal(2, refused);
        Assert.StartsWith(
            "cmvae: 1 of 18 trials name clips that the embeddings lack, the first of them the voice of 'id10002/gaQqIoV_aLY/00001';",
            missing,
            StringComparison.Ordinal);
        Assert.Equal(0, allowed);
        Assert.Equal(await File.ReadAllTextAsync(folder["f.json"]), json);
        Assert.Contains("\"missing_count\": 1", json, StringComparison.Ordinal);
    }

    /// <summary>
    /// An embedding of every clip that the trials name, the first few left out: its person's own direction with a little of the clip's.
    /// </summary>
    private static void WriteEmbeddings(string folder, string trials, int leaveOut)
    {
        (Modality Modality, ClipKey Clip)[] named =
        [
            .. TrialReader.Read(trials).SelectMany<Trial, (Modality, ClipKey)>(trial => trial switch
            {
                VerificationTrial own => [(Modality.Voice, own.Voice), (Modality.Face, own.Face)],
                MatchingTrial { Direction: RetrievalDirection.VoiceToFace } own =>
                    [
                        (Modality.Voice, own.Probe),
                        (Modality.Face, own.Positive),
                        .. own.Negatives.Select(negative => (Modality.Face, negative)),
                    ],
                MatchingTrial own =>
                [
                    (Modality.Face, own.Probe),
                    (Modality.Voice, own.Positive),
                    .. own.Negatives.Select(negative => (Modality.Voice, negative)),
                ],
                _ => [(((RetrievalItem)trial).Modality, ((RetrievalItem)trial).Clip)],
            }).Distinct().Skip(leaveOut),
        ];
        string[] identities = [.. named.Select(one => one.Clip.Identity).Distinct().Order(StringComparer.Ordinal)];
        var values = new List<float>();
        foreach ((Modality modality, ClipKey clip) in named)
        {
            var random = SeededRandom.For(1, $"{modality}/{clip}");
            values.AddRange(identities.Select(identity => (identity == clip.Identity ? 1f : 0) + (float)random.NextDouble(0, 0.05)));
        }

        EmbeddingFile.Write(folder, new EmbeddingSet([.. values], identities.Length,
        [
            .. named.Select(one =>
                new EmbeddingRow { Identity = one.Clip.Identity, Clip = one.Clip.Clip, Modality = one.Modality, Split = CorpusSplit.Test }),
        ]));
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
