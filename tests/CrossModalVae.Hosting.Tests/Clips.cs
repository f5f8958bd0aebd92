using CrossModalVae.Corpora;

namespace CrossModalVae.Hosting.Tests;

/// <summary>Real clips (GRID corpus) as bytes.</summary>
internal static class Clips
{
    private static readonly Manifest Grid = ManifestReader.Read(TestFiles.GridManifest);

    public static byte[][] Voices { get; } = [.. Grid.Clips.Select(clip => File.ReadAllBytes(Grid.VoicePath(clip)!))];

    public static byte[][] Faces { get; } = [.. Grid.Clips.Select(clip => File.ReadAllBytes(Grid.FacePaths(clip)[0]))];
}
