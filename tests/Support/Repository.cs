using System.Reflection;

namespace CrossModalVae.TestSupport;

/// <summary>
/// Where this checkout lies: the tests read project files, recipes and fixtures of it. The build says so (tests/Directory.Build.props):
/// source paths in the assemblies are not this machine's under CI, and artifacts may lie outside the checkout.
/// </summary>
internal static class Repository
{
    internal static string Root { get; } = Path.GetFullPath(typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!);

    internal static string File(params string[] parts) => Path.Combine([Root, .. parts]);
}
