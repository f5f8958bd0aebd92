using CrossModalVae.Audio;

namespace CrossModalVae.Features;

/// <summary>Refuses features that cannot teach or be compared: <c>corpus check</c>, <c>train</c> and <c>evaluate</c> all run it.</summary>
public static class FeatureGuard
{
    /// <summary>
    /// Refuses the report's literal order, each bin normalised over the frames of its own clip and then pooled over time: every bin then
    /// has mean 0 and deviation 1 in every clip, so all clips are the same.
    /// </summary>
    /// <param name="options">The voice front end of a recipe.</param>
    /// <exception cref="InvalidDataException">Normalisation over a clip's time together with pooling over time.</exception>
    public static void RequireInformativeOrder(VoiceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.NormalisesClips && options.Pooling != TimePooling.None)
        {
            throw new InvalidDataException(
                "The voice front end normalises each frequency bin over the time of its own clip and "
                + "then pools over time: every clip becomes the "
                + "same numbers (mean 0, deviation 1), and nothing of the voice is left; "
                + "normalise over the corpus after pooling, or do not pool.");
        }
    }

    /// <summary>
    /// Refuses what would train or score to nothing: values that are not finite, a modality whose every feature is the same in all clips,
    /// and equal features under two identities. Clips of one identity may share features (one photograph beside many recordings).
    /// </summary>
    /// <param name="tables">All splits in use; duplicates are looked for across them.</param>
    /// <exception cref="InvalidDataException">One of the above; the message names the modality and the clips.</exception>
    public static void RequireInformative(params IReadOnlyList<FeatureTable> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        foreach (Modality modality in (Modality[])[Modality.Voice, Modality.Face])
        {
            foreach (FeatureTable table in tables)
            {
                RequireFinite(table, modality);
                RequireVariation(table, modality);
            }

            RequireDistinct(tables, modality);
        }
    }

    internal static string Name(Modality modality) => modality == Modality.Voice ? "voice" : "face";

    internal static int Length(FeatureTable table, Modality modality) => modality == Modality.Voice ? table.VoiceLength : table.FaceLength;

    internal static ReadOnlySpan<float> Row(FeatureTable table, Modality modality, int row) =>
        modality == Modality.Voice ? table.VoiceRow(row) : table.FaceRow(row);

    internal static string ConstantMessage(Modality modality, int clipCount) =>
        $"The {Name(modality)} features are the same in all {clipCount} clips: a constant input teaches nothing; "
        + $"check the {Name(modality)} files and the {Name(modality)} front end.";

    internal static void RequireFinite(FeatureTable table, Modality modality)
    {
        foreach (int row in table.RowsWith(modality))
        {
            ReadOnlySpan<float> values = Row(table, modality, row);
            for (int i = 0; i < values.Length; i++)
            {
                if (!float.IsFinite(values[i]))
                {
                    throw new InvalidDataException(
                        $"Clip '{table.Clips[row].Key}': {Name(modality)} feature {i} is "
                        + $"{values[i].ToString(System.Globalization.CultureInfo.InvariantCulture)}; must be a finite number.");
                }
            }
        }
    }

    private static void RequireVariation(FeatureTable table, Modality modality)
    {
        int[] rows = table.RowsWith(modality);
        if (rows.Length > 1 && FeatureMoments.Moments(table, modality, rows).Deviation.All(d => d == 0.0))
        {
            throw new InvalidDataException(ConstantMessage(modality, rows.Length));
        }
    }

    private static void RequireDistinct(IReadOnlyList<FeatureTable> tables, Modality modality)
    {
        var seen = new Dictionary<int, List<(FeatureTable Table, int Row)>>();
        foreach (FeatureTable table in tables)
        {
            foreach (int row in table.RowsWith(modality))
            {
                ReadOnlySpan<float> values = Row(table, modality, row);
                var hash = default(HashCode);
                hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values));
                int key = hash.ToHashCode();
                if (!seen.TryGetValue(key, out List<(FeatureTable Table, int Row)>? candidates))
                {
                    seen[key] = candidates = [];
                }

                foreach ((FeatureTable otherTable, int otherRow) in candidates)
                {
                    if (table.Clips[row].Identity != otherTable.Clips[otherRow].Identity
                        && values.SequenceEqual(Row(otherTable, modality, otherRow)))
                    {
                        throw new InvalidDataException(
                            $"Clips '{otherTable.Clips[otherRow].Key}' and '{table.Clips[row].Key}' have the same "
                            + $"{Name(modality)} features but different identities: "
                            + "one file stands under two names; remove one of them.");
                    }
                }

                candidates.Add((table, row));
            }
        }
    }
}
