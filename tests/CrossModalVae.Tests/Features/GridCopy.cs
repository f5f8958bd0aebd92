using CrossModalVae.Audio;
using CrossModalVae.Corpora;
using CrossModalVae.Faces;
using CrossModalVae.Recipes;

namespace CrossModalVae.Tests.Features;

/// <summary>
/// A copy of the 27 real clips that a test may change, two of them with one modality only, and recipes of either kind of shape.
/// </summary>
internal sealed class GridCopy : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public GridCopy()
    {
        Manifest grid = ManifestReader.Read(Path.Combine(Fixtures.Grid, "manifest.jsonl"));
        foreach (Clip clip in grid.Clips)
        {
            foreach (string file in clip.Faces.Append(clip.Voice!))
            {
                string copy = _folder[file];
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(Path.Combine(grid.Folder, file), copy);
            }
        }

        Manifest = new Manifest(
            _folder["manifest.jsonl"],
            [.. grid.Clips.Select((clip, i) => i == 3 ? clip with { Voice = null } : i == 5 ? clip with { Faces = [] } : clip)]);
    }

    /// <summary>Voice pooled over time, grey faces.</summary>
    public static Recipe Pooled { get; } = new()
    {
        Name = "pooled",
        Voice = new VoiceOptions { Compression = SpectrumCompression.Log },
    };

    /// <summary>Voice as a [frames, bins] matrix, RGB faces.</summary>
    public static Recipe Unpooled { get; } = new()
    {
        Name = "unpooled",
        Voice = new VoiceOptions
        {
            Compression = SpectrumCompression.Log,
            Pooling = TimePooling.None,
            TwoSided = false,
            Normalisation = FeatureNormalisation.ClipOverTime,
        },
        Face = new FaceOptions { Width = 7, Height = 5, Colour = FaceColour.Rgb },
    };

    public Manifest Manifest { get; }

    public string this[string name] => _folder[name];

    public void Dispose() => _folder.Dispose();
}
