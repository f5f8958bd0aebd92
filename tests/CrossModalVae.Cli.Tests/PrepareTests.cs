using System.Diagnostics;
using System.Text.Json.Nodes;
using CrossModalVae.Embeddings;

namespace CrossModalVae.Cli.Tests;

/// <summary>
/// <c>cmvae prepare</c> and what reads its stores: the same numbers as from files, kills, Ctrl-C and a disk without room.
/// </summary>
public sealed class PrepareTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3); // for a loaded machine; the work itself takes seconds

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Features_Float32_TrainAndEmbedAsFromFilesAndOpenNone()
    {
        string manifest = await Synthesise(30, 2);
        string[] train = ["train", "--manifest", manifest, "--recipe", Recipe, "--epochs", "2", "--threads", "1"];
        await Run("prepare", "--manifest", manifest, "--recipe", Recipe, "--out", _folder["f"]);
        await Run([.. train, "--out", _folder["files"]]);
        await Run("export", "--run", _folder["files"], "--out", _folder["model"]);
        await Run("embed", "--manifest", manifest, "--model", _folder["model"], "--out", _folder["e-files"]);
        Directory.Move(Path.Combine(_folder["corpus"], "wav"), _folder["away"]);

        await Run([.. train, "--out", _folder["store"], "--features", _folder["f"]]);
        await Run("embed", "--manifest", manifest, "--model", _folder["model"], "--out", _folder["e-store"], "--features", _folder["f"]);

        Assert.Equal(Bytes("files", "weights.safetensors"), Bytes("store", "weights.safetensors"));
        Assert.Equal(Bytes("files", "recipe.json"), Bytes("store", "recipe.json"));
        Assert.Equal(Bytes("e-files", EmbeddingFile.MatrixName), Bytes("e-store", EmbeddingFile.MatrixName));
        Assert.Equal(EmbeddingFile.Read(_folder["e-files"]).Rows, EmbeddingFile.Read(_folder["e-store"]).Rows);
        Assert.Empty(_folder.Partials);
    }

    [Fact]
    public async Task Features_Float16_EmbedWithinItsRounding()
    {
        // Features off by at most 2^-11 of their size, each standardised by a deviation smaller than that size, through three layers.
        const float tolerance = 0.01f;
        string manifest = await Synthesise(30, 2);
        await Run("train", "--manifest", manifest, "--recipe", Recipe, "--epochs", "1", "--out", _folder["run"]);
        await Run("export", "--run", _folder["run"], "--out", _folder["model"]);
        string output = await Run(
            "prepare", "--manifest", manifest, "--recipe", Recipe, "--out", _folder["f"], "--precision", "float16", "--json");

        await Run("embed", "--manifest", manifest, "--model", _folder["model"], "--out", _folder["e-files"]);
        await Run("embed", "--manifest", manifest, "--model", _folder["model"], "--out", _folder["e-store"], "--features", _folder["f"]);

        var json = JsonNode.Parse(output)!;
        Assert.Equal(
            (60, 60, 60, "float16"), ((int)json["clips"]!, (int)json["rows"]!, (int)json["computed"]!, (string)json["precision"]!));
        Assert.Equal(new FileInfo(_folder["f"]).Length, (long)json["bytes"]!);
        float[] files = EmbeddingFile.Read(_folder["e-files"]).Values;
        float[] store = EmbeddingFile.Read(_folder["e-store"]).Values;
        // not the same: it really is the store that was read
        Assert.InRange(files.Zip(store, (a, b) => Math.Abs(a - b)).Max(), 1e-7f, tolerance);
    }

    [Fact]
    public async Task Features_AugmentedViews_TrainAsFromFilesAndOpenNone()
    {
        string manifest = await Synthesise(30, 2);
        await File.WriteAllTextAsync(
            _folder["recipe.json"],
            (await File.ReadAllTextAsync(Recipe))
                .Replace("\"training\": {", "\"augmentation\": { \"views\": 2 },\n  \"training\": {", StringComparison.Ordinal));
        string[] train = ["train", "--manifest", manifest, "--recipe", _folder["recipe.json"], "--epochs", "2", "--threads", "1"];
        string output = await Run("prepare", "--manifest", manifest, "--recipe", _folder["recipe.json"], "--out", _folder["f"], "--json");
        await Run([.. train, "--out", _folder["files"]]);
        Directory.Move(Path.Combine(_folder["corpus"], "wav"), _folder["away"]);

        await Run([.. train, "--out", _folder["store"], "--features", _folder["f"]]);

        int trained = (await File.ReadAllLinesAsync(manifest))
            .Count(line => line.Contains("\"split\":\"train\"", StringComparison.Ordinal));
        Assert.Equal(60 + (2 * trained), (int)JsonNode.Parse(output)!["rows"]!);
        Assert.Equal(Bytes("files", "weights.safetensors"), Bytes("store", "weights.safetensors"));
    }

    [Fact]
    public async Task Features_OfAnotherRecipe_AreRefusedInOneSentence()
    {
        string manifest = await Synthesise(20, 1);
        await Run("prepare", "--manifest", manifest, "--recipe", Recipe, "--out", _folder["f"]);

        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "train", "--manifest", manifest, "--recipe", Repository.File("pipelines", "report.json"), "--out", _folder["run"],
            "--features", _folder["f"]);

        Assert.Equal(2, exitCode);
        Assert.Equal(
            $"cmvae: {_folder["f"]}: was prepared with face.colour \"rgb\"; expected \"grey\", as recipe 'report' "
            + "has it: prepare the features for this recipe.",
            error.TrimEnd());
        Assert.False(Directory.Exists(_folder["run"]));
    }

    [Fact]
    public async Task Prepare_Interrupted_SaysHowToGoOnAndDoes()
    {
        string manifest = await Synthesise(40, 40);
        string[] prepare = ["prepare", "--manifest", manifest, "--recipe", Recipe];
        await Run([.. prepare, "--out", _folder["whole"]]);
        string error = "";
        using Process process = Start("preparing: 160/", text => error = text, [.. prepare, "--out", _folder["f"]], out Task reached);
        await Task.WhenAny(reached, process.WaitForExitAsync()).WaitAsync(Patience);
        Cmvae.Interrupt(process);
        await process.WaitForExitAsync().WaitAsync(Patience);

        Assert.Equal(130, process.ExitCode);
        Assert.Equal("cmvae: stopped; nothing is lost: the same command continues.", error);
        Assert.Equal([_folder["f.partial"]], _folder.Partials);
        var json = JsonNode.Parse(await Run([.. prepare, "--out", _folder["f"], "--json"]))!;
        Assert.InRange((int)json["computed"]!, 1, 1600 - 160);
        Assert.Equal(Bytes("whole"), Bytes("f"));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Prepare_KilledTenTimesAtRandomMoments_EndsInTheSameBytes()
    {
        string manifest = await Synthesise(60, 40);
        string[] prepare = ["prepare", "--manifest", manifest, "--recipe", Recipe];
        var watch = Stopwatch.StartNew();
        using (Process whole = Cmvae.Start(_ => { }, [.. prepare, "--out", _folder["whole"]]))
        {
            await whole.WaitForExitAsync().WaitAsync(Patience);
        }

        TimeSpan undisturbed = watch.Elapsed;
        byte[] expected = Bytes("whole");
        var random = new Random(11); // the moments; what they hit is up to the machine
        int kills = 0;
        int begun = 0; // kills that found work lying there
        int finished = 0;
        while (kills < 10)
        {
            using Process process = Cmvae.Start(_ => { }, [.. prepare, "--out", _folder["f"]]);
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(undisturbed * random.NextDouble()));
            if (!process.HasExited)
            {
                process.Kill();
                kills++;
            }

            await process.WaitForExitAsync().WaitAsync(Patience);
            begun += File.Exists(_folder["f.partial"]) ? 1 : 0;
            if (File.Exists(_folder["f"]))
            {
                Assert.Equal(expected, Bytes("f")); // whole, or not there: killed or not
                File.Delete(_folder["f"]);
                finished++;
            }
        }

        await Run([.. prepare, "--out", _folder["f"]]);

        Assert.Equal(expected, Bytes("f"));
        Assert.InRange(begun + finished, 3, int.MaxValue); // moments spread over the whole run; some fall before the first clip
        Assert.Empty(_folder.Partials);
    }

    [SkippableFact]
    public async Task Prepare_NoRoomOnTheDisk_IsOneSentenceAndStaysResumable()
    {
        Skip.IfNot(File.Exists("/bin/bash"), "no bash to limit a file's size");
        string manifest = await Synthesise(40, 10);
        string[] prepare = ["prepare", "--manifest", manifest, "--recipe", Recipe];
        await Run([.. prepare, "--out", _folder["whole"]]);

        // A limit on a file's size is, to a program that writes, a disk without room. First it is there from the start.
        (int exitCode, string error) = await Limited(1024, [.. prepare, "--out", _folder["f"]]);
        Assert.Equal(2, exitCode);
        Assert.StartsWith($"cmvae: {_folder["f"]}: cannot be written: ", error, StringComparison.Ordinal);
        Assert.EndsWith($"; it needs {Bytes("whole").Length} bytes.", error, StringComparison.Ordinal);

        // Then work that lies there, with all of its room taken, meets it half-way.
        using (Process killed = Start("preparing: 1/", _ => { }, [.. prepare, "--out", _folder["f"], "--jobs", "1"], out Task reached))
        {
            await reached.WaitAsync(Patience);
            killed.Kill();
            await killed.WaitForExitAsync().WaitAsync(Patience);
        }

        (exitCode, error) = await Limited(1536, [.. prepare, "--out", _folder["f"], "--jobs", "1"]);
        Assert.Equal(2, exitCode);
        Assert.Matches(@"^cmvae: .*f: cannot be written: .*; what is done stays: make room and run the same command again\.$", error);

        var json = JsonNode.Parse(await Run([.. prepare, "--out", _folder["f"], "--json"]))!;
        Assert.InRange((int)json["computed"]!, 1, 399);
        Assert.Equal(Bytes("whole"), Bytes("f"));
    }

    private static async Task<string> Run(params string[] args)
    {
        (int exitCode, string output, string error) = await Cmvae.RunAsync(args);
        Assert.True(exitCode == 0, $"cmvae {string.Join(' ', args)}: {exitCode}: {error}");
        return output;
    }

    /// <summary>
    /// Starts the program; the task ends when a line begins as given. The last line is handed over whenever there is one.
    /// </summary>
    private static Process Start(string line, Action<string> onLine, string[] args, out Task reached)
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        reached = source.Task;
        return Cmvae.Start(
            text =>
            {
                onLine(text);
                if (text.StartsWith(line, StringComparison.Ordinal))
                {
                    source.TrySetResult();
                }
            },
            args);
    }

    /// <summary>
    /// Runs the program where no file may grow beyond so many KiB, with the signal that would end it ignored, so that writing fails.
    /// </summary>
    private static async Task<(int ExitCode, string LastLine)> Limited(int kibibytes, string[] args)
    {
        string[] command =
        [
            "-c",
            $"ulimit -f {kibibytes}; trap '' XFSZ; exec dotnet \"$@\"",
            "limited",
            typeof(CommandLine).Assembly.Location,
            .. args,
        ];
        var start = new ProcessStartInfo("/bin/bash", command) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // the runtime's own mapping of code is a large file to the limit
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
        await output;
        return (process.ExitCode, error.TrimEnd().Split('\n')[^1]);
    }

    private static string Recipe => Repository.File("pipelines", "demo.json");

    private byte[] Bytes(params string[] name) => File.ReadAllBytes(Path.Combine([_folder.Root, .. name]));

    private async Task<string> Synthesise(int identities, int clips)
    {
        await Run(
            "corpus", "synth", "--identities", $"{identities}", "--clips-per-identity", $"{clips}", "--frames-per-clip", "1",
            "--out", _folder["corpus"]);
        return Path.Combine(_folder["corpus"], "manifest.jsonl");
    }
}
