using System.Diagnostics;
using System.Xml.Linq;

namespace CrossModalVae.Cli.Tests;

/// <summary>
/// The packages of this checkout in a folder of their own, and what a user of them has: an empty package cache and the machine's ordinary
/// feeds. Packs what was built with the tests.
/// </summary>
public sealed class PackedFeed : IDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private readonly TemporaryFolder _folder = new();

    public PackedFeed()
    {
        Directory.CreateDirectory(Cache);
        // The test assembly lies in <artifacts>/bin/<project>/<configuration>.
        string artifacts = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", ".."));
        string[] common = ["-c", Configuration, $"-p:ArtifactsPath={artifacts}", "-o", Packages, "-nologo", "-v", "quiet"];
        Succeed(Dotnet(Repository.Root, useEmptyCache: false, ["pack", "CrossModalVae.sln", "--no-build", .. common]));
        Succeed(Dotnet(Repository.Root, useEmptyCache: false, ["pack", Repository.File("src", "CrossModalVae.Cli"), .. common]));
    }

    /// <summary>The folder of packages.</summary>
    internal string Packages => _folder["packages"];

    /// <summary>The version of the packages.</summary>
    internal static string Version { get; } =
        XDocument.Load(Repository.File("Directory.Build.props")).Descendants("Version").Single().Value;

    private string Cache => _folder["cache"];

    /// <summary>The one version that this repository uses of a package of other people.</summary>
    internal static string VersionOf(string package) => XDocument.Load(Repository.File("Directory.Packages.props"))
        .Descendants("PackageVersion")
        .Single(entry => entry.Attribute("Include")!.Value == package)
        .Attribute("Version")!.Value.Trim('[', ']');

    /// <summary>Runs the .NET command line in a folder, restoring into the empty cache.</summary>
    internal Outcome Dotnet(string workingFolder, params string[] arguments) => Dotnet(workingFolder, useEmptyCache: true, arguments);

    /// <summary>Runs a program and waits for it.</summary>
    internal static Outcome Run(string program, string workingFolder, params string[] arguments) =>
        Run(program, workingFolder, cache: null, arguments);

    /// <summary>Fails the test where a program failed.</summary>
    internal static string Succeed(Outcome outcome)
    {
        Assert.True(outcome.ExitCode == 0, $"{outcome.ExitCode}: {outcome.Output}\n{outcome.Error}");
        return outcome.Output;
    }

    /// <summary>Writes the project of a console program that has packages of ours.</summary>
    internal static void WriteProject(TemporaryFolder folder, params string[] libraries) =>
        WriteProject(folder, "Microsoft.NET.Sdk", libraries, []);

    /// <summary>Writes a project with our libraries, and packages of other people in the versions of this repository.</summary>
    internal static void WriteProject(TemporaryFolder folder, string sdk, string[] libraries, string[] others)
    {
        (string Name, string Version)[] references =
        [
            .. libraries.Select(library => (library, Version)),
            .. others.Append("Microsoft.ML.OnnxRuntime").Select(package => (package, VersionOf(package))),
        ];
        File.WriteAllText(folder["App.csproj"], $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                {string.Concat(references.Select(reference =>
                    $"""<PackageReference Include="{reference.Name}" Version="{reference.Version}" />"""))}
              </ItemGroup>
            </Project>
            """);
    }

    /// <summary>Builds the project of a folder from the packages; the program.</summary>
    internal string Build(TemporaryFolder folder)
    {
        string source = $"-p:RestoreAdditionalProjectSources={Packages}";
        Succeed(Dotnet(folder.Root, "build", "-c", "Release", "-o", folder["out"], source, "-nologo", "-v", "quiet"));
        return Path.Combine(folder["out"], "App.dll");
    }

    public void Dispose() => _folder.Dispose();

    private Outcome Dotnet(string workingFolder, bool useEmptyCache, string[] arguments) =>
        Run("dotnet", workingFolder, useEmptyCache ? Cache : null, arguments);

    private static Outcome Run(string program, string workingFolder, string? cache, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // nothing stays behind
        if (cache is not null)
        {
            start.Environment["NUGET_PACKAGES"] = cache;
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Outcome(process.ExitCode, output, error.Result);
    }

    /// <summary>How a program ended and what it said.</summary>
    internal sealed record Outcome(int ExitCode, string Output, string Error);
}

/// <summary>The tests that share the packages.</summary>
[CollectionDefinition(nameof(PackedFeed))]
public sealed class PackedFeedTests : ICollectionFixture<PackedFeed>;
