using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>A split's features in standardised units, ready to be gathered into batches.</summary>
internal sealed class StandardisedTable
{
    private readonly float[][] _voice; // [views][N x F]
    private readonly float[][] _face; // [views][N x F]
    private readonly int[] _identities;

    public StandardisedTable(FeatureTable table, FeatureStatistics voice, FeatureStatistics face)
    {
        Table = table;
        _voice =
        [
            .. table.AugmentedViews.Select(view => view.Voice).Prepend(table.Voice).Select(values => Standardise(
                values, voice, table.HasVoice, table.Count)),
        ];
        _face =
        [
            .. table.AugmentedViews.Select(view => view.Face).Prepend(table.Face).Select(values => Standardise(
                values, face, table.HasFace, table.Count)),
        ];

        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        _identities =
        [
            .. table.Clips.Select(
                clip => numbers.TryGetValue(clip.Identity, out int number) ? number : numbers[clip.Identity] = numbers.Count),
        ];
    }

    public FeatureTable Table { get; }

    /// <summary>A person's number for every row, equal for equal identities.</summary>
    public IReadOnlyList<int> Identities => _identities;

    /// <summary>The tensors of one batch; the pairs list complete ones first, then lone voices, then lone faces.</summary>
    public PairBatch Gather(ClipPair[] pairs, Device device)
    {
        int[] complete = [.. pairs.Where(pair => pair.IsComplete).Select(pair => _identities[pair.VoiceRow])];
        return new PairBatch(
            Rows(
                _voice,
                Table.VoiceLength,
                [.. pairs.Select(pair => (pair.VoiceView, pair.VoiceRow)).Where(place => place.VoiceRow != ClipPair.Missing)],
                device),
            Rows(
                _face,
                Table.FaceLength,
                [.. pairs.Select(pair => (pair.FaceView, pair.FaceRow)).Where(place => place.FaceRow != ClipPair.Missing)],
                device),
            complete);
    }

    /// <summary>Rows of one modality of the clips as they are, [rows, F].</summary>
    public Tensor Rows(Modality modality, int[] rows, Device device)
    {
        (int, int)[] places = [.. rows.Select(row => (0, row))];
        return modality == Modality.Voice
            ? Rows(_voice, Table.VoiceLength, places, device)!
            : Rows(_face, Table.FaceLength, places, device)!;
    }

    private static float[] Standardise(float[] values, FeatureStatistics statistics, Func<int, bool> has, int count)
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

    private static Tensor? Rows(float[][] views, int length, (int View, int Row)[] rows, Device device)
    {
        if (rows.Length == 0)
        {
            return null;
        }

        var values = new float[rows.Length * length];
        for (int i = 0; i < rows.Length; i++)
        {
            Array.Copy(views[rows[i].View], rows[i].Row * length, values, i * length, length);
        }

        return tensor(values, [rows.Length, length], device: device); // [rows, F]
    }
}
