using CrossModalVae.Corpora;

namespace CrossModalVae.Training;

/// <summary>Sets identities aside for validation where a manifest has no validation split.</summary>
public static class ValidationSplit
{
    /// <summary>
    /// Moves a share of the identities, at least 2, out of a training table; no identity is in both parts. Where few have most of the
    /// clips, the draw passes over those without whom training would keep less than half of the clips, as long as there are others.
    /// </summary>
    /// <param name="table">The training split.</param>
    /// <param name="share">Share of the identities, above 0 and below 1; rounded to the nearest number of identities.</param>
    /// <param name="seed">Seed of the draw.</param>
    /// <returns>The rest, and the part set aside with its clips marked as validation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    /// <exception cref="InvalidDataException">Fewer than 4 identities: 2 are needed on either side.</exception>
    public static (FeatureTable Train, FeatureTable Validation) ByIdentity(FeatureTable table, double share, long seed)
    {
        ArgumentNullException.ThrowIfNull(table);
        HashSet<string> aside = Choose(table, share, seed);
        FeatureTable validation = table.Where(clip => aside.Contains(clip.Identity));
        return (
            table.Where(clip => !aside.Contains(clip.Identity)),
            new FeatureTable
            {
                Clips = [.. validation.Clips.Select(AsValidation)],
                Voice = validation.Voice,
                Face = validation.Face,
                VoiceLength = validation.VoiceLength,
                FaceLength = validation.FaceLength,
                Skipped = validation.Skipped,
            });
    }

    /// <summary>The same split of any source, without a copy of its features: it must stay usable.</summary>
    /// <param name="source">The training split.</param>
    /// <param name="share">Share of the identities, above 0 and below 1; rounded to the nearest number of identities.</param>
    /// <param name="seed">Seed of the draw.</param>
    /// <returns>The rest, and the part set aside with its clips marked as validation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    /// <exception cref="InvalidDataException">Fewer than 4 identities: 2 are needed on either side.</exception>
    public static (FeatureSource Train, FeatureSource Validation) ByIdentity(FeatureSource source, double share, long seed)
    {
        ArgumentNullException.ThrowIfNull(source);
        HashSet<string> aside = Choose(source, share, seed);
        return (
            source.Select(clip => !aside.Contains(clip.Identity)),
            source.Select(clip => aside.Contains(clip.Identity), AsValidation));
    }

    private static Clip AsValidation(Clip clip) => clip with { Split = CorpusSplit.Validation };

    private static HashSet<string> Choose(FeatureSource table, double share, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(share, 0.0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(share, 1.0);
        string[] identities = [.. table.Clips.Select(clip => clip.Identity).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (identities.Length < 4)
        {
            throw new InvalidDataException(
                $"The training split has {identities.Length} {(identities.Length == 1 ? "identity" : "identities")} and there is no "
                + "validation split; at least 4 are needed, 2 on either side.");
        }

        SeededRandom.For(seed, "split").Shuffle(identities.AsSpan());
        int count = Math.Clamp((int)Math.Round(share * identities.Length), 2, identities.Length - 2);
        var clips = table.Clips.CountBy(clip => clip.Identity, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var aside = new HashSet<string>(StringComparer.Ordinal);
        double room = Math.Max(share, 0.5) * table.Count;
        foreach (string identity in identities)
        {
            if (aside.Count < count && clips[identity] <= room)
            {
                aside.Add(identity);
                room -= clips[identity];
            }
        }

        aside.UnionWith(identities.Except(aside).OrderBy(identity => clips[identity]).Take(count - aside.Count).ToArray());
        return aside;
    }
}
