using CrossModalVae.Corpora;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// A mini-batch in standardised units. The first C rows of both tensors are the complete pairs; rows after them have no partner. A missing
/// modality is an absent row, never a zero.
/// </summary>
/// <param name="Voice">[Bv, Fv], or null without a voice.</param>
/// <param name="Face">[Bf, Ff], or null without a face.</param>
/// <param name="Identities">A number for each of the C complete pairs, equal for the same identity.</param>
internal sealed record PairBatch(Tensor? Voice, Tensor? Face, IReadOnlyList<int> Identities)
{
    /// <summary>[Bv] whose voices they are.</summary>
    public required IReadOnlyList<Clip> VoiceClips { get; init; }

    /// <summary>[Bf] whose faces they are.</summary>
    public required IReadOnlyList<Clip> FaceClips { get; init; }

    public long CompleteCount => Identities.Count;

    public long VoiceCount => Voice is null ? 0 : Voice.shape[0];

    public long FaceCount => Face is null ? 0 : Face.shape[0];
}

/// <summary>
/// A split's features, standardised as they are gathered into batches: neither the clips nor their views are held a second time.
/// One caller at a time.
/// </summary>
internal sealed class StandardisedTable(FeatureSource table, FeatureStatistics voice, FeatureStatistics face)
{
    private readonly float[] _voice = new float[table.VoiceLength]; // a row as it is read
    private readonly float[] _face = new float[table.FaceLength];
    private readonly int[] _identities = Number(table.Clips.Select(clip => clip.Identity));

    public FeatureSource Table { get; } = table;

    /// <summary>The tensors of one batch of pairs, complete ones first, as <see cref="PairSampler"/> orders them.</summary>
    public PairBatch Gather(ClipPair[] pairs, Device device) => new(
        Rows(Modality.Voice, [.. pairs.Select(p => (p.VoiceView, p.VoiceRow)).Where(p => p.VoiceRow != ClipPair.Missing)], device),
        Rows(Modality.Face, [.. pairs.Select(p => (p.FaceView, p.FaceRow)).Where(p => p.FaceRow != ClipPair.Missing)], device),
        [.. pairs.Where(p => p.IsComplete).Select(p => _identities[p.VoiceRow])])
    {
        VoiceClips = [.. pairs.Where(p => p.VoiceRow != ClipPair.Missing).Select(p => Table.Clips[p.VoiceRow])],
        FaceClips = [.. pairs.Where(p => p.FaceRow != ClipPair.Missing).Select(p => Table.Clips[p.FaceRow])],
    };

    /// <summary>Rows of one modality of the clips as they are, at least one, [rows, F].</summary>
    public Tensor Rows(Modality modality, int[] rows, Device device) => Rows(modality, [.. rows.Select(row => (0, row))], device)!;

    /// <summary>Standardises the rows that are there; the others are zeros.</summary>
    public static float[] Standardise(float[] values, int count, FeatureStatistics statistics, Func<int, bool> has)
    {
        var standardised = new float[values.Length];
        for (int row = 0; row < count; row++)
        {
            if (has(row))
            {
                Range place = (row * statistics.Length)..((row + 1) * statistics.Length);
                statistics.Standardise(values.AsSpan(place), standardised.AsSpan(place));
            }
        }

        return standardised;
    }

    // The same number for the same name, from 0 in the order of their first rows.
    private static int[] Number(IEnumerable<string> names)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. names.Select(name => numbers.TryGetValue(name, out int number) ? number : numbers[name] = numbers.Count)];
    }

    private Tensor? Rows(Modality modality, (int View, int Row)[] rows, Device device)
    {
        if (rows.Length == 0)
        {
            return null;
        }

        (float[] buffer, FeatureStatistics statistics) = modality == Modality.Voice ? (_voice, voice) : (_face, face);
        int length = buffer.Length;
        return TensorArrays.Filled(rows.Length, length, device, values =>
        {
            for (int i = 0; i < rows.Length; i++)
            {
                statistics.Standardise(Table.Row(modality, rows[i].View, rows[i].Row, buffer), values.Slice(i * length, length));
            }
        }); // [rows, F]
    }
}
