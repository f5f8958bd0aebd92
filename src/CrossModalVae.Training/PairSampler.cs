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

/// <summary>The rows of an identity; its gender where a clip says it.</summary>
internal sealed record IdentityRows(int[] Voices, int[] Faces, string? Gender);

/// <summary>Which pairs make which batch: a function of seed and epoch alone.</summary>
internal sealed class PairSampler
{
    private readonly TrainingOptions _options;
    private readonly ClipPair[] _clips;
    private readonly IdentityRows[] _identities;
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
                .Select(rows => new IdentityRows(
                    [.. rows.Where(table.HasVoice)],
                    [.. rows.Where(table.HasFace)],
                    rows.Select(row => table.Clips[row].Gender).FirstOrDefault(gender => gender is not null)))
                .Where(rows => rows.Voices.Length + rows.Faces.Length > 0),
        ];
    }

    /// <summary>Refuses a training split that lacks what the sampling needs; a sentence.</summary>
    /// <exception cref="InvalidDataException">Nobody has two clips, or no two genders are known.</exception>
    public static void RequireUsable(FeatureSource table, TrainingOptions options)
    {
        if (options.Sampling == PairSampling.IdentitiesAndClips
            && options.ClipsPerIdentity > 1
            && table.Clips.CountBy(clip => clip.Identity, StringComparer.Ordinal).All(person => person.Value < 2))
        {
            throw new InvalidDataException(
                $"'clips_per_identity' is {options.ClipsPerIdentity}, but every person of the training split has one clip.");
        }

        if (options.SameGenderShare > 0.0 && table.Clips.Select(clip => clip.Gender).OfType<string>().Distinct().Count() < 2)
        {
            throw new InvalidDataException(
                Invariant($"'same_gender_share' is {options.SameGenderShare}, but ")
                + "the manifest does not have two genders in the training split.");
        }
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
        IdentityRows[] identities = [.. _identities];
        random.Shuffle(identities.AsSpan());
        int clips = _options.Sampling == PairSampling.IdentitiesAndClips ? _options.ClipsPerIdentity : 1;
        int size = _options.BatchSize / clips;
        int count = (identities.Length + size - 1) / size;
        var left = new List<IdentityRows>(identities);
        for (int b = 0; b < count; b++)
        {
            int people = (int)(((b + 1L) * identities.Length / count) - ((long)b * identities.Length / count));
            yield return Ordered([.. Take(left, people, random).SelectMany(rows => Draw(rows, clips, random))]);
        }
    }

    // The next identities; a share of them of one gender, drawn as often as it is among those that are left.
    private List<IdentityRows> Take(List<IdentityRows> left, int count, SeededRandom random)
    {
        var taken = new List<IdentityRows>();
        if (_options.SameGenderShare > 0.0)
        {
            string? gender = left[random.NextInt32(left.Count)].Gender;
            taken.AddRange(left.Where(rows => rows.Gender == gender).Take((int)Math.Round(_options.SameGenderShare * count)));
            left.RemoveAll(taken.Contains);
        }

        // From the other end, where the genders are still as they come.
        int others = count - taken.Count;
        int start = taken.Count > 0 ? left.Count - others : 0;
        taken.AddRange(left[start..(start + others)]);
        left.RemoveRange(start, others);
        return taken;
    }

    // One pair at random, or up to K different clips of each modality, row by row; where one modality has fewer they come again.
    private static IEnumerable<ClipPair> Draw(IdentityRows rows, int clips, SeededRandom random)
    {
        if (clips == 1)
        {
            return [new ClipPair(Draw(rows.Voices, random), Draw(rows.Faces, random))];
        }

        int[] voices = [.. rows.Voices], faces = [.. rows.Faces];
        random.Shuffle(voices.AsSpan());
        random.Shuffle(faces.AsSpan());
        return Enumerable.Range(0, Math.Min(clips, Math.Max(voices.Length, faces.Length))).Select(i => new ClipPair(
            voices.Length == 0 ? ClipPair.Missing : voices[i % voices.Length],
            faces.Length == 0 ? ClipPair.Missing : faces[i % faces.Length]));
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
