using CrossModalVae.Features;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>A split's features in standardised units, ready to be gathered into batches.</summary>
internal sealed class StandardisedTable
{
    private readonly float[] _voice;
    private readonly float[] _face;
    private readonly int[] _identities;

    public StandardisedTable(FeatureTable table, FeatureStatistics voice, FeatureStatistics face)
    {
        Table = table;
        _voice = new float[table.Voice.Length];
        _face = new float[table.Face.Length];
        for (int row = 0; row < table.Count; row++)
        {
            if (table.HasVoice(row))
            {
                voice.Standardise(table.VoiceRow(row), _voice.AsSpan(row * table.VoiceLength, table.VoiceLength));
            }

            if (table.HasFace(row))
            {
                face.Standardise(table.FaceRow(row), _face.AsSpan(row * table.FaceLength, table.FaceLength));
            }
        }

        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        _identities = [.. table.Clips.Select(clip => numbers.TryGetValue(clip.Identity, out int number) ? number : numbers[clip.Identity] = numbers.Count)];
    }

    public FeatureTable Table { get; }

    /// <summary>A person's number for every row, equal for equal identities.</summary>
    public IReadOnlyList<int> Identities => _identities;

    /// <summary>The tensors of one batch; the pairs list complete ones first, then lone voices, then lone faces.</summary>
    public PairBatch Gather(ClipPair[] pairs, Device device)
    {
        int[] complete = [.. pairs.Where(pair => pair.IsComplete).Select(pair => _identities[pair.VoiceRow])];
        return new PairBatch(
            Rows(_voice, Table.VoiceLength, [.. pairs.Select(pair => pair.VoiceRow).Where(row => row != ClipPair.Missing)], device),
            Rows(_face, Table.FaceLength, [.. pairs.Select(pair => pair.FaceRow).Where(row => row != ClipPair.Missing)], device),
            complete);
    }

    /// <summary>Rows of one modality, [rows, F].</summary>
    public Tensor Rows(Modality modality, int[] rows, Device device) =>
        modality == Modality.Voice ? Rows(_voice, Table.VoiceLength, rows, device)! : Rows(_face, Table.FaceLength, rows, device)!;

    private static Tensor? Rows(float[] table, int length, int[] rows, Device device)
    {
        if (rows.Length == 0)
        {
            return null;
        }

        var values = new float[rows.Length * length];
        for (int i = 0; i < rows.Length; i++)
        {
            Array.Copy(table, rows[i] * length, values, i * length, length);
        }

        return tensor(values, [rows.Length, length], device: device); // [rows, F]
    }
}
