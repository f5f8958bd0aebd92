using CrossModalVae.Augmentation;
using CrossModalVae.Corpora;

namespace CrossModalVae.Features;

/// <summary>Babble of the training split's voices.</summary>
internal static class TrainingVoices
{
    /// <summary>
    /// The sources with the voices of the training clips, which babble is made of where there is no speech folder, always of other
    /// identities than the clip's.
    /// </summary>
    public static AugmentationSources WithVoices(this AugmentationSources sources, Manifest manifest, IEnumerable<Clip> trainingClips)
    {
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
