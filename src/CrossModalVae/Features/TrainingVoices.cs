using CrossModalVae.Augmentation;
using CrossModalVae.Corpora;

namespace CrossModalVae.Features;

/// <summary>Babble from the training split.</summary>
public static class TrainingVoices
{
    /// <summary>
    /// The sources with the voices of a training split, of which babble is made where there is no speech folder:
    /// always other people's than the clip's own.
    /// </summary>
    /// <param name="sources">Recordings, or none.</param>
    /// <param name="manifest">The corpus.</param>
    /// <param name="trainingClips">The clips that are trained on, and no others.</param>
    public static AugmentationSources WithVoices(this AugmentationSources sources, Manifest manifest, IEnumerable<Clip> trainingClips)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(trainingClips);
        return sources.WithVoices(
        [
            .. trainingClips.Where(clip => clip.Voice is not null)
                .GroupBy(clip => clip.Identity, StringComparer.Ordinal)
                .OrderBy(identity => identity.Key, StringComparer.Ordinal)
                .Select(identity => (identity.Key, identity
                    .OrderBy(clip => clip.Name, StringComparer.Ordinal)
                    .Select(clip => new VoiceSegment(manifest.VoicePath(clip)!, clip.StartSeconds, clip.DurationSeconds))
                    .ToArray())),
        ]);
    }
}
