using System.Xml.Linq;

namespace CrossModalVae.Cli.Tests;

/// <summary>The arrows of the house (DESIGN 1): Cli -> {Training, Onnx, Pipelines, Pictures} -> core, and nothing else.</summary>
public class HouseTests
{
    [Theory]
    [InlineData("CrossModalVae", new string[0])]
    [InlineData("CrossModalVae.Training", new[] { "CrossModalVae" })]
    [InlineData("CrossModalVae.Onnx", new[] { "CrossModalVae" })]
    [InlineData("CrossModalVae.Pipelines", new[] { "CrossModalVae" })]
    [InlineData("CrossModalVae.Pictures", new[] { "CrossModalVae" })]
    [InlineData(
        "CrossModalVae.Cli",
        new[] { "CrossModalVae", "CrossModalVae.Onnx", "CrossModalVae.Pictures", "CrossModalVae.Pipelines", "CrossModalVae.Training" })]
    public void ProjectFile_References_GoOneWay(string project, string[] expected)
    {
        string[] references =
        [
            .. Elements(project, "ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Replace('\\', '/'))).Order(StringComparer.Ordinal),
        ];

        Assert.Equal(expected, references);
    }

    [Fact]
    public void SourceFolder_Projects_AreTheSix()
    {
        string[] projects = [.. Directory.GetDirectories(Repository.File("src")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

        Assert.Equal(
            [
                "CrossModalVae", "CrossModalVae.Cli", "CrossModalVae.Onnx", "CrossModalVae.Pictures", "CrossModalVae.Pipelines", "CrossModalVae.Training",
            ],
            projects);
        Assert.All(projects, project => Assert.True(File.Exists(Repository.File("tests", $"{project}.Tests", $"{project}.Tests.csproj"))));
    }

    [Theory]
    [InlineData("CrossModalVae", new[] { "TorchSharp", "Microsoft.ML", "Microsoft.ML.OnnxRuntime.Managed", "ScottPlot" })]
    [InlineData("CrossModalVae.Training", new[] { "Microsoft.ML", "Microsoft.ML.OnnxRuntime.Managed", "ScottPlot" })]
    [InlineData("CrossModalVae.Onnx", new[] { "TorchSharp", "Microsoft.ML", "ScottPlot" })]
    [InlineData("CrossModalVae.Pipelines", new[] { "TorchSharp", "ScottPlot" })]
    [InlineData("CrossModalVae.Pictures", new[] { "TorchSharp", "Microsoft.ML", "Microsoft.ML.OnnxRuntime.Managed" })]
    public void ProjectFile_Packages_KeepEnginesApart(string project, string[] foreign)
    {
        Assert.Empty(Elements(project, "PackageReference").Intersect(foreign));
    }

    private static IEnumerable<string> Elements(string project, string name) =>
        XDocument.Load(Repository.File("src", project, $"{project}.csproj")).Descendants(name).Select(element => element.Attribute("Include")!.Value);
}
