namespace CrossModalVae.TestSupport;

/// <summary>The sample files the tests read.</summary>
internal static class Fixtures
{
    /// <summary>The 27 real clips of the GRID corpus.</summary>
    public static string Grid => Repository.File("tests", "fixtures", "grid");

    /// <summary>Sample data that may lie beside a checkout (../shared/data); tests that need it skip where it is absent.</summary>
    public static string Shared => SharedBeside(Repository.Root);

    private static string SharedBeside(string folder)
    {
        for (string? at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            string shared = Path.Combine(at, "shared", "data");
            if (Directory.Exists(shared))
            {
                return shared;
            }
        }

        return Path.Combine(folder, "absent");
    }
}
