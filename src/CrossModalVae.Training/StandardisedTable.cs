using CrossModalVae.Augmentation;
using CrossModalVae.Corpora;
using CrossModalVae.Towers;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// A mini-batch in standardised units. The first C rows of both tensors are the complete pairs; rows after them have no partner. A missing
/// modality is an absent row, never a zero.
/// </summary>
/// <param name="Voice">[Bv, Fv], or as the voice tower takes it; null without a voice.</param>
/// <param name="Face">[Bf, Ff], or as the face tower takes it; null without a face.</param>
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
internal sealed class StandardisedTable
{
    private readonly (EncoderInput Input, FeatureStatistics Statistics, float[] Row) _voice, _face;
    private readonly int[] _identities;
    private readonly FreshAugmentationOptions? _augmentation;

    /// <summary>A split for encoders with or without towers; augmentation disturbs the examples of pairs that have a draw.</summary>
    public StandardisedTable(
        FeatureSource table,
        FeatureStatistics voice,
        FeatureStatistics face,
        EncoderInput voiceInput,
        EncoderInput faceInput,
        FreshAugmentationOptions? augmentation = null)
    {
        _augmentation = augmentation;
        Table = table;
        _voice = (voiceInput, voice, new float[table.VoiceLength]);
        _face = (faceInput, face, new float[table.FaceLength]);
        _identities = Number(table.Clips.Select(clip => clip.Identity));
    }

    /// <summary>A split for encoders without towers.</summary>
    public StandardisedTable(FeatureSource table, FeatureStatistics voice, FeatureStatistics face)
        : this(
            table, voice, face, EncoderInput.Flat(Modality.Voice, table.VoiceLength), EncoderInput.Flat(Modality.Face, table.FaceLength))
    {
    }

    public FeatureSource Table { get; }

    /// <summary>
    /// The tensors of one batch of pairs, complete ones first, as <see cref="PairSampler"/> orders them: one example of each clip,
    /// [rows, F], or as the modality's tower takes them.
    /// </summary>
    public PairBatch Gather(ClipPair[] pairs, Device device) => new(
        Examples(
            Modality.Voice,
            [.. pairs.Select(p => (p.VoiceView, p.VoiceRow, p.VoiceDraw)).Where(p => p.VoiceRow != ClipPair.Missing)],
            device),
        Examples(
            Modality.Face,
            [.. pairs.Select(p => (p.FaceView, p.FaceRow, p.FaceDraw)).Where(p => p.FaceRow != ClipPair.Missing)],
            device),
        [.. pairs.Where(p => p.IsComplete).Select(p => _identities[p.VoiceRow])])
    {
        VoiceClips = [.. pairs.Where(p => p.VoiceRow != ClipPair.Missing).Select(p => Table.Clips[p.VoiceRow])],
        FaceClips = [.. pairs.Where(p => p.FaceRow != ClipPair.Missing).Select(p => Table.Clips[p.FaceRow])],
    };

    /// <summary>Whole rows of one modality of the clips as they are, at least one, [rows, F].</summary>
    public Tensor Rows(Modality modality, int[] rows, Device device)
    {
        (EncoderInput input, FeatureStatistics statistics, float[] buffer) = Of(modality);
        int length = buffer.Length;
        return TensorArrays.Filled(rows.Length, length, device, values =>
        {
            for (int i = 0; i < rows.Length; i++)
            {
                Span<float> row = values.Slice(i * length, length);
                Table.Row(modality, 0, rows[i], buffer).CopyTo(row);
                statistics.Standardise(row, input.BlockLength);
            }
        }); // [rows, F]
    }

    // The same number for the same name, from 0 in the order of their first rows.
    private static int[] Number(IEnumerable<string> names)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. names.Select(name => numbers.TryGetValue(name, out int number) ? number : numbers[name] = numbers.Count)];
    }

    private (EncoderInput Input, FeatureStatistics Statistics, float[] Row) Of(Modality modality) =>
        modality == Modality.Voice ? _voice : _face;

    private Tensor? Examples(Modality modality, (int View, int Row, long Draw)[] rows, Device device)
    {
        if (rows.Length == 0)
        {
            return null;
        }

        (EncoderInput input, FeatureStatistics statistics, float[] buffer) = Of(modality);
        int length = input.ExampleLength;
        Tensor examples = TensorArrays.Filled(rows.Length, length, device, values =>
        {
            for (int i = 0; i < rows.Length; i++)
            {
                (int view, int row, long draw) = rows[i];
                Span<float> example = values.Slice(i * length, length);
                SeededRandom? random = draw == 0 ? null : new SeededRandom(draw);
                int last = input.UnitCount - input.ExampleUnits; // the last unit at which an example can start
                int first = random?.NextInt32(last + 1) ?? last / 2;
                Table.Row(modality, view, row, buffer).Slice(first * input.UnitLength, length).CopyTo(example);
                statistics.Standardise(example, input.BlockLength);
                if (random is not null && input.Tower is not null && _augmentation is not null)
                {
                    Disturb(example, input, random);
                }
            }
        }); // [rows, ExampleLength]
        return input.Tower is null ? examples : examples.reshape([rows.Length, .. input.ExampleShape]);
    }

    private void Disturb(Span<float> example, EncoderInput input, SeededRandom random)
    {
        TowerInput shape = input.Tower!.Input;
        if (input.Modality == Modality.Voice)
        {
            FrameAugmenter.Apply(example, shape.Rows, _augmentation!.Voice, random);
        }
        else
        {
            PictureAugmenter.Apply(example, shape.Columns, shape.Rows, _augmentation!.Face, random);
        }
    }
}
