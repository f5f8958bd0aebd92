namespace CrossModalVae.Training;

/// <summary>
/// A voice and a face of one identity, as rows of a feature table, <see cref="Missing"/> where the modality is absent, and of each which
/// view: 0 the clip as it is, then the augmented ones. A draw seeds what a tower is shown of the row, which part and how it is disturbed;
/// 0 is the middle as it is.
/// </summary>
internal readonly record struct ClipPair(
    int VoiceRow, int FaceRow, int VoiceView = 0, int FaceView = 0, long VoiceDraw = 0, long FaceDraw = 0)
{
    public const int Missing = -1;

    public bool IsComplete => VoiceRow != Missing && FaceRow != Missing;
}

/// <summary>Which pairs make which batch: a function of seed and epoch alone.</summary>
internal sealed class PairSampler
{
    private readonly TrainingOptions _options;
    private readonly ClipPair[] _clips;
    private readonly (int[] Voices, int[] Faces)[] _identities;
    private readonly int _viewCount;

    public PairSampler(FeatureSource table, TrainingOptions options)
    {
        _options = options;
        _clips = Own(table);
        _viewCount = table.ViewCount;
        _identities =
        [
            .. Enumerable.Range(0, table.Count)
                .GroupBy(row => table.Clips[row].Identity, StringComparer.Ordinal)
                .Select(rows => (rows.Where(table.HasVoice).ToArray(), rows.Where(table.HasFace).ToArray()))
                .Where(rows => rows.Item1.Length + rows.Item2.Length > 0),
        ];
    }

    /// <summary>Every clip's own voice with its own face, in table order; clips without either are left out.</summary>
    public static ClipPair[] Own(FeatureSource table) =>
    [
        .. Enumerable.Range(0, table.Count)
            .Select(row => new ClipPair(table.HasVoice(row) ? row : ClipPair.Missing, table.HasFace(row) ? row : ClipPair.Missing))
            .Where(pair => pair != new ClipPair(ClipPair.Missing, ClipPair.Missing)),
    ];

    /// <summary>
    /// The batches of a one-based epoch; each lists complete pairs first, then voices without a face, then faces without a voice.
    /// </summary>
    public List<ClipPair[]> Batches(long seed, int epoch)
    {
        SeededRandom random = SeededRandom.For(seed, $"batches/{epoch}");
        var batches = new List<ClipPair[]>();
        for (int pass = 0; pass < _options.PassesPerEpoch; pass++)
        {
            if (_options.Sampling == PairSampling.Clips)
            {
                ClipPair[] clips = [.. _clips];
                random.Shuffle(clips.AsSpan());
                batches.AddRange(clips.Chunk(_options.BatchSize).Select(Ordered));
            }
            else
            {
                batches.AddRange(IdentityBatches(random));
            }
        }

        DrawViews(batches, seed, epoch);
        DrawExamples(batches, seed, epoch);
        return batches;
    }

    /// <summary>Fixed batches of all clips for validation, shuffled once so that a batch holds many identities.</summary>
    public static List<ClipPair[]> Fixed(FeatureSource table, int batchSize, long seed)
    {
        ClipPair[] clips = Own(table);
        SeededRandom.For(seed, "validation").Shuffle(clips.AsSpan());
        return [.. clips.Chunk(batchSize).Select(Ordered)];
    }

    // Batches of nearly equal size instead of a small last one: to find one identity among three is another task than among sixty.
    private IEnumerable<ClipPair[]> IdentityBatches(SeededRandom random)
    {
        (int[] Voices, int[] Faces)[] identities = [.. _identities];
        random.Shuffle(identities.AsSpan());
        ClipPair[] pairs = [.. identities.Select(rows => new ClipPair(Draw(rows.Voices, random), Draw(rows.Faces, random)))];
        int count = (pairs.Length + _options.BatchSize - 1) / _options.BatchSize;
        for (int b = 0; b < count; b++)
        {
            int start = (int)((long)b * pairs.Length / count);
            int end = (int)((b + 1L) * pairs.Length / count);
            yield return Ordered(pairs[start..end]);
        }
    }

    // From a stream of their own, so that the same clips meet in the same batches with and without augmentation.
    private void DrawViews(List<ClipPair[]> batches, long seed, int epoch)
    {
        if (_viewCount == 1)
        {
            return;
        }

        SeededRandom random = SeededRandom.For(seed, $"views/{epoch}");
        foreach (ClipPair[] pairs in batches)
        {
            for (int i = 0; i < pairs.Length; i++)
            {
                pairs[i] = pairs[i] with { VoiceView = random.NextInt32(_viewCount), FaceView = random.NextInt32(_viewCount) };
            }
        }
    }

    private static void DrawExamples(List<ClipPair[]> batches, long seed, int epoch)
    {
        SeededRandom random = SeededRandom.For(seed, $"examples/{epoch}");
        foreach (ClipPair[] pairs in batches)
        {
            for (int i = 0; i < pairs.Length; i++)
            {
                pairs[i] = pairs[i] with { VoiceDraw = Next(), FaceDraw = Next() };
            }
        }

        long Next() => (long)(random.NextUInt64() | 1); // never 0
    }

    private static int Draw(int[] rows, SeededRandom random) => rows.Length == 0 ? ClipPair.Missing : rows[random.NextInt32(rows.Length)];

    private static ClipPair[] Ordered(ClipPair[] pairs) =>
        [.. pairs.OrderBy(pair => pair.IsComplete ? 0 : pair.VoiceRow != ClipPair.Missing ? 1 : 2)]; // a stable sort
}
