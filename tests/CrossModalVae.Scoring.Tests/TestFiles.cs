namespace CrossModalVae.Scoring.Tests;

/// <summary>Where the tests' files lie.</summary>
internal static class TestFiles
{
    /// <summary>27 real clips (GRID corpus).</summary>
    public static string GridManifest => Path.Combine(Fixtures.Grid, "manifest.jsonl");

    /// <summary>The exported reference encoders; absent until the demo recipe has been exported.</summary>
    public static string ReferenceModel => Path.Combine(AppContext.BaseDirectory, "onnx", "demo");

    public static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", name);
}
