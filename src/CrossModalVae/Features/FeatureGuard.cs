using System.Runtime.InteropServices;
using CrossModalVae.Audio;

namespace CrossModalVae.Features;

/// <summary>Refuses features without information; run by <c>corpus check</c>, <c>train</c> and <c>evaluate</c>.</summary>
internal static class FeatureGuard
{
    /// <summary>
    /// Refuses the report's literal order, each bin normalised over the frames of its own clip and then pooled over time: every bin then
    /// has mean 0 and standard deviation 1 in every clip, so that all clips have the same features.
    /// </summary>
    public static void RequireInformativeOrder(VoiceOptions options)
    {
        if (options.NormalisesClips && options.Pooling != TimePooling.None)
        {
            throw new InvalidDataException(
                "The voice front end normalises each frequency bin over the time of its own clip and then pools over time: every clip "
                + "becomes the same numbers (mean 0, deviation 1), and nothing of the voice is left; "
                + "normalise over the corpus after pooling, or do not pool.");
        }
    }

    /// <summary>
    /// Refuses values that are not finite, a modality whose features are the same in all clips, and equal features under two identities,
    /// also across tables. Clips of one identity may share features (one photograph beside many recordings).
    /// </summary>
    /// <exception cref="InvalidDataException">One of the above; the message names the modality and the clips.</exception>
    public static void RequireInformative(params IReadOnlyList<FeatureSource> tables)
    {
        foreach (Modality modality in (Modality[])[Modality.Voice, Modality.Face])
        {
            foreach (FeatureSource table in tables)
            {
                RequireFinite(table, modality);
                RequireVariation(table, modality);
            }

            RequireDistinct(tables, modality);
        }
    }

    public static string ConstantMessage(Modality modality, int clipCount) =>
        $"The {EnumText.Of(modality)} features are the same in all {Counted.Of(clipCount, "clip")}: a constant input teaches nothing; "
        + $"check the {EnumText.Of(modality)} files and the {EnumText.Of(modality)} front end.";

    public static void RequireFinite(FeatureSource table, Modality modality)
    {
        var buffer = new float[table.Length(modality)];
        foreach (int row in table.RowsWith(modality))
        {
            ReadOnlySpan<float> values = table.Row(modality, 0, row, buffer);
            for (int i = 0; i < values.Length; i++)
            {
                if (!float.IsFinite(values[i]))
                {
                    throw new InvalidDataException(
                        $"Clip '{table.Clips[row].Key}': {EnumText.Of(modality)} feature {i} is "
                        + $"{values[i].ToString(CultureInfo.InvariantCulture)}; must be a finite number.");
                }
            }
        }
    }

    /// <summary>Refuses features that are not in [0, 1] but for a thousandth, which rounding in a feature store can add.</summary>
    /// <exception cref="InvalidDataException">A feature lies outside; the message names the clip.</exception>
    public static void RequireProbabilities(FeatureSource table, Modality modality)
    {
        const float Rounding = 1e-3f;
        var buffer = new float[table.Length(modality)];
        foreach (int row in table.RowsWith(modality))
        {
            ReadOnlySpan<float> values = table.Row(modality, 0, row, buffer);
            if (values.IndexOfAnyExceptInRange(-Rounding, 1f + Rounding) is >= 0 and int i)
            {
                throw UserError.Mark(new InvalidDataException(
                    $"Clip '{table.Clips[row].Key}': {EnumText.Of(modality)} feature {i} is "
                    + $"{values[i].ToString(CultureInfo.InvariantCulture)}; a Bernoulli likelihood "
                    + $"('objective.{EnumText.Of(modality)}_likelihood') needs features in [0, 1]."));
            }
        }
    }

    private static void RequireVariation(FeatureSource table, Modality modality)
    {
        int[] rows = table.RowsWith(modality);
        if (rows.Length > 1 && FeatureMoments.Moments(table, modality, rows).StandardDeviation.All(value => value == 0.0))
        {
            throw new InvalidDataException(ConstantMessage(modality, rows.Length));
        }
    }

    private static void RequireDistinct(IReadOnlyList<FeatureSource> tables, Modality modality)
    {
        var seen = new Dictionary<int, List<(FeatureSource Table, int Row)>>();
        foreach (FeatureSource table in tables)
        {
            var buffer = new float[table.Length(modality)];
            var otherBuffer = new float[buffer.Length];
            foreach (int row in table.RowsWith(modality))
            {
                ReadOnlySpan<float> values = table.Row(modality, 0, row, buffer);
                var hash = default(HashCode);
                hash.AddBytes(MemoryMarshal.AsBytes(values));
                int key = hash.ToHashCode();
                if (!seen.TryGetValue(key, out List<(FeatureSource Table, int Row)>? candidates))
                {
                    seen[key] = candidates = [];
                }

                foreach ((FeatureSource otherTable, int otherRow) in candidates)
                {
                    if (table.Clips[row].Identity != otherTable.Clips[otherRow].Identity
                        && values.SequenceEqual(otherTable.Row(modality, 0, otherRow, otherBuffer)))
                    {
                        throw new InvalidDataException(
                            $"Clips '{otherTable.Clips[otherRow].Key}' and '{table.Clips[row].Key}' have the same "
                            + $"{EnumText.Of(modality)} features but different identities: "
                            + "one file is listed under two names; remove one of them.");
                    }
                }

                candidates.Add((table, row));
            }
        }
    }
}
