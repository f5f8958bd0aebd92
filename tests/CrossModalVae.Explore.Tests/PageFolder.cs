using System.Reflection;

namespace CrossModalVae.Explore.Tests;

/// <summary>The page's sources, with the packages that npm installed for them.</summary>
internal static class PageFolder
{
    internal static string Path { get; } = System.IO.Path.GetFullPath(typeof(PageFolder).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == nameof(PageFolder)).Value!);
}
