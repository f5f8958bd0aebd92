using System.Text.Json.Nodes;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;

namespace CrossModalVae.Cli.Tests;

/// <summary>What <c>embed --resume</c> goes on with, and what it refuses or computes anew.</summary>
public sealed partial class WholeWayTests
{
    private const int PartClips = 512; // a part's clips, as the verb has them

    [Fact]
    public async Task EmbedResume_FinishedOutput_ComputesNothing()
    {
        using var folder = new TemporaryFolder();
        string[] embed = ["embed", "--manifest", corpus.Manifest, "--model", corpus.Model, "--out", folder["e"]];
        string first = await Run(embed);
        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(folder["e"], EmbeddingFile.MatrixName));

        (int exitCode, string output, string error) = await Cmvae.RunAsync([.. embed, "--resume"]);

        Assert.Equal(0, exitCode);
        Assert.Equal($"{output}wrote {folder["e"]}: embeddings.npy, origin.json, rows.jsonl\n", first);
        Assert.Equal($"{folder["e"]}: everything was computed before, from the same model, corpus and options\n", error);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(folder["e"], EmbeddingFile.MatrixName)));
    }

    [Theory]
    [InlineData("split", "validation")]
    [InlineData("gender", null)]
    [InlineData("nationality", "Elsewhere")]
    [InlineData("age", 99)]
    public async Task EmbedResume_FinishedOutputOfAnotherField_IsComputedAnew(string field, object? value)
    {
        using var folder = new TemporaryFolder();
        string manifest = Manifest(8, line => { });
        string[] embed = ["embed", "--manifest", manifest, "--model", corpus.Model, "--out", folder["e"], "--modality", "voice"];
        await Run(embed);
        EmbeddingRow before = EmbeddingFile.Read(folder["e"]).Rows[0];

        Manifest(8, line => line[field] = JsonValue.Create(value));
        await Run([.. embed, "--resume"]);

        EmbeddingRow after = EmbeddingFile.Read(folder["e"]).Rows[0];
        Assert.NotEqual(before, after);
        Assert.Equal(ManifestReader.Read(manifest).Clips.Select(Fields), EmbeddingFile.Read(folder["e"]).Rows.Select(Fields));
    }

    [Fact]
    public async Task EmbedResume_OutputChangedSince_IsComputedAnew()
    {
        using var folder = new TemporaryFolder();
        string[] embed = ["embed", "--manifest", Manifest(8, line => { }), "--model", corpus.Model, "--out", folder["e"], "--resume"];
        await Run(embed[..^1]);
        EmbeddingSet expected = EmbeddingFile.Read(folder["e"]);
        EmbeddingFile.Write(folder["e"], expected.Slice(0, 3));

        await Run(embed);

        Assert.Equal(expected.Rows, EmbeddingFile.Read(folder["e"]).Rows);
    }

    [Fact]
    public async Task EmbedResume_StoppedRun_KeepsPartsOfTheSameFilesAndRefusesAnotherManifest()
    {
        using var folder = new TemporaryFolder();
        string wav = Path.Combine(Path.GetDirectoryName(corpus.Manifest)!, "late.wav");
        File.Delete(wav);
        string manifest = Manifest(PartClips + 1, Late);
        string[] embed = ["embed", "--manifest", manifest, "--model", corpus.Model, "--out", folder["e"], "--modality", "voice"];
        (int stopped, _, string missing) = await Cmvae.RunAsync(embed); // the last clip's file is not there
        string part = Path.Combine(folder["e.partial"], "000000", EmbeddingFile.MatrixName);
        DateTime written = File.GetLastWriteTimeUtc(part);

        Manifest(PartClips + 1, line => { Late(line); line["gender"] = "f"; });
        (int refused, _, string error) = await Cmvae.RunAsync([.. embed, "--resume"]);
        Manifest(PartClips + 1, Late);
        File.Copy(Directory.GetFiles(Path.GetDirectoryName(wav)!, "*.wav", SearchOption.AllDirectories)[0], wav);
        DateTime kept = File.GetLastWriteTimeUtc(part);
        (int resumed, _, string progress) = await Cmvae.RunAsync([.. embed, "--resume"]);

        Assert.Equal(2, stopped);
        Assert.Contains(wav, missing, StringComparison.Ordinal);
        Assert.Equal(2, refused);
        Assert.StartsWith($"cmvae: {folder["e"]}.partial: holds the parts of another run", error, StringComparison.Ordinal);
        Assert.Equal((0, written), (resumed, kept));
        Assert.StartsWith($"embedding: {PartClips}/{PartClips + 1}\n", progress, StringComparison.Ordinal); // none of the first part
        Assert.Equal(PartClips + 1, EmbeddingFile.Read(folder["e"]).Count);
        File.Delete(wav);

        static void Late(JsonObject line) => line["voice"] = (string)line["clip"]! == $"{PartClips}" ? "late.wav" : (string)line["voice"]!;
    }

    [Fact]
    public async Task EmbedResume_FileRecordedAnew_ComputesItsPartAnew()
    {
        using var folder = new TemporaryFolder();
        string[] embed = ["embed", "--manifest", Manifest(8, line => { }), "--model", corpus.Model, "--out", folder["e"], "--resume"];
        await Run(embed[..^1]);
        string wav = ManifestReader.Read(embed[2]).VoicePath(ManifestReader.Read(embed[2]).Clips[0])!;
        File.SetLastWriteTimeUtc(wav, File.GetLastWriteTimeUtc(wav).AddSeconds(1));

        (int exitCode, _, string error) = await Cmvae.RunAsync(embed);

        Assert.Equal(0, exitCode);
        Assert.StartsWith("embedding: ", error, StringComparison.Ordinal);
    }

    private static (string, string, CorpusSplit, string?, string?, double?) Fields(Clip clip) =>
        (clip.Identity, clip.Name, clip.Split, clip.Gender, clip.Nationality, clip.Age);

    private static (string, string, CorpusSplit, string?, string?, double?) Fields(EmbeddingRow row) =>
        (row.Identity, row.Clip, row.Split, row.Gender, row.Nationality, row.Age);

    // A manifest beside the corpus's own: one clip's files under many names, so that parts fill quickly.
    private string Manifest(int clips, Action<JsonObject> change)
    {
        string path = Path.Combine(Path.GetDirectoryName(corpus.Manifest)!, "resume.jsonl");
        string line = File.ReadLines(corpus.Manifest).First();
        File.WriteAllLines(path, Enumerable.Range(0, clips).Select(i =>
        {
            JsonObject clip = JsonNode.Parse(line)!.AsObject();
            clip["clip"] = $"{i}";
            change(clip);
            return clip.ToJsonString();
        }));
        return path;
    }
}
