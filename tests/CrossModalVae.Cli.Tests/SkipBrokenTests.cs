using System.Text.Json.Nodes;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Features;

namespace CrossModalVae.Cli.Tests;

/// <summary>Broken clips stop a corpus, or are left out and named in everything that is written.</summary>
public sealed class SkipBrokenTests : IDisposable
{
    private const string Advice = " --skip-broken leaves such clips out and lists them.";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Recipe => Repository.File("pipelines", "demo.json");

    private string Path(string name) => _folder[name];

    [Fact]
    public async Task TrainExportEmbed_TwoBrokenClips_AreLeftOutAndNamedEverywhere()
    {
        Manifest corpus = await Synthesise(30, 2);
        Clip[] trained = [.. corpus.Clips.Where(clip => clip.Split == CorpusSplit.Train)];
        await File.WriteAllTextAsync(corpus.VoicePath(trained[3])!, "no wav");
        File.Delete(corpus.FacePaths(trained[8])[0]);
        string[] train = ["train", "--manifest", corpus.FilePath, "--recipe", Recipe, "--epochs", "1", "--out", Path("run")];

        (int refused, _, string stopped) = await Cmvae.RunAsync(train);
        (int exitCode, string metrics, string error) = await Cmvae.RunAsync([.. train, "--skip-broken", "--json"]);
        await Run("export", "--run", Path("run"), "--out", Path("model"));

        string[] names = [trained[3].Key, trained[8].Key];
        Assert.Equal(2, refused);
        Assert.EndsWith(Advice, stopped.TrimEnd(), StringComparison.Ordinal);
        Assert.Contains(corpus.VoicePath(trained[3])!, stopped, StringComparison.Ordinal);
        Assert.True(exitCode == 0, error);
        Assert.Contains($"warning: Clip '{names[0]}' is left out: {trained[3].Voice}: ", error, StringComparison.Ordinal);
        Assert.Equal(names, Names(JsonNode.Parse(metrics)!["skipped"]!));
        JsonNode data = JsonNode.Parse(await File.ReadAllTextAsync(System.IO.Path.Combine(Path("model"), "card.json")))!["data"]!;
        Assert.Equal(names, Names(data["skipped"]!));
        Assert.Equal(trained.Length - 2, (int)data["clips"]!);
        Assert.DoesNotContain(_folder.Root, data["skipped"]!.ToJsonString(), StringComparison.Ordinal);

        string[] embed = ["embed", "--manifest", corpus.FilePath, "--model", Path("model"), "--out", Path("e")];
        (int halted, _, string why) = await Cmvae.RunAsync(embed);
        (int other, _, string mixed) = await Cmvae.RunAsync(
            "embed", "--manifest", corpus.FilePath, "--model", Repository.File("onnx", "demo"), "--out", Path("e"), "--resume",
            "--skip-broken");
        string embedded = await Run([.. embed, "--resume", "--skip-broken", "--json"]);
        string again = await Run([.. embed, "--resume", "--skip-broken", "--json"]);
        (int forgotten, _, _) = await Cmvae.RunAsync([.. embed, "--resume"]);
        await Run([.. embed[..^1], Path("v"), "--modality", "voice", "--skip-broken"]);

        Assert.Equal(2, halted);
        Assert.Equal(2, other);
        Assert.Contains($"{Path("e")}.partial: holds the parts of another run", mixed, StringComparison.Ordinal);
        Assert.EndsWith(Advice, why.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(embedded, again);
        Assert.Equal(names, Names(JsonNode.Parse(embedded)!["skipped"]!));
        Assert.Equal(2, forgotten);
        Assert.Equal(names, EmbeddingFile.ReadSkipped(Path("e")).Select(clip => $"{clip.Identity}/{clip.Clip}"));
        Assert.Equal(
            corpus.Clips.Select(clip => clip.Key).Except(names),
            EmbeddingFile.Read(Path("e")).Rows.Select(row => $"{row.Identity}/{row.Clip}").Distinct());
        Assert.Equal([_folder["e.partial"]], _folder.Partials); // of the run that stopped for want of the option
        Assert.Equal([names[0]], EmbeddingFile.ReadSkipped(Path("v")).Select(clip => $"{clip.Identity}/{clip.Clip}")); // no face was read
    }

    [Fact]
    public async Task Prepare_BrokenClips_AreInTheHeaderAndWhatIsMadeOfTheStore()
    {
        Manifest corpus = await Synthesise(30, 2);
        Clip[] trained = [.. corpus.Clips.Where(clip => clip.Split == CorpusSplit.Train)];
        string wav = corpus.VoicePath(trained[3])!;
        byte[] sound = await File.ReadAllBytesAsync(wav);
        await File.WriteAllTextAsync(wav, "no wav");
        string[] prepare = ["prepare", "--manifest", corpus.FilePath, "--recipe", Recipe, "--out", Path("f")];

        (int refused, _, string stopped) = await Cmvae.RunAsync(prepare);
        string json = await Run([.. prepare, "--skip-broken", "--json"]);
        string again = await Run([.. prepare, "--skip-broken"]);
        (int all, _, string asked) = await Cmvae.RunAsync(prepare);
        (int exitCode, string metrics, string error) = await Cmvae.RunAsync(
            "train", "--manifest", corpus.FilePath, "--recipe", Recipe, "--epochs", "1", "--out", Path("run"), "--features", Path("f"),
            "--json");

        Assert.Equal(2, refused);
        Assert.EndsWith(Advice, stopped.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal([trained[3].Key], Names(JsonNode.Parse(json)!["skipped"]!));
        Assert.Equal(corpus.Clips.Count - 1, (int)JsonNode.Parse(json)!["clips"]!);
        Assert.Contains("all of it was prepared before; 1 broken clip left out", again, StringComparison.Ordinal);
        Assert.Equal(2, all);
        Assert.Contains("was prepared without broken clips, 1 of them", asked, StringComparison.Ordinal);
        using (FeatureStore store = FeatureStore.Open(Path("f")))
        {
            Assert.Equal([trained[3].Key], store.Skipped.Select(clip => $"{clip.Identity}/{clip.Clip}"));
            Assert.Equal(corpus.Clips.Count - 1, store.Count);
        }

        Assert.True(exitCode == 0, error);
        Assert.Equal([trained[3].Key], Names(JsonNode.Parse(metrics)!["skipped"]!));
        Assert.Contains($"warning: Clip '{trained[3].Key}' is left out: ", error, StringComparison.Ordinal);
        Assert.Empty(_folder.Partials);

        await File.WriteAllBytesAsync(wav, sound);
        (int mended, _, string changed) = await Cmvae.RunAsync([.. prepare, "--skip-broken"]);
        Assert.Equal(2, mended);
        Assert.Contains(
            $"clip '{trained[3].Key}' was broken when the features were prepared, and its files have changed since",
            changed,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_ToleratedFiles_AreInItsJson()
    {
        Manifest corpus = await Synthesise(30, 2);
        string wav = corpus.VoicePath(corpus.Clips.First(clip => clip.Split == CorpusSplit.Train))!;
        byte[] sound = await File.ReadAllBytesAsync(wav);
        await File.WriteAllBytesAsync(wav, sound[..^2_000]);
        string[] train = ["train", "--manifest", corpus.FilePath, "--recipe", Recipe, "--epochs", "1", "--json"];

        (int refused, _, _) = await Cmvae.RunAsync([.. train, "--out", Path("strict")]);
        (int exitCode, string tolerant, string error) = await Cmvae.RunAsync([.. train, "--out", Path("run"), "--tolerate", "truncated"]);

        Assert.Equal(2, refused);
        Assert.True(exitCode == 0, error);
        Assert.Equal([wav], JsonNode.Parse(tolerant)!["tolerated"]!.AsArray().Select(file => (string)file!));
    }

    [Fact]
    public async Task SkipBroken_EveryClipIsBroken_IsAnError()
    {
        _folder.Write("a.wav", "no wav");
        string manifest = _folder.Write(
            "m.jsonl",
            string.Concat(new[] { "p", "q", "r", "s" }.Select(
                who => $"{{\"identity\":\"{who}\",\"clip\":\"1\",\"voice\":\"a.wav\",\"split\":\"train\"}}\n")));
        string model = Repository.File("onnx", "demo");
        string[][] commands =
        [
            ["train", "--recipe", Recipe, "--out", Path("run")],
            ["prepare", "--recipe", Recipe, "--out", Path("f")],
            ["embed", "--model", model, "--out", Path("e")],
        ];
        foreach (string[] command in commands)
        {
            (int exitCode, _, string error) = await Cmvae.RunAsync([.. command, "--manifest", manifest, "--skip-broken"]);

            Assert.Equal(2, exitCode);
            Assert.Contains(
                $"cmvae: {manifest}: all 4 clips are broken, so nothing is left. Clip 'p/1' is left out: a.wav: ",
                error,
                StringComparison.Ordinal);
            Assert.False(System.IO.Path.Exists(Path(System.IO.Path.GetFileName(command[^1]))));
        }
    }

    private static IEnumerable<string> Names(JsonNode skipped) =>
        skipped.AsArray().Select(clip => $"{(string)clip!["identity"]!}/{(string)clip["clip"]!}");

    private static async Task<string> Run(params string[] args)
    {
        (int exitCode, string output, string error) = await Cmvae.RunAsync(args);
        Assert.True(exitCode == 0, $"cmvae {string.Join(' ', args)}: {exitCode}: {error}");
        return output.Split('\n')[0];
    }

    private async Task<Manifest> Synthesise(int identities, int clips)
    {
        await Run(
            "corpus", "synth", "--identities", $"{identities}", "--clips-per-identity", $"{clips}", "--frames-per-clip", "1",
            "--out", Path("corpus"));
        return ManifestReader.Read(System.IO.Path.Combine(Path("corpus"), "manifest.jsonl"));
    }
}
