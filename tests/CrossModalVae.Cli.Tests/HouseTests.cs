using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CrossModalVae.Cli.Tests;

/// <summary>The arrows of the house (DESIGN 1): between projects, and between the folders inside a project, one way only.</summary>
public class HouseTests
{
    private static readonly (string Project, string[] References)[] House =
    [
        ("CrossModalVae", ["CrossModalVae.Analysis", "CrossModalVae.Media"]),
        ("CrossModalVae.Analysis", ["CrossModalVae.Numerics"]),
        (
            "CrossModalVae.Cli",
            [
                "CrossModalVae", "CrossModalVae.Explore", "CrossModalVae.Onnx", "CrossModalVae.Pictures", "CrossModalVae.Pipelines",
                "CrossModalVae.Scoring", "CrossModalVae.Synthesis", "CrossModalVae.Training",
            ]),
        ("CrossModalVae.Explore", ["CrossModalVae.Scoring"]),
        ("CrossModalVae.Hosting", ["CrossModalVae.Scoring"]),
        ("CrossModalVae.Media", ["CrossModalVae.Numerics"]),
        ("CrossModalVae.Numerics", []),
        ("CrossModalVae.Onnx", ["CrossModalVae"]),
        ("CrossModalVae.Pictures", ["CrossModalVae"]),
        ("CrossModalVae.Pipelines", ["CrossModalVae.Scoring"]),
        ("CrossModalVae.Pipelines.Hosting", ["CrossModalVae.Pipelines"]),
        ("CrossModalVae.Scoring", ["CrossModalVae"]),
        ("CrossModalVae.Synthesis", ["CrossModalVae"]),
        ("CrossModalVae.Training", ["CrossModalVae"]),
    ];

    public static TheoryData<string> Projects => [.. House.Select(entry => entry.Project)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void ProjectFile_References_GoOneWay(string project)
    {
        string[] references =
        [
            .. Elements(project, "ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Replace('\\', '/')))
                .Order(StringComparer.Ordinal),
        ];

        Assert.Equal(House.Single(entry => entry.Project == project).References, references);
    }

    [Fact]
    public void SourceFolder_Projects_AreTheHouse()
    {
        string[] projects =
        [
            .. Directory.GetDirectories(Repository.File("src")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal),
        ];

        Assert.Equal(House.Select(entry => entry.Project), projects);
        Assert.All(projects, project => Assert.True(File.Exists(Repository.File("tests", $"{project}.Tests", $"{project}.Tests.csproj"))));
    }

    [Theory]
    [InlineData("CrossModalVae.Numerics", "TorchSharp Microsoft.ML Microsoft.ML.OnnxRuntime.Managed ScottPlot NWaves SixLabors.ImageSharp")]
    [InlineData("CrossModalVae.Analysis", "TorchSharp Microsoft.ML Microsoft.ML.OnnxRuntime.Managed ScottPlot NWaves SixLabors.ImageSharp")]
    [InlineData("CrossModalVae.Media", "TorchSharp Microsoft.ML Microsoft.ML.OnnxRuntime.Managed ScottPlot")]
    [InlineData("CrossModalVae", "TorchSharp Microsoft.ML Microsoft.ML.OnnxRuntime.Managed ScottPlot NWaves")]
    [InlineData("CrossModalVae.Synthesis", "TorchSharp Microsoft.ML Microsoft.ML.OnnxRuntime.Managed ScottPlot NWaves")]
    [InlineData("CrossModalVae.Training", "Microsoft.ML Microsoft.ML.OnnxRuntime.Managed ScottPlot NWaves SixLabors.ImageSharp")]
    [InlineData("CrossModalVae.Onnx", "TorchSharp Microsoft.ML ScottPlot NWaves SixLabors.ImageSharp")]
    [InlineData("CrossModalVae.Pipelines", "TorchSharp ScottPlot NWaves SixLabors.ImageSharp")]
    [InlineData("CrossModalVae.Pipelines.Hosting", "TorchSharp ScottPlot NWaves SixLabors.ImageSharp")]
    [InlineData("CrossModalVae.Explore", "TorchSharp Microsoft.ML Microsoft.ML.OnnxTransformer ScottPlot NWaves")]
    [InlineData("CrossModalVae.Hosting", "TorchSharp Microsoft.ML Microsoft.ML.OnnxTransformer ScottPlot NWaves SixLabors.ImageSharp")]
    [InlineData("CrossModalVae.Scoring", "TorchSharp Microsoft.ML Microsoft.ML.OnnxTransformer ScottPlot NWaves SixLabors.ImageSharp")]
    [InlineData("CrossModalVae.Pictures", "TorchSharp Microsoft.ML Microsoft.ML.OnnxRuntime.Managed NWaves SixLabors.ImageSharp")]
    public void ProjectFile_Packages_KeepEnginesApart(string project, string foreign) =>
        Assert.Empty(Elements(project, "PackageReference").Intersect(foreign.Split(' ')));

    /// <summary>
    /// A folder's namespace is its path; a folder sees the namespaces above it. What it takes from
    /// other folders is in its using directives; a namespace that the project file makes global counts for every folder.
    /// </summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_OfAProject_ReferToEachOtherOneWay(string project)
    {
        string root = Repository.File("src", project);
        // using directives, and names qualified in the text
        var reference = new Regex($@"\b{Regex.Escape(Namespace(project))}\.([A-Z]\w+)");
        var arrows = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        string[] folders = [.. Directory.GetDirectories(root).Select(folder => Path.GetFileName(folder)!)];
        string shared = string.Join('\n', Elements(project, "Using"));
        foreach (string folder in folders)
        {
            arrows[folder] = new SortedSet<string>(StringComparer.Ordinal);
            foreach (string file in Directory.GetFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories))
            {
                foreach (Match match in reference.Matches(File.ReadAllText(file) + shared))
                {
                    string target = match.Groups[1].Value;
                    if (target != folder && folders.Contains(target))
                    {
                        arrows[folder].Add(target);
                    }
                }
            }
        }

        Assert.Null(Circle(arrows));
    }

    [Theory]
    [InlineData("a>b b>c", null)]
    [InlineData("a>b b>c c>a", "a -> b -> c -> a")]
    public void Circle_OfArrows_IsFound(string text, string? expected)
    {
        var arrows = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (string arrow in text.Split(' '))
        {
            (arrows.TryGetValue(arrow[..1], out SortedSet<string>? targets) ? targets : arrows[arrow[..1]] = []).Add(arrow[2..]);
        }

        Assert.Equal(expected, Circle(arrows));
    }

    private static string? Circle(Dictionary<string, SortedSet<string>> arrows)
    {
        foreach (string start in arrows.Keys.Order(StringComparer.Ordinal))
        {
            var path = new List<string> { start };
            if (Reaches(start, start, arrows, path, []))
            {
                return string.Join(" -> ", path);
            }
        }

        return null;
    }

    private static bool Reaches(
        string from, string goal, Dictionary<string, SortedSet<string>> arrows, List<string> path, HashSet<string> seen)
    {
        foreach (string next in arrows.TryGetValue(from, out SortedSet<string>? targets) ? targets : [])
        {
            path.Add(next);
            if (next == goal || (seen.Add(next) && Reaches(next, goal, arrows, path, seen)))
            {
                return true;
            }

            path.RemoveAt(path.Count - 1);
        }

        return false;
    }

    // Projects below the contract and the contract itself share the namespace CrossModalVae; the others have their own.
    private static string Namespace(string project) =>
        project is "CrossModalVae.Numerics" or "CrossModalVae.Analysis" or "CrossModalVae.Media" ? "CrossModalVae" : project;

    private static IEnumerable<string> Elements(string project, string name) =>
        XDocument.Load(Repository.File("src", project, $"{project}.csproj"))
            .Descendants(name)
            .Select(element => element.Attribute("Include")!.Value);
}
