using System.Diagnostics;
using System.Text.Json;
using CrossModalVae.Embeddings;

namespace CrossModalVae.Cli.Tests;

/// <summary><c>cmvae explore</c> as a program: its link, its end, what it refuses, and that no other verb loads its server.</summary>
public sealed class ExploreTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();

    public ExploreTests() => EmbeddingFile.Write(_folder["e"], DrawnRows.Of(20, 2, dimension: 8));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2, 130)]
    [InlineData(15, 143)]
    public async Task Explore_UntilASignal_ServesAndEndsByItself(int signal, int exitCode)
    {
        (Process process, Uri link, List<string> lines) = await ServeAsync("--json");
        using (process)
        {
            using var client = new HttpClient();
            string data = await client.GetStringAsync(new Uri(link, "data"));
            using HttpResponseMessage open = await client.GetAsync(new Uri(link, "ranks"), HttpCompletionOption.ResponseHeadersRead);

            Cmvae.Signal(process, signal);
            await process.WaitForExitAsync().WaitAsync(Patience);

            Assert.Equal(80, JsonDocument.Parse(data).RootElement.GetProperty("clips").GetArrayLength());
            Assert.Equal(exitCode, process.ExitCode);
            lock (lines)
            {
                Assert.Equal("cmvae: stopped when everything was done.", lines[^1]);
                Assert.DoesNotContain(lines, line => line.Contains("stopped at once", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Explore_PortInUse_IsRefusedInOneSentence()
    {
        (Process process, Uri link, _) = await ServeAsync("--json");
        using (process)
        {
            (int exitCode, _, string error) = await Cmvae.RunAsync("explore", "--embeddings", _folder["e"], "--port", $"{link.Port}");
            process.Kill();

            Assert.Equal(2, exitCode);
            Assert.EndsWith(
                $"cmvae: The port {link.Port} is used by another program, perhaps another cmvae explore; "
                + "choose another, or 0 for a free one.\n",
                error.ReplaceLineEndings("\n"),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Explore_Export_WritesThePageAndTheTable()
    {
        (int exitCode, string output, string error) = await Cmvae.RunAsync(
            "explore", "--embeddings", _folder["e"], "--export", _folder["page.html"], "--atlas", _folder["rows.parquet"]);

        Assert.True(exitCode == 0, error);
        Assert.Equal($"wrote {_folder["page.html"]}\nwrote {_folder["rows.parquet"]}\n", output.ReplaceLineEndings("\n"));
        Assert.Contains("note: No manifest is given: there are no pictures and no sounds.", error, StringComparison.Ordinal);
        Assert.StartsWith("<!doctype html>", File.ReadAllText(_folder["page.html"]), StringComparison.Ordinal);
        Assert.Equal("PAR1"u8, File.ReadAllBytes(_folder["rows.parquet"]).AsSpan(0, 4));
    }

    /// <summary>What the other verbs wrote is taken as it is.</summary>
    [Fact]
    public async Task Explore_WithTheOtherVerbsFiles_ShowsThem()
    {
        string e = _folder["e"], clusters = _folder["c.json"], calibration = _folder["k.json"];
        foreach (string[] verb in new string[][]
        {
            ["project", "--embeddings", e, "--method", "pca", "--out", _folder["plane"]],
            ["cluster", "--embeddings", e, "--modality", "face", "--method", "hdbscan", "--out", clusters],
            ["calibrate", "--embeddings", e, "--split", "test", "--allow-test", "--direction", "face-to-voice", "--out", calibration],
        })
        {
            (int done, _, string fault) = await Cmvae.RunAsync(verb);
            Assert.True(done == 0, fault);
        }

        string[] files = ["--projection", _folder["plane/projection.json"], "--clusters", clusters, "--calibration", calibration];
        (int exitCode, _, string error) = await Cmvae.RunAsync(["explore", "--embeddings", e, .. files, "--export", _folder["page.html"]]);

        Assert.True(exitCode == 0, error);
        string page = File.ReadAllText(_folder["page.html"]);
        const string Element = "<script type=\"application/json\" id=\"data\">";
        using var data = JsonDocument.Parse(page.Split(Element)[1].Split("</script>")[0]);
        Assert.StartsWith("principal components", data.RootElement.GetProperty("layout").GetString(), StringComparison.Ordinal);
        Assert.Equal("hdbscan", data.RootElement.GetProperty("clustering").GetProperty("method").GetString());
        JsonElement nearest = data.RootElement.GetProperty("nearest");
        Assert.Equal(JsonValueKind.Null, nearest[0][0][2].ValueKind); // a voice among faces has no calibration
        Assert.InRange(nearest[1][0][2].GetDouble(), 0, 1);
    }

    [Theory]
    [InlineData("--with-media", "--with-media goes with --export and --manifest only.")]
    [InlineData("--media-megabytes 5", "--media-megabytes goes with --with-media only.")]
    [InlineData("--root x", "--root goes with --manifest only.")]
    [InlineData("--export p --port 8080", "--port and --model are for a page that is served; they do not go with --export and --atlas.")]
    public async Task Explore_OptionsThatDoNotGoTogether_AreRefused(string options, string sentence)
    {
        (int exitCode, _, string error) = await Cmvae.RunAsync(["explore", "--embeddings", "e", .. options.Split(' ')]);

        Assert.Equal((2, $"cmvae: {sentence}"), (exitCode, error.Split('\n')[0].TrimEnd()));
    }

    /// <summary>
    /// ASP.NET would cost every other verb part of its start; the maps of a process name every assembly that it has loaded.
    /// </summary>
    [Fact]
    public async Task OtherVerbs_AtWork_HaveNotLoadedTheServer()
    {
        using Process project = Cmvae.Start(
            _ => { }, "project", "--embeddings", _folder["e"], "--out", _folder["plane"], "--iterations", "1000000");
        (Process explore, _, _) = await ServeAsync("--json");
        using (explore)
        {
            string other = await File.ReadAllTextAsync($"/proc/{project.Id}/maps");
            string own = await File.ReadAllTextAsync($"/proc/{explore.Id}/maps");
            bool ended = project.HasExited;
            project.Kill();
            explore.Kill();

            Assert.False(ended);
            Assert.Contains("CrossModalVae.Explore.dll", own, StringComparison.Ordinal);
            Assert.Contains("Microsoft.AspNetCore", own, StringComparison.Ordinal);
            Assert.Contains("CrossModalVae.Analysis.dll", other, StringComparison.Ordinal);
            Assert.DoesNotContain("CrossModalVae.Explore.dll", other, StringComparison.Ordinal);
            Assert.DoesNotContain("Microsoft.AspNetCore", other, StringComparison.Ordinal);
        }
    }

    private async Task<(Process Process, Uri Link, List<string> Lines)> ServeAsync(params string[] options)
    {
        var lines = new List<string>();
        var link = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        Process process = Cmvae.Start(
            line =>
            {
                lock (lines)
                {
                    lines.Add(line);
                }
            },
            line => link.TrySetResult(new Uri(JsonDocument.Parse(line).RootElement.GetProperty("link").GetString()!)),
            ["explore", "--embeddings", _folder["e"], .. options]);
        return (process, await link.Task.WaitAsync(Patience), lines);
    }
}
