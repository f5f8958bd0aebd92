using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;

namespace CrossModalVae.Evaluation;

/// <summary>
/// Step 1 of the protocol: which probes are compared with which part of the gallery, in each direction and stratum, and the bootstrap draws
/// of identities. All systems are scored on the same plan, which does not depend on the order of the rows.
/// </summary>
internal sealed class ProtocolPlan
{
    private readonly DirectionPlan[] _directions;
    private readonly IdentityBootstrap _bootstrap;

    /// <summary>Plans the trials of voices and faces; joint rows are ignored.</summary>
    /// <exception cref="ArgumentException">There are fewer than two identities with both modalities.</exception>
    public ProtocolPlan(
        IReadOnlyList<EmbeddingRow> rows, IReadOnlyList<Stratum> strata, ProtocolOptions options, params RetrievalDirection[] directions)
    {
        // Numbered by name, so that the draws do not depend on the order of the rows.
        Dictionary<string, int> identities = rows.Where(row => row.Modality != Modality.Joint)
            .Select(row => row.Identity).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select((identity, number) => (identity, number))
            .ToDictionary(pair => pair.identity, pair => pair.number, StringComparer.Ordinal);
        _bootstrap = new IdentityBootstrap(identities.Count, options.DrawCount, options.Seed);
        _directions = [.. directions.Select(direction => new DirectionPlan(direction, rows, identities, strata, options))];
    }

    /// <summary>The modalities of the probes and of the gallery.</summary>
    public static (Modality Probe, Modality Gallery) Sides(RetrievalDirection direction) =>
        direction == RetrievalDirection.VoiceToFace ? (Modality.Voice, Modality.Face) : (Modality.Face, Modality.Voice);

    /// <summary>Scores a system in every direction, by stratum.</summary>
    public IReadOnlyList<DirectionSample> Score(EvaluationSystem system, CancellationToken cancellationToken) =>
    [
        .. _directions.SelectMany(direction => direction.Score(system, _bootstrap, cancellationToken))
            .OrderBy(sample => sample.Plan.Stratum),
    ];
}

/// <summary>The plan of one direction, and the loop that scores a system on it.</summary>
internal sealed class DirectionPlan
{
    private readonly RetrievalDirection _direction;
    private readonly int[] _galleryOrder; // where each row of _gallery was among those given
    private readonly EmbeddingRow[] _probes; // by identity and clip
    private readonly EmbeddingRow[] _gallery; // likewise
    private readonly string[] _probeNames;
    private readonly IReadOnlyDictionary<string, int> _identities;
    private readonly StratumPlan[] _strata;
    private readonly ProtocolOptions _options;

    public DirectionPlan(
        RetrievalDirection direction,
        IReadOnlyList<EmbeddingRow> rows,
        IReadOnlyDictionary<string, int> identities,
        IReadOnlyList<Stratum> strata,
        ProtocolOptions options)
    {
        (_direction, _identities, _options) = (direction, identities, options);
        (Modality asking, Modality answering) = ProtocolPlan.Sides(direction);
        EmbeddingRow[] probes = [.. rows.Where(row => row.Modality == asking)];
        EmbeddingRow[] gallery = [.. rows.Where(row => row.Modality == answering)];
        int both = probes.Select(row => row.Identity).Intersect(gallery.Select(row => row.Identity), StringComparer.Ordinal).Count();
        if (both < 2)
        {
            throw UserError.Mark(new ArgumentException(
                $"The rows have {Counted.Of(both, "identity")} with both a voice and a face; must have at least 2 to tell people apart.",
                nameof(rows)));
        }

        _galleryOrder = ClipOrder.Of(gallery);
        _probes = [.. ClipOrder.Of(probes).Select(i => probes[i])];
        _gallery = [.. _galleryOrder.Select(i => gallery[i])];
        _probeNames = ClipOrder.Names(_probes);
        int[] tieOrder = [.. Enumerable.Range(0, gallery.Length)];
        SeededRandom.For(options.Seed, "ties").Shuffle(tieOrder.AsSpan());
        _strata = [.. strata.Select(stratum => new StratumPlan(stratum, _probes, _gallery, tieOrder)).Where(plan => plan.ProbeCount > 0)];
    }

    /// <summary>Scores a system in every stratum that has trials.</summary>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    public IReadOnlyList<DirectionSample> Score(EvaluationSystem system, IdentityBootstrap bootstrap, CancellationToken cancellationToken)
    {
        GalleryScorer scorer = system.Scorer(_direction, _probes, _gallery);
        ProbeResult?[][] results = [.. _strata.Select(_ => new ProbeResult?[_probes.Length])];
        ParallelLoop.For(
            _probes.Length,
            () => new float[_gallery.Length],
            (probe, scores) => ScoreProbe(probe, scorer, scores, results),
            cancellationToken: cancellationToken);
        return
        [
            .. _strata.Select(
                (plan, s) => DirectionSample.Of(_direction, plan, _probes, results[s], _identities, bootstrap, cancellationToken)),
        ];
    }

    private void ScoreProbe(int probe, GalleryScorer scorer, float[] scores, ProbeResult?[][] results)
    {
        if (Array.TrueForAll(_strata, plan => plan.Groups[probe] is null))
        {
            return; // no relevant item in any stratum
        }

        scorer(probe, scores);
        int nan = Array.FindIndex(scores, float.IsNaN);
        if (nan >= 0)
        {
            throw UserError.Mark(new ArgumentException(
                $"The score of probe '{_probeNames[probe]}' against row {_galleryOrder[nan]} of the gallery is NaN; must be a number."));
        }

        for (int s = 0; s < _strata.Length; s++)
        {
            if (_strata[s].Groups[probe] is StratumGroup group)
            {
                string stratum = _strata[s].Stratum == Stratum.Random ? "" : $"{Strata.Name(_strata[s].Stratum)}/";
                var random = SeededRandom.For(_options.Seed, $"{stratum}{_direction}/{_probeNames[probe]}");
                results[s][probe] = ProbeResult.Compute(
                    Array.ConvertAll(group.Rows, row => scores[row]), _probes[probe].Key, group, _options.TrialsPerProbe, random);
            }
        }
    }
}

/// <summary>Which part of the gallery each probe is compared with, in one stratum of one direction.</summary>
internal sealed class StratumPlan
{
    public StratumPlan(Stratum stratum, IReadOnlyList<EmbeddingRow> probes, IReadOnlyList<EmbeddingRow> gallery, int[] tieOrder)
    {
        Stratum = stratum;
        Dictionary<string, StratumGroup> groups = Enumerable.Range(0, gallery.Count)
            .GroupBy(row => Strata.GroupOf(stratum, gallery[row]) ?? "", StringComparer.Ordinal)
            .Where(rows => stratum == Stratum.Random || rows.Key.Length > 0)
            .ToDictionary(
                rows => rows.Key,
                rows => new StratumGroup(
                    [.. rows], [.. rows.Select(row => tieOrder[row])], new GalleryIndex([.. rows.Select(row => gallery[row].Key)])),
                StringComparer.Ordinal);
        Groups =
        [
            .. probes.Select(probe => Strata.GroupOf(stratum, probe) is string name && groups.TryGetValue(name, out StratumGroup? group)
                && group.Index.Contains(probe.Identity) && group.Index.IdentityCount > 1 ? group : null),
        ];
        GalleryCount = Groups.OfType<StratumGroup>().Distinct().Sum(group => group.Rows.Length);
        ProbeCount = Groups.Count(group => group is not null);
        IdentityCount = probes.Where((_, i) => Groups[i] is not null)
            .Select(probe => probe.Identity).Distinct(StringComparer.Ordinal).Count();
    }

    public Stratum Stratum { get; }

    /// <summary>[probes] the part of the gallery that a probe is compared with; null where it has no trial.</summary>
    public StratumGroup?[] Groups { get; }

    public int GalleryCount { get; }

    public int ProbeCount { get; }

    public int IdentityCount { get; }
}

/// <summary>The part of a gallery that the probes of one group (one gender, say) are compared with.</summary>
internal sealed class StratumGroup(int[] rows, int[] tieOrder, GalleryIndex index)
{
    /// <summary>Rows of the whole gallery.</summary>
    public int[] Rows { get; } = rows;

    /// <summary>[Rows]: of equal scores the lower comes first.</summary>
    public int[] TieOrder { get; } = tieOrder;

    /// <summary>The rows by identity, numbered within the part.</summary>
    public GalleryIndex Index { get; } = index;
}

/// <summary>A gallery's rows by identity, for drawing trials.</summary>
internal sealed class GalleryIndex
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<List<int>> _rows = [];
    private readonly IReadOnlyList<ClipKey> _items;

    public GalleryIndex(IReadOnlyList<ClipKey> items)
    {
        _items = items;
        for (int row = 0; row < items.Count; row++)
        {
            if (!_numbers.TryGetValue(items[row].Identity, out int number))
            {
                number = _numbers[items[row].Identity] = _rows.Count;
                _rows.Add([]);
            }

            _rows[number].Add(row);
        }
    }

    public int IdentityCount => _rows.Count;

    public bool Contains(string identity) => _numbers.ContainsKey(identity);

    public string IdentityOf(int row) => _items[row].Identity;

    public IReadOnlyList<int> RowsOf(string identity) => _rows[_numbers[identity]];

    /// <summary>A random row of the probe's identity, of another clip than the probe's where there is one.</summary>
    public int DrawPositive(ClipKey probe, SeededRandom random)
    {
        IReadOnlyList<int> own = RowsOf(probe.Identity);
        int[] others = [.. own.Where(row => _items[row].Clip != probe.Clip)];
        return others.Length > 0 ? others[random.NextInt32(others.Length)] : own[random.NextInt32(own.Count)];
    }

    /// <summary>Random rows of as many different identities other than the probe's, each identity equally likely.</summary>
    public void DrawNegatives(string identity, Span<int> rows, SeededRandom random)
    {
        Span<int> chosen = stackalloc int[rows.Length + 1];
        chosen[0] = _numbers[identity];
        for (int k = 0; k < rows.Length; k++)
        {
            int number;
            do
            {
                number = random.NextInt32(_rows.Count);
            }
            while (chosen[..(k + 1)].Contains(number));
            chosen[k + 1] = number;
            rows[k] = _rows[number][random.NextInt32(_rows[number].Count)];
        }
    }
}

/// <summary>
/// The order in which trials are drawn: by identity and clip, so that the same clips give the same trials in whatever order their rows are
/// stored. Rows of one clip (its frames) keep their order.
/// </summary>
internal static class ClipOrder
{
    /// <summary>The indices of some rows in that order.</summary>
    public static int[] Of(IReadOnlyList<EmbeddingRow> rows) =>
    [
        .. Enumerable.Range(0, rows.Count)
            .OrderBy(i => rows[i].Identity, StringComparer.Ordinal).ThenBy(i => rows[i].Clip, StringComparer.Ordinal), // stable
    ];

    /// <summary>A unique name for each of some ordered rows, to seed a random generator by.</summary>
    public static string[] Names(IReadOnlyList<EmbeddingRow> ordered)
    {
        string[] names = new string[ordered.Count];
        int first = 0; // of the rows of one clip
        for (int i = 0; i < names.Length; i++)
        {
            first = ordered[i].Key == ordered[first].Key ? first : i;
            names[i] = $"{ordered[i].Identity}/{ordered[i].Clip}{(i == first ? "" : $"/{i - first}")}";
        }

        return names;
    }
}
