using CrossModalVae.Corpora;

namespace CrossModalVae.Features;

/// <summary>
/// The features of a corpus in memory, one row a clip, as the front ends deliver them, before normalisation over the corpus.
/// </summary>
public sealed class FeatureTable : FeatureSource
{
    /// <summary>[N, VoiceLength] row-major; the rows of clips without a voice are unused.</summary>
    public required float[] Voice { get; init; }

    /// <summary>[N, FaceLength] row-major; the rows of clips without a face are unused.</summary>
    public required float[] Face { get; init; }

    /// <summary>
    /// Further, augmented views of the same clips; empty where there are none. Only training uses them; statistics do not.
    /// </summary>
    public IReadOnlyList<FeatureView> AugmentedViews { get; init; } = [];

    /// <inheritdoc/>
    public override int ViewCount => 1 + AugmentedViews.Count;

    internal override ReadOnlySpan<float> Row(Modality modality, int view, int index, Span<float> buffer)
    {
        int length = Length(modality);
        float[] values = (modality == Modality.Voice, view) switch
        {
            (true, 0) => Voice,
            (false, 0) => Face,
            (true, _) => AugmentedViews[view - 1].Voice,
            (false, _) => AugmentedViews[view - 1].Face,
        };
        return values.AsSpan(index * length, length);
    }

    /// <summary>The features of one clip's modality.</summary>
    internal ReadOnlySpan<float> Row(Modality modality, int index) => modality == Modality.Voice ? VoiceRow(index) : FaceRow(index);

    /// <summary>The voice features of one clip, [VoiceLength].</summary>
    /// <param name="index">Zero-based row.</param>
    public ReadOnlySpan<float> VoiceRow(int index) => Voice.AsSpan(index * VoiceLength, VoiceLength);

    /// <summary>The face features of one clip, [FaceLength].</summary>
    /// <param name="index">Zero-based row.</param>
    public ReadOnlySpan<float> FaceRow(int index) => Face.AsSpan(index * FaceLength, FaceLength);

    /// <summary>The table of the clips that satisfy a condition, in the same order; rows are copied.</summary>
    /// <param name="condition">Which clips to keep.</param>
    public FeatureTable Where(Func<Clip, bool> condition)
    {
        int[] rows = [.. Enumerable.Range(0, Count).Where(i => condition(Clips[i]))];
        return new FeatureTable
        {
            Clips = [.. rows.Select(r => Clips[r])],
            Voice = Rows(Voice, VoiceLength),
            Face = Rows(Face, FaceLength),
            VoiceLength = VoiceLength,
            FaceLength = FaceLength,
            AugmentedViews =
                [.. AugmentedViews.Select(view => new FeatureView(Rows(view.Voice, VoiceLength), Rows(view.Face, FaceLength)))],
            Skipped = Skipped,
        };

        float[] Rows(float[] table, int length)
        {
            var values = new float[rows.Length * length];
            for (int r = 0; r < rows.Length; r++)
            {
                table.AsSpan(rows[r] * length, length).CopyTo(values.AsSpan(r * length));
            }

            return values;
        }
    }

    /// <summary>The same clips with augmented views.</summary>
    internal FeatureTable With(IReadOnlyList<FeatureView> views) => new()
    {
        Clips = Clips,
        Voice = Voice,
        Face = Face,
        VoiceLength = VoiceLength,
        FaceLength = FaceLength,
        AugmentedViews = views,
        Skipped = Skipped,
    };

    /// <summary>The table without broken clips, which it names; the same table where there are none.</summary>
    internal FeatureTable Without(BrokenClips broken)
    {
        IReadOnlyList<SkippedClip> skipped = broken.In(Clips);
        if (skipped.Count == 0)
        {
            return this;
        }

        FeatureTable rest = Where(clip => !broken.Contains(clip));
        return new FeatureTable
        {
            Clips = rest.Clips,
            Voice = rest.Voice,
            Face = rest.Face,
            VoiceLength = VoiceLength,
            FaceLength = FaceLength,
            AugmentedViews = rest.AugmentedViews,
            Skipped = [.. Skipped, .. skipped],
        };
    }

    /// <summary>Allocates a modality's rows.</summary>
    /// <exception cref="InvalidOperationException">More numbers than an array holds, as the frames of a large corpus may be.</exception>
    internal static float[] NewValues(int clipCount, int length, Modality modality)
    {
        long count = (long)clipCount * length;
        return count <= Array.MaxLength
            ? new float[count] // [N, length]
            : throw UserError.Mark(new InvalidOperationException(
                $"{clipCount} clips of {length} {EnumText.Of(modality)} features are {count} numbers; "
                + $"a table in memory holds at most {Array.MaxLength}: "
                + (modality == Modality.Voice ? "pool voices over time, take fewer bins" : "take smaller faces") + " or fewer clips; "
                + "or train from a store ('cmvae prepare', 'cmvae train --features'), whose rows stay on disk."));
    }
}

/// <summary>One augmented view of the clips of a <see cref="FeatureTable"/>, in its row order and layout.</summary>
/// <param name="Voice">[N, VoiceLength] row-major; the rows of clips without a voice are unused.</param>
/// <param name="Face">[N, FaceLength] row-major; the rows of clips without a face are unused.</param>
public sealed record FeatureView(float[] Voice, float[] Face);
