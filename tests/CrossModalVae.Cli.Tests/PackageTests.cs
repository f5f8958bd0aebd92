using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Xml.Linq;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;
using CrossModalVae.Scoring;

namespace CrossModalVae.Cli.Tests;

/// <summary>The packages as their users get them: outside this repository, from a folder, with an empty package cache.</summary>
[Collection(nameof(PackedFeed))]
[Trait("Category", "Slow")]
public class PackageTests(PackedFeed feed)
{
    private const int Recordings = 5;

    private static readonly string[] Natives =
        ["Microsoft.ML.OnnxRuntime", "Microsoft.ML.OnnxRuntime.Gpu", "TorchSharp-cpu", "TorchSharp-cuda-linux"];

    // What an application brings to README's ten lines: its usings and its data, before them; a look at the result, after them.
    private const string Before = """
        using CrossModalVae;
        using CrossModalVae.Corpora;
        using CrossModalVae.Embeddings;
        using CrossModalVae.Pipelines;
        using CrossModalVae.Scoring;
        using CrossModalVae.Retrieval;
        using CrossModalVae.Training;
        using Microsoft.ML;

        if (args is ["train"])
        {
            DeviceChoice.Resolve("cpu");
        }

        Manifest grid = ManifestReader.Read("tests/fixtures/grid/manifest.jsonl");
        Recorded[] clips = [.. grid.Clips.Take(5).Select(clip => new Recorded { Recording = clip.Voice! })];
        IDataView recordings = new MLContext().Data.LoadFromEnumerable(clips);

        """;

    private const string After = """

        foreach (Ranked row in ml.Data.CreateEnumerable<Ranked>(ranked, reuseRowObject: false))
        {
            Console.WriteLine(FormattableString.Invariant($"{row.RankedIdentities[0]} {row.RankedScores[0]:F3}"));
        }

        internal sealed class Recorded
        {
            public string Recording { get; set; } = "";
        }

        internal sealed class Ranked
        {
            public string[] RankedIdentities { get; set; } = [];

            public float[] RankedScores { get; set; } = [];
        }
        """;

    [Fact]
    public void ReadmesTenLines_NewConsoleProject_RankAsThisBuild()
    {
        using var folder = new TemporaryFolder();
        PackedFeed.WriteProject(folder, "CrossModalVae.Pipelines", "CrossModalVae.Training");
        File.WriteAllText(folder["Program.cs"], Before + TenLines() + After);

        string program = feed.Build(folder);
        string output = PackedFeed.Succeed(PackedFeed.Run("dotnet", Repository.Root, program));
        Assert.Equal(BestFaces(), output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        AssertNamesThePackages(folder["out"], program);
    }

    [Fact]
    public void PredictionEngineSample_NewConsoleProject_RanksByABundle()
    {
        using var folder = new TemporaryFolder();
        PackedFeed.WriteProject(folder, "CrossModalVae.Pipelines");
        foreach (string file in Directory.GetFiles(Repository.File("samples", "PredictionEngine"), "*.cs"))
        {
            File.Copy(file, folder[Path.GetFileName(file)]);
        }

        string program = feed.Build(folder), bundle = folder["people.cmvae.zip"], people = Path.Combine(Fixtures.Grid, "manifest.jsonl");

        PackedFeed.Succeed(PackedFeed.Run("dotnet", folder.Root, program, "save", Repository.File("onnx", "demo"), people, bundle));
        Manifest manifest = ManifestReader.Read(people);
        string[] recordings = [.. manifest.Clips.Take(Recordings).Select(clip => manifest.VoicePath(clip)!)];
        string output = PackedFeed.Succeed(PackedFeed.Run("dotnet", folder.Root, [program, "rank", bundle, .. recordings]));

        Assert.Equal(
            BestFaces().Select(match => match.Split(' ')[0]),
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[1]));
    }

    [Fact]
    public async Task ServiceSample_NewWebProject_RanksOverHttp()
    {
        using var folder = new TemporaryFolder();
        string sample = Repository.File("samples", "Service");
        string[] others =
        [
            .. XDocument.Load(Path.Combine(sample, "Service.csproj")).Descendants("PackageReference")
                .Select(reference => reference.Attribute("Include")!.Value),
        ];
        PackedFeed.WriteProject(folder, "Microsoft.NET.Sdk.Web", ["CrossModalVae.Hosting"], others);
        foreach (string file in Directory.GetFiles(sample, "*.cs").Append(Path.Combine(sample, "appsettings.json")))
        {
            File.Copy(file, folder[Path.GetFileName(file)]);
        }

        var start = new ProcessStartInfo(
            "dotnet",
            [
                feed.Build(folder), "--urls=http://127.0.0.1:0", $"--CrossModalVae:ModelFolder={Repository.File("onnx", "demo")}",
                $"--Service:GalleryFolder={folder["gallery"]}", "--Service:RequireApiKey=false",
            ])
        {
            RedirectStandardOutput = true,
        };
        using Process service = Process.Start(start)!;
        try
        {
            const string Listening = "Now listening on: ";
            string? line;
            do
            {
                line = await service.StandardOutput.ReadLineAsync();
            }
            while (line?.Contains(Listening, StringComparison.Ordinal) == false);
            Assert.NotNull(line);
            string address = line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..];
            using var client = new HttpClient { BaseAddress = new Uri(address) };
            Manifest people = ManifestReader.Read(Path.Combine(Fixtures.Grid, "manifest.jsonl"));
            Clip clip = people.Clips[0];
            await PostAsync(client, $"v1/people/{clip.Identity}/faces", people.FacePaths(clip)[0], "image/jpeg");
            string ranked = await PostAsync(client, "v1/rank/voice", people.VoicePath(clip)!, "audio/wav");

            Assert.Contains($"\"person\":\"{clip.Identity}\"", ranked, StringComparison.Ordinal);
            Assert.Equal("Healthy", await client.GetStringAsync("health"));
        }
        finally
        {
            service.Kill();
            await service.WaitForExitAsync();
        }
    }

    [Fact]
    public void Tool_EmptyFolder_RunsTheDemo()
    {
        using var folder = new TemporaryFolder();
        string empty = Directory.CreateDirectory(folder["empty"]).FullName;
        string cmvae = Path.Combine(folder["tools"], "cmvae");

        string[] install = ["tool", "install", "CrossModalVae.Cli", "--version", PackedFeed.Version];
        PackedFeed.Succeed(feed.Dotnet(empty, [.. install, "--add-source", feed.Packages, "--tool-path", folder["tools"]]));

        string version = PackedFeed.Succeed(PackedFeed.Run(cmvae, empty, "--version"));
        Assert.StartsWith(PackedFeed.Version, version, StringComparison.Ordinal);
        string[] small = ["--identities", "60", "--clips-per-identity", "2", "--epochs", "2"];
        string demo = PackedFeed.Succeed(PackedFeed.Run(cmvae, empty, ["demo", .. small]));
        Assert.Contains("27 of 10 people (GRID) through every step", demo, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(empty, "artifacts", "demo", "summary.json")));
    }

    [Fact]
    public void LibraryPackages_Contents_AreComplete()
    {
        string[] libraries =
        [
            .. Directory.GetFiles(feed.Packages, "*.nupkg")
                .Where(file => !Path.GetFileName(file).StartsWith("CrossModalVae.Cli.", StringComparison.Ordinal)),
        ];

        Assert.Equal(Directory.GetDirectories(Repository.File("src")).Length - 1, libraries.Length); // all but the tool
        Assert.All(libraries, file =>
        {
            using ZipArchive package = ZipFile.OpenRead(file);
            string name = Path.GetFileName(file).Replace($".{PackedFeed.Version}.nupkg", "", StringComparison.Ordinal);
            string[] entries = [.. package.Entries.Select(entry => entry.FullName)];
            Assert.Empty(new[] { "README.md", "icon.png", $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml" }.Except(entries));
            Assert.True(File.Exists(Path.ChangeExtension(file, ".snupkg")), file);
            using Stream stream = package.GetEntry($"{name}.nuspec")!.Open();
            AssertDependencies(XDocument.Load(stream));
        });
    }

    private static async Task<string> PostAsync(HttpClient client, string path, string file, string type)
    {
        using var content = new ByteArrayContent(await File.ReadAllBytesAsync(file));
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using HttpResponseMessage answer = await client.PostAsync(path, content);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {text}");
        return text;
    }

    // Managed packages, each in one version: what an application must decide, the native engines, is not among them.
    private static void AssertDependencies(XDocument nuspec)
    {
        foreach (XElement dependency in nuspec.Descendants().Where(element => element.Name.LocalName == "dependency"))
        {
            string id = dependency.Attribute("id")!.Value;
            string version = id.StartsWith("CrossModalVae", StringComparison.Ordinal) ? PackedFeed.Version : PackedFeed.VersionOf(id);
            Assert.Equal($"[{version}]", dependency.Attribute("version")!.Value);
            Assert.DoesNotContain(id, Natives);
        }
    }

    private static void AssertNamesThePackages(string output, string program)
    {
        PackedFeed.Outcome train = PackedFeed.Run("dotnet", Repository.Root, program, "train");
        Assert.NotEqual(0, train.ExitCode);
        Assert.Contains("add the package TorchSharp-cpu (or TorchSharp-cuda-linux", train.Error, StringComparison.Ordinal);

        string[] all = Directory.GetFiles(output, "*onnxruntime.*", SearchOption.AllDirectories);
        string[] natives = [.. all.Where(file => !IsManaged(file))];
        Assert.NotEmpty(natives);
        Array.ForEach(natives, File.Delete);
        PackedFeed.Outcome score = PackedFeed.Run("dotnet", Repository.Root, program);
        Assert.NotEqual(0, score.ExitCode);
        Assert.Contains("add the package Microsoft.ML.OnnxRuntime (or ", score.Error, StringComparison.Ordinal);
    }

    private static bool IsManaged(string file) => Path.GetFileName(file).StartsWith("Microsoft.ML.", StringComparison.Ordinal);

    // The C# block of README.md that loads a model.
    private static string TenLines()
    {
        const string Fence = "```";
        string block = File.ReadAllText(Repository.File("README.md")).Split($"{Fence}csharp\n").Skip(1)
            .Select(text => text[..text.IndexOf(Fence, StringComparison.Ordinal)])
            .First(text => text.Contains("ScoringModel.Load", StringComparison.Ordinal));
        Assert.InRange(block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 5, 12);
        return block;
    }

    private static string[] BestFaces()
    {
        using ScoringModel model = ScoringModel.Load(Repository.File("onnx", "demo"));
        Manifest people = ManifestReader.Read(Path.Combine(Fixtures.Grid, "manifest.jsonl"));
        EmbeddingSet voices = model.Embed(people, Modality.Voice);
        var ranker = new Ranker(model.Embed(people, Modality.Face), model.Recipe.Ranking.Metric);
        return
        [
            .. Enumerable.Range(0, Recordings).Select(row => ranker.RankIdentities(voices[row], 1)[0])
                .Select(match => string.Create(CultureInfo.InvariantCulture, $"{match.Identity} {match.Score:F3}")),
        ];
    }
}
