namespace CrossModalVae.Pipelines.Tests;

/// <summary>Where the tests' files lie.</summary>
internal static class TestFiles
{
    /// <summary>27 real clips (GRID corpus).</summary>
    public static string GridManifest => Path.Combine(AppContext.BaseDirectory, "fixtures", "grid", "manifest.jsonl");

    public static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", name);
}
