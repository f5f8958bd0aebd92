namespace CrossModalVae.TestSupport;

/// <summary>
/// Where this checkout lies: the tests read project files, recipes and fixtures of it. Found from where the tests run, as a build under CI
/// writes no source path of the machine into the assemblies.
/// </summary>
internal static class Repository
{
    internal static string Root { get; } = Find();

    internal static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "CrossModalVae.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("CrossModalVae.sln is in no folder above the tests.");
    }
}
