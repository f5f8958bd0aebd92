using CrossModalVae.Audio;
using CrossModalVae.Faces;
using CrossModalVae.Models;
using CrossModalVae.Pictures;
using CrossModalVae.Scoring;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Tiles of contact sheets: what clips have, as the model's front ends see it, and what the decoder makes.</summary>
internal sealed class GenerationTiles(ScoringModel loaded, Generator generator, SoundReading? reading = null)
{
    /// <summary>Points of a strip from one clip to another.</summary>
    internal const int StandardSteps = 8;

    private readonly FaceFrontEnd? _faces = generator.Faces.Obstacle is null ? new FaceFrontEnd(loaded.Recipe.Face) : null;
    private readonly VoiceFrontEnd? _voices =
        generator.Voices.SpectrumObstacle is null ? new VoiceFrontEnd(loaded.Recipe.Voice, reading) : null;

    /// <summary>The face of a clip, in the resolution that the model sees; null where it has none.</summary>
    internal FaceImage? Face(Manifest manifest, Clip clip)
    {
        if (_faces is null || clip.Faces.Count == 0)
        {
            return null;
        }

        var features = new float[_faces.FeatureCount];
        _faces.Extract(manifest.FacePaths(clip), clip.FaceBoxes, features);
        int pictures = loaded.Recipe.Face.Frames == FramePooling.Separate ? loaded.Recipe.Face.FrameCount : 1;
        return generator.Faces.ToImage(features.AsSpan(0, features.Length / pictures));
    }

    /// <summary>The voice of a clip as the model sees it; null where it has none.</summary>
    internal VoiceSpectrum? Voice(Manifest manifest, Clip clip) => _voices is null || manifest.VoicePath(clip) is not string path
        ? null
        : generator.Voices.ToSpectrum(_voices.Extract(path, clip.StartSeconds, clip.DurationSeconds));

    /// <summary>What a decoded point shows of a modality.</summary>
    internal SheetTile Decoded(GeneratedFeatures features, Modality modality, string caption) => modality == Modality.Face
        ? new SheetTile(caption, Face: generator.Faces.ToImage(features.Face))
        : new SheetTile(caption, Voice: generator.Voices.ToSpectrum(features.Voice));

    /// <summary>The modalities that can be shown.</summary>
    internal IEnumerable<Modality> Shown()
    {
        if (generator.Faces.Obstacle is null)
        {
            yield return Modality.Face;
        }

        if (generator.Voices.SpectrumObstacle is null)
        {
            yield return Modality.Voice;
        }
    }

    /// <summary>The strips from one point to another, straight and along the great circle, of each modality that can be shown.</summary>
    internal IReadOnlyList<SheetGroup> Strips(float[] from, float[] to, int steps, CancellationToken cancellationToken)
    {
        var groups = new List<SheetGroup>();
        double[] shares = [.. Enumerable.Range(0, steps).Select(i => i / (steps - 1.0))];
        foreach ((string name, bool spherical) in new[] { ("linear", false), ("spherical", true) })
        {
            IReadOnlyList<GeneratedFeatures> decoded = generator.Decode(
                [.. shares.Select(s => spherical ? LatentPath.Spherical(from, to, s) : LatentPath.Linear(from, to, s))],
                cancellationToken);
            groups.AddRange(Shown().Select(modality => new SheetGroup(
                $"{EnumText.Of(modality)}, {name}",
                [.. decoded.Zip(shares, (features, s) => Decoded(features, modality, Invariant($"{s:0.##}")))])));
        }

        return groups;
    }
}
