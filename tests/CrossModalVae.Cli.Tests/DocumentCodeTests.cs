using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace CrossModalVae.Cli.Tests;

/// <summary>Code blocks of README, docs and samples: C# compiles against the built libraries, Python and JavaScript parse.</summary>
public partial class DocumentCodeTests
{
    private const string Fence = "```";

    // What the pages take for granted, as an application has it before the block begins.
    private static readonly (string Name, string Type)[] Given =
    [
        ("app", "WebApplication"), ("builder", "WebApplicationBuilder"), ("classes", "int[]"), ("columns", "PipelineColumns"),
        ("data", "IDataView"), ("faces", "EmbeddingSet"), ("host", "ModelHost"), ("isTarget", "bool[]"),
        ("loggerFactory", "ILoggerFactory"), ("ml", "MLContext"), ("model", "ScoringModel"), ("people", "Manifest"),
        ("recordings", "IDataView"), ("row", "EmbeddingRow"),
        ("scores", "float[]"), ("transformer", "ITransformer"), ("vector", "ReadOnlyMemory<float>"), ("view", "IDataView"),
        ("voices", "VoiceEmbeddingGenerator"), ("wav", "byte[]"),
    ];

    private static readonly string[] Libraries = ["CrossModalVae", "Microsoft.ML", "Microsoft.Extensions.", "System.Numerics.Tensors"];

    private static readonly string[] Others =
    [
        "Microsoft.Extensions.AI", "Microsoft.Extensions.VectorData", "Microsoft.ML", "Microsoft.ML.Data", "System.Numerics.Tensors",
        "PeopleRanking",
    ];

    [Fact]
    public void Blocks_Languages_AreThoseThatATestReads() =>
        Assert.DoesNotContain(Blocks(), block => block.Language is not ("" or "csharp" or "js" or "python"));

    [Fact]
    [Trait("Category", "Slow")]
    public void CSharpBlocks_EachAlone_Compile()
    {
        using var folder = new TemporaryFolder();
        Block[] blocks = [.. Blocks().Where(block => block.Language == "csharp")];
        folder.Write("Blocks.csproj", Project());
        folder.Write("Usings.cs", Usings());
        for (int i = 0; i < blocks.Length; i++)
        {
            folder.Write($"Block{i}.cs", Method(blocks[i], i));
        }

        PackedFeed.Outcome build = PackedFeed.Run("dotnet", folder.Root, "build", "-nologo", "-v", "quiet", "-clp:NoSummary");

        Assert.InRange(blocks.Length, 15, int.MaxValue); // the pages have so many: the reader of blocks finds them
        Assert.True(build.ExitCode == 0, build.Output + build.Error);
    }

    [SkippableFact]
    public void PythonBlocks_EachAlone_Parse()
    {
        Tool.Require(Tool.Succeeds("python3", "--version"), "python3");
        using var folder = new TemporaryFolder();

        string[] faults = [.. Faults(folder, "python", ".py", file => PackedFeed.Run(
            "python3", folder.Root, "-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())", file))];

        Assert.Empty(faults);
    }

    [SkippableFact]
    public void JavaScriptBlocks_EachAlone_Parse()
    {
        Tool.Require(Tool.Succeeds("node", "--version"), "Node.js");
        using var folder = new TemporaryFolder();

        Assert.Empty(Faults(folder, "js", ".mjs", file => PackedFeed.Run("node", folder.Root, "--check", file)));
    }

    private static IEnumerable<string> Faults(
        TemporaryFolder folder, string language, string ending, Func<string, PackedFeed.Outcome> check)
    {
        Block[] blocks = [.. Blocks().Where(block => block.Language == language)];
        Assert.NotEmpty(blocks);
        return blocks
            .Select((block, i) => (Block: block, Outcome: check(folder.Write($"{i}{ending}", block.Text))))
            .Where(run => run.Outcome.ExitCode != 0)
            .Select(run => $"{run.Block.Document}:{run.Block.Line}: {run.Outcome.Error}");
    }

    private static IEnumerable<Block> Blocks() => DocumentTests.Pages.SelectMany(Read);

    private static IEnumerable<Block> Read(string document)
    {
        string[] lines = File.ReadAllLines(Repository.File(document));
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(Fence, StringComparison.Ordinal))
            {
                continue;
            }

            int end = Array.FindIndex(lines, i + 1, line => line.StartsWith(Fence, StringComparison.Ordinal));
            Assert.True(end > 0, $"{document}:{i + 1}: the block does not end.");
            yield return new Block(document, i + 2, lines[i][Fence.Length..].Trim(), string.Join('\n', lines[(i + 1)..end]) + "\n");
            i = end;
        }
    }

    // Faults are reported at the page's own line.
    private static string Method(Block block, int number)
    {
        IEnumerable<string> given = Given
            .Where(name => Regex.IsMatch(block.Text, $@"(?<![.\w""]){name.Name}\b") && !Declares(block.Text, name.Name))
            .Select(name => $"{name.Type} {name.Name}");
        return string.Create(CultureInfo.InvariantCulture, $$"""
            namespace Blocks;
            internal static class Block{{number}}
            {
                internal static async Task Run({{string.Join(", ", given)}})
                {
                    await Task.CompletedTask;
            #line {{block.Line}} "{{Repository.File(block.Document)}}"
            {{block.Text}}
                }
            }
            """);
    }

    private static bool Declares(string text, string name) =>
        Declaration().Matches(text).Any(match => match.Groups["name"].Value == name && match.Groups["type"].Value is not ("await" or "in"));

    private static string Usings()
    {
        var text = new StringBuilder();
        IEnumerable<string> ours = Directory.GetFiles(AppContext.BaseDirectory, "CrossModalVae*.dll")
            .Where(file => !file.EndsWith(".Tests.dll", StringComparison.Ordinal))
            .SelectMany(file => Assembly.LoadFrom(file).GetExportedTypes())
            .Select(type => type.Namespace!);
        foreach (string name in ours.Concat(Others).Distinct().Order(StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"global using {name};\n");
        }

        // Both have the name; who uses ML.NET's evaluation has no use for the namespace of the other, which belongs to files.
        return text.Append("global using ClusteringMetrics = Microsoft.ML.Data.ClusteringMetrics;\n").ToString();
    }

    private static string Project()
    {
        IEnumerable<string> references = Directory.GetFiles(AppContext.BaseDirectory, "*.dll")
            .Where(file => Libraries.Any(library => Path.GetFileName(file).StartsWith(library, StringComparison.Ordinal)))
            .Where(file => !file.EndsWith(".Tests.dll", StringComparison.Ordinal))
            .Select(file => $"""<Reference Include="{file}" Private="false" />""");
        return $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <OutputType>Library</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <RunAnalyzers>false</RunAnalyzers>
              </PropertyGroup>
              <ItemGroup>
                <Compile Include="{Repository.File("samples", "PredictionEngine", "Recording.cs")}" />
                <Compile Include="{Repository.File("samples", "PredictionEngine", "RankedPeople.cs")}" />
                {string.Join('\n', references)}
              </ItemGroup>
            </Project>
            """;
    }

    [GeneratedRegex(@"(?<type>[A-Za-z_][\w.]*(<[^<>]*>)?\??(\[\])?)\s+(?<name>\w+)\s*(=(?![=>])|,|\)|in\b)")]
    private static partial Regex Declaration();

    private sealed record Block(string Document, int Line, string Language, string Text);
}
