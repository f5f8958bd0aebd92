using System.Text.Json.Nodes;
using CrossModalVae.Audio;

namespace CrossModalVae.Cli.Tests;

/// <summary>Voices that end early, and voices that cancel themselves, through every verb that reads voices.</summary>
public sealed class TolerateTests : IDisposable
{
    private const int HeaderLength = 44;

    private readonly TemporaryFolder _folder = new();

    private string Manifest => Path.Combine(_folder["corpus"], "manifest.jsonl");

    private static string Recipe => Repository.File("pipelines", "demo.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Truncated_EveryVerb_RefusesItOrReadsAndListsIt()
    {
        string cut = await Synthesise();
        byte[] bytes = await File.ReadAllBytesAsync(cut);
        await File.WriteAllBytesAsync(cut, bytes[..(HeaderLength + ((bytes.Length - HeaderLength) / 4 * 3))]);
        string[] tolerate = ["--tolerate", "truncated"];
        string[][] verbs =
        [
            ["corpus", "check", "--manifest", Manifest],
            ["prepare", "--manifest", Manifest, "--recipe", Recipe, "--out", _folder["f"]],
            ["train", "--manifest", Manifest, "--recipe", Recipe, "--epochs", "1", "--threads", "1", "--out", _folder["run"]],
        ];

        foreach (string[] verb in verbs)
        {
            (int refused, _, string fault) = await Cmvae.RunAsync(verb);
            (int read, string output, string error) = await Cmvae.RunAsync([.. verb, .. tolerate]);

            Assert.Equal(2, refused);
            Assert.Contains($"{cut}: byte 36: the 'data' chunk promises", fault, StringComparison.Ordinal);
            Assert.True(read == 0, error + output);
            Assert.Contains("warning: 1 sound file that ends early, read as far as it goes:\n  " + cut, error, StringComparison.Ordinal);
        }

        (_, string json, _) = await Cmvae.RunAsync([.. verbs[1][..^1], _folder["g"], .. tolerate, "--json"]);
        Assert.Equal(cut, (string)JsonNode.Parse(json)!["tolerated"]![0]!);
        Assert.Equal(0, (await Cmvae.RunAsync("export", "--run", _folder["run"], "--out", _folder["model"])).ExitCode);
        string[] embed = ["embed", "--manifest", Manifest, "--model", _folder["model"], "--out", _folder["e"], "--json"];
        Assert.Equal(2, (await Cmvae.RunAsync(embed)).ExitCode);
        (int embedded, string listed, string messages) = await Cmvae.RunAsync([.. embed, .. tolerate]);
        Assert.True(embedded == 0, messages);
        Assert.Equal(cut, (string)JsonNode.Parse(listed)!["tolerated"]![0]!);

        // Channels that cancel each other: embed says what the check says.
        byte[] samples = [.. Enumerable.Range(0, 32_000).SelectMany(i => BitConverter.GetBytes((short)(i % 500 * (i % 2 == 0 ? 1 : -1))))];
        for (int i = 2; i < samples.Length; i += 4)
        {
            BitConverter.GetBytes((short)-BitConverter.ToInt16(samples, i - 2)).CopyTo(samples, i);
        }

        byte[] header = bytes[..HeaderLength];
        (header[22], header[32]) = (2, 4);
        BitConverter.GetBytes(64_000).CopyTo(header, 28);
        BitConverter.GetBytes(samples.Length).CopyTo(header, 40);
        await File.WriteAllBytesAsync(cut, [.. header, .. samples]);
        (_, _, string check) = await Cmvae.RunAsync(verbs[0]);
        (int exitCode, _, string said) = await Cmvae.RunAsync([.. embed, "--force"]);
        Assert.Equal(2, exitCode);
        Assert.Contains($"{cut}: every sample is 0; expected a voice.", check, StringComparison.Ordinal);
        Assert.Contains($"{cut}: every sample is 0; expected a voice.", said, StringComparison.Ordinal);
    }

    // Returns the voice of the first clip of the training split.
    private async Task<string> Synthesise()
    {
        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "corpus", "synth", "--identities", "30", "--clips-per-identity", "2", "--frames-per-clip", "1", "--out", _folder["corpus"]);
        Assert.True(exitCode == 0, error);
        string wav = (await File.ReadAllLinesAsync(Manifest))
            .Select(line => JsonNode.Parse(line)!)
            .First(clip => (string)clip["split"]! == "train")["voice"]!.GetValue<string>();
        string path = Path.Combine(_folder["corpus"], wav);
        Assert.Equal(36, (await File.ReadAllBytesAsync(path)).AsSpan().IndexOf("data"u8));
        Assert.Equal(1, WavFile.ReadInfo(path).ChannelCount);
        return path;
    }
}
