using System.Runtime.CompilerServices;

namespace CrossModalVae.Tests;

/// <summary>Finds tests/fixtures beside this source file.</summary>
internal static class Fixtures
{
    /// <summary>The 27 real clips of the GRID corpus.</summary>
    public static string Grid => Path.Combine(Root(), "grid");

    /// <summary>Sample data that may lie beside a checkout (../shared/data); tests that need it skip where it is absent.</summary>
    public static string Shared => SharedBeside(Root());

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

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "fixtures"));
}
