using System.Diagnostics;
using System.Text.Json.Nodes;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Models;
using CrossModalVae.Numerics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Cli.Tests;

/// <summary><c>cmvae gallery</c>: create, append, forget, info, and what a killed one leaves.</summary>
public sealed class GalleryVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string[] Files { get; } =
        ["embeddings.npy", "gallery.json", "reconstructions.npy", "rows.jsonl", "standard_deviations.npy"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CreateAndAppend_HoldWhatWasEmbedded()
    {
        EmbeddingFile.Write(_folder["e1"], Random(0, 40, withParts: true));
        EmbeddingFile.Write(_folder["e2"], Random(40, 25, withParts: true));

        string created = await Run(
            "gallery", "create", "--embeddings", _folder["e1"], "--out", _folder["g"], "--precision", "float16", "--modality", "face");
        string appended = await Run("gallery", "append", "--embeddings", _folder["e2"], "--gallery", _folder["g"]);
        string info = await Run("gallery", "info", "--gallery", _folder["g"], "--json");

        Assert.Equal(
            $"{_folder["g"]}: 20 rows appended, now 20 x 6\n"
            + $"wrote {_folder["g"]}: embeddings.npy, gallery.json, reconstructions.npy, rows.jsonl, standard_deviations.npy\n",
            created);
        Assert.Equal($"{_folder["g"]}: 25 rows appended, now 45 x 6\n", appended);
        var json = JsonNode.Parse(info)!;
        Assert.Equal((45, 6, "float16", true, 11), (
            (int)json["rows"]!,
            (int)json["dimension"]!,
            (string)json["precision"]!,
            (bool)json["standard_deviations"]!,
            (int)json["reconstruction_length"]!));
        Assert.Equal("""{"face":32,"voice":13}""", json["modalities"]!.ToJsonString());
        Assert.Equal(
            $"""
            {_folder["g"]}: 45 rows x 6, float16, 45 identities
              face: 32 rows
              voice: 13 rows
              standard deviations: kept
              reconstructions: 11 features

            """,
            await Run("gallery", "info", "--gallery", _folder["g"]));
    }

    [Fact]
    public async Task Append_Twice_IsRefusedInOneSentence()
    {
        EmbeddingFile.Write(_folder["e"], Random(0, 10, withParts: false));
        await Run("gallery", "create", "--embeddings", _folder["e"], "--out", _folder["g"]);

        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "gallery", "append", "--embeddings", _folder["e"], "--gallery", _folder["g"]);

        Assert.Equal((2, "cmvae: The voice of 'p0/c0' is in the gallery already; expected once.\n"), (exitCode, error));
    }

    [Fact]
    public async Task AppendAndRank_EmbeddingsOfAnotherModel_AreRefused()
    {
        EmbeddingFile.Write(_folder["e1"], Random(0, 10, withParts: false));
        EmbeddingFile.Write(_folder["e2"], Random(10, 10, withParts: false));
        new EmbeddingOrigin("one", new string('0', 64), new string('1', 64), PosteriorCollapse.None).Write(_folder["e1"]);
        new EmbeddingOrigin("two", new string('0', 64), new string('2', 64), PosteriorCollapse.None).Write(_folder["e2"]);
        await Run("gallery", "create", "--embeddings", _folder["e1"], "--out", _folder["g"]);
        string refusal = $"cmvae: {_folder["g", "origin.json"]}: the embeddings are of 'one', weights 111111111111; "
            + "expected those of 'two', weights 222222222222.\n";

        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "gallery", "append", "--embeddings", _folder["e2"], "--gallery", _folder["g"]);
        Assert.Equal((2, refusal), (exitCode, error));
        (exitCode, _, error) = await Cmvae.RunAsync(
            "rank", "--embeddings", _folder["e2"], "--gallery", _folder["g"], "--query", "p10/c10", "--direction", "voice-to-face");
        Assert.Equal((2, refusal), (exitCode, error));
    }

    [Fact]
    public async Task Forget_People_RemovesTheirRowsOrNoneWhereOneIsUnknown()
    {
        EmbeddingFile.Write(_folder["e"], Random(0, 10, withParts: true));
        await Run("gallery", "create", "--embeddings", _folder["e"], "--out", _folder["g"]);

        (int exitCode, _, string error) = await Cmvae.RunAsync("gallery", "forget", "p3", "p30", "--gallery", _folder["g"]);

        Assert.Equal(
            (2, $"cmvae: {_folder["g"]}: has no row of 'p30'; expected people of the gallery. Nothing is removed.\n"), (exitCode, error));
        Assert.Equal($"{_folder["g"]}: 2 rows removed, now 8 x 6\n", await Run("gallery", "forget", "p3", "p5", "--gallery", _folder["g"]));
        using var gallery = Gallery.Open(_folder["g"]);
        Assert.Equal(["p0", "p1", "p2", "p4", "p6", "p7", "p8", "p9"], gallery.Rows.Select(row => row.Identity));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Forget_KilledAtRandomMoments_LeavesAllRowsOrTheOthers()
    {
        const int rows = 30_000, rounds = 12;
        var random = new SeededRandom(2);
        EmbeddingFile.Write(_folder["e"], Random(0, rows, withParts: true));
        string[] create = ["gallery", "create", "--embeddings", _folder["e"], "--out"];
        await Run([.. create, _folder["straight"]]);
        var clock = Stopwatch.StartNew();
        using (Process whole = Cmvae.Start(_ => { }, "gallery", "forget", "p20000", "--gallery", _folder["straight"]))
        {
            await whole.WaitForExitAsync();
        }

        double seconds = clock.Elapsed.TotalSeconds;
        await Run([.. create, _folder["g"]]);
        int stopped = 0;
        for (int round = 0; round < rounds; round++)
        {
            // Each round forgets another; what an earlier round left is ended first.
            using (Process process = Cmvae.Start(_ => { }, "gallery", "forget", $"p{20_000 - round}", "--gallery", _folder["g"]))
            {
                await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * seconds * 1.1));
                process.Kill();
                await process.WaitForExitAsync();
            }

            using (var gallery = Gallery.Open(_folder["g"]))
            {
                Assert.Contains(gallery.Count, new[] { rows - round, rows - round - 1 });
                Assert.Equal(gallery.Count, gallery.Rows.Count);
                stopped += gallery.Count == rows - round ? 1 : 0;
            }

            (int exitCode, _, _) = await Cmvae.RunAsync("gallery", "forget", $"p{20_000 - round}", "--gallery", _folder["g"]);
            Assert.Contains(exitCode, new[] { 0, 2 }); // 2: the killed one had done it
            if (round == 0)
            {
                foreach (string file in Files)
                {
                    Assert.Equal(
                        await File.ReadAllBytesAsync(Path.Combine(_folder["straight"], file)),
                        await File.ReadAllBytesAsync(Path.Combine(_folder["g"], file)));
                }
            }

            Assert.Equal(
                Files.Append("gallery.lock").Order(StringComparer.Ordinal),
                Directory.GetFileSystemEntries(_folder["g"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }

        Assert.InRange(stopped, 1, rounds);
    }

    [Fact]
    public async Task Create_NothingChosen_IsRefused()
    {
        EmbeddingFile.Write(_folder["e"], Random(0, 10, withParts: false));

        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "gallery", "create", "--embeddings", _folder["e"], "--out", _folder["g"], "--split", "train");

        Assert.Equal((2, $"cmvae: {_folder["e"]}: has no row of this modality and split; expected some.\n"), (exitCode, error));
        Assert.False(Directory.Exists(_folder["g"]));
    }

    [Fact]
    public async Task Embed_PartsOfJointEmbeddings_AreRefused()
    {
        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "embed", "--manifest", "m", "--model", "m", "--out", "e", "--reconstructions");

        Assert.Equal(2, exitCode);
        Assert.StartsWith(
            "cmvae: --standard-deviations and --reconstructions are of voices and faces, not of joint embeddings; "
            + "choose --modality voice, face or both.",
            error,
            StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Append_KilledAtRandomMoments_LeavesTheOldOrTheNew()
    {
        // Large enough that writing takes as long as starting up: kills fall before, within and after it.
        const int first = 500, rows = 30_000, rounds = 25;
        var random = new SeededRandom(1);
        EmbeddingFile.Write(_folder["e0"], Random(0, first, withParts: true));
        EmbeddingFile.Write(_folder["e1"], Random(first, rows, withParts: true));
        string[] append = ["gallery", "append", "--embeddings", _folder["e1"], "--gallery", _folder["g"]];
        await Run("gallery", "create", "--embeddings", _folder["e0"], "--out", _folder["straight"]);
        var clock = Stopwatch.StartNew();
        using (Process whole = Cmvae.Start(_ => { }, [.. append[..^1], _folder["straight"]]))
        {
            await whole.WaitForExitAsync();
        }

        double seconds = clock.Elapsed.TotalSeconds;
        int stopped = 0;
        for (int round = 0; round < rounds; round++)
        {
            Directory.CreateDirectory(_folder["g"]);
            Directory.Delete(_folder["g"], recursive: true);
            await Run("gallery", "create", "--embeddings", _folder["e0"], "--out", _folder["g"]);
            using (Process process = Cmvae.Start(_ => { }, append))
            {
                await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * seconds * 1.1));
                process.Kill();
                await process.WaitForExitAsync();
            }

            using (var gallery = Gallery.Open(_folder["g"]))
            {
                Assert.Contains(gallery.Count, new[] { first, first + rows });
                Assert.Equal(gallery.Count, gallery.Rows.Count);
                stopped += gallery.Count == first ? 1 : 0;
            }

            (int exitCode, _, _) = await Cmvae.RunAsync(append);
            Assert.Contains(exitCode, new[] { 0, 2 }); // 2: all of it is there already
            foreach (string file in Files)
            {
                Assert.Equal(
                    await File.ReadAllBytesAsync(Path.Combine(_folder["straight"], file)),
                    await File.ReadAllBytesAsync(Path.Combine(_folder["g"], file)));
            }
        }

        Assert.InRange(stopped, 1, rounds);
    }

    private static async Task<string> Run(params string[] args)
    {
        (int exitCode, string output, string error) = await Cmvae.RunAsync(args);
        Assert.True(exitCode == 0, error);
        return output;
    }

    private static EmbeddingSet Random(int first, int count, bool withParts)
    {
        var random = new SeededRandom(first);
        float[] Values(int length) => [.. Enumerable.Range(0, count * length).Select(_ => (float)random.NextDouble())];
        return new EmbeddingSet(
            Values(6),
            6,
            [
                .. Enumerable.Range(first, count).Select(i => new EmbeddingRow
                {
                    Identity = $"p{i}",
                    Clip = $"c{i}",
                    Modality = i % 2 == 0 ? Modality.Voice : Modality.Face,
                    Split = CorpusSplit.Test,
                }),
            ],
            withParts ? Values(6) : null,
            withParts ? Values(11) : null);
    }
}
