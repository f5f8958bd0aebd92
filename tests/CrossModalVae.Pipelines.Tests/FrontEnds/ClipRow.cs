using CrossModalVae.Corpora;

namespace CrossModalVae.Pipelines.Tests.FrontEnds;

/// <summary>Clips of the fixtures as an application might hold them.</summary>
internal sealed class ClipRow
{
    public string Name { get; set; } = "";

    public string Voice { get; set; } = "";

    public double Start { get; set; }

    public float Duration { get; set; } = float.NaN;

    public string[] Faces { get; set; } = [];

    public string FirstFace { get; set; } = "";

    public float[] Boxes { get; set; } = [];

    public static ClipRow[] Grid(int count = int.MaxValue)
    {
        Manifest manifest = ManifestReader.Read(TestFiles.GridManifest);
        return
        [
            .. manifest.Clips.Take(count).Select(clip => new ClipRow
            {
                Name = clip.Key,
                Voice = manifest.VoicePath(clip)!,
                Faces = [.. manifest.FacePaths(clip)],
                FirstFace = manifest.FacePaths(clip)[0],
            }),
        ];
    }
}
