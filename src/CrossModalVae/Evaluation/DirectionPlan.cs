using CrossModalVae.Embeddings;

namespace CrossModalVae.Evaluation;

/// <summary>The plan of one direction, and the loop that scores a system on it.</summary>
internal sealed class DirectionPlan
{
    private readonly int[] _galleryOrder; // where each row of _gallery was among those given
    private readonly EmbeddingRow[] _probes; // by identity and clip
    private readonly EmbeddingRow[] _gallery; // likewise
    private readonly string[] _probeNames;
    private readonly int[] _numbers; // [probes] the number of each probe's identity
    private readonly int _identityCount;
    private readonly StratumPlan[] _strata;
    private readonly ProtocolOptions _options;

    public DirectionPlan(
        RetrievalDirection direction,
        IReadOnlyList<EmbeddingRow> rows,
        IReadOnlyDictionary<string, int> identities,
        IReadOnlyList<Stratum> strata,
        ProtocolOptions options)
    {
        (Direction, _identityCount, _options) = (direction, identities.Count, options);
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
        _numbers = [.. _probes.Select(probe => identities[probe.Identity])];
        IsEnumerated = (long)_probes.Length * _gallery.Length <= options.EnumeratedPairs;
        int[] galleryNumbers = [.. _gallery.Select(row => identities[row.Identity])];
        Strata = [.. strata.Select(
            stratum => new StratumPlan(stratum, _probes, _gallery, galleryNumbers, options.Positives, IsEnumerated))];
        _strata = [.. Strata.Where(plan => plan.ProbeCount > 0)];
        if (Strata[0].ProbeCount == 0)
        {
            throw UserError.Mark(new ArgumentException(NoPositive(asking, answering, options.Positives), nameof(rows)));
        }
    }

    public RetrievalDirection Direction { get; }

    /// <summary>Whether verification takes every pair.</summary>
    public bool IsEnumerated { get; }

    /// <summary>Every stratum, those without a trial too; everybody first.</summary>
    public IReadOnlyList<StratumPlan> Strata { get; }

    /// <summary>The identities that have a trial in the first stratum.</summary>
    public IEnumerable<string> AskingIdentities =>
        _probes.Where((_, i) => _strata[0].Groups[i] is not null).Select(probe => probe.Identity).Distinct(StringComparer.Ordinal);

    /// <summary>Scores a system in every stratum that has trials.</summary>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    public IReadOnlyList<DirectionSample> Score(EvaluationSystem system, IdentityBootstrap bootstrap, CancellationToken cancellationToken)
    {
        GalleryScorer scorer = system.Scorer(Direction, _probes, _gallery);
        float[]? pairs = IsEnumerated ? new float[(long)_probes.Length * _gallery.Length] : null;
        bool hasDraws = bootstrap.DrawCount > 0;
        StratumSums[] sums = [.. _strata.Select(plan => new StratumSums(plan, _probes.Length, hasDraws ? _identityCount : 0))];

        // Blocks whose bounds depend on the data only, so that sums do not depend on the number of workers.
        int blockCount = Math.Min(_probes.Length, StratumSums.BlockCount(_identityCount));
        ParallelLoop.For(
            blockCount,
            () => (Scores: pairs is null ? new float[_gallery.Length] : [], Scorer: new ProbeScorer()),
            (block, own) =>
            {
                GalleryInfluence?[] influences = [.. sums.Select(one => one.StartBlock())];
                int end = (int)((long)_probes.Length * (block + 1) / blockCount);
                for (int probe = (int)((long)_probes.Length * block / blockCount); probe < end; probe++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Span<float> scores = pairs is null
                        ? own.Scores
                        : pairs.AsSpan(probe * _gallery.Length, _gallery.Length);
                    ScoreProbe(probe, scorer, scores, sums, influences, own.Scorer);
                }

                for (int s = 0; s < sums.Length; s++)
                {
                    sums[s].EndBlock(block, influences[s]);
                }
            },
            cancellationToken: cancellationToken);
        return
        [
            .. _strata.Select((plan, s) => DirectionSample.Of(
                Direction,
                plan,
                sums[s],
                _numbers,
                pairs is null ? null : ExactVerification.Compute(plan, pairs, _gallery.Length, _numbers, cancellationToken),
                system.Kind == SystemKind.Model && plan.Stratum == Stratum.Everybody ? _options.Confidence : null,
                bootstrap,
                cancellationToken)),
        ];
    }

    private static string NoPositive(Modality asking, Modality answering, PositiveClips positives)
    {
        string which = positives == PositiveClips.Own ? "of the same clip" : "of another clip of its identity";
        string remedy = positives == PositiveClips.Own ? "other or any" : "own or any";
        return $"No {EnumText.Of(asking)} has a {EnumText.Of(answering)} {which}, so that positives '{EnumText.Of(positives)}' leave no "
            + $"trial; must be {remedy} (--positives).";
    }

    private void ScoreProbe(
        int probe, GalleryScorer scorer, Span<float> scores, StratumSums[] sums, GalleryInfluence?[] influences, ProbeScorer own)
    {
        if (Array.TrueForAll(_strata, plan => plan.Groups[probe] is null))
        {
            return; // no positive in any stratum
        }

        scorer(probe, scores);
        for (int i = 0; i < scores.Length; i++)
        {
            if (float.IsNaN(scores[i]))
            {
                throw UserError.Mark(new ArgumentException(
                    $"The score of probe '{_probeNames[probe]}' against row {_galleryOrder[i]} of the gallery is NaN; must be a number."));
            }
        }

        for (int s = 0; s < _strata.Length; s++)
        {
            if (_strata[s].Groups[probe] is StratumGroup group)
            {
                StratumPlan plan = _strata[s];
                own.Rank(scores, group, _numbers[probe], plan.Positives[probe]);
                own.Metrics(sums[s].Values(probe));
                if (influences[s] is GalleryInfluence influence)
                {
                    own.AddInfluence(influence, plan.ProbesOf(_numbers[probe]));
                }

                int quota = IsEnumerated ? plan.SampledTrialsPerProbe : _options.TrialsPerProbe;
                string key = $"{EnumText.Of(plan.Stratum)}/{Direction}/{_probeNames[probe]}";
                sums[s].Trials[probe] = own.Draw(scores, quota, () => SeededRandom.For(_options.Seed, key));
            }
        }
    }
}

/// <summary>Which part of the gallery each probe is compared with, in one stratum of one direction.</summary>
internal sealed class StratumPlan
{
    /// <summary>With fewer identities a group has no metric: one or two people would decide it.</summary>
    public const int FewestIdentities = 5;

    // What a bootstrap draw costs grows with its trials; so many hold the interval to a few thousandths of its width.
    private const int SampledTrials = 200_000;

    private readonly Dictionary<int, int[]> _probesOf = []; // by identity: [metrics] its probes that have the metric

    public StratumPlan(
        Stratum stratum,
        IReadOnlyList<EmbeddingRow> probes,
        IReadOnlyList<EmbeddingRow> gallery,
        int[] galleryNumbers,
        PositiveClips positives,
        bool isEnumerated)
    {
        (Stratum, IsEnumerated) = (stratum, isEnumerated);
        Dictionary<string, StratumGroup> groups = Enumerable.Range(0, gallery.Count)
            .GroupBy(row => Strata.GroupOf(stratum, gallery[row]) ?? "", StringComparer.Ordinal)
            .Where(rows => stratum == Stratum.Everybody || rows.Key.Length > 0)
            .ToDictionary(rows => rows.Key, rows => new StratumGroup([.. rows], galleryNumbers), StringComparer.Ordinal);
        Dictionary<string, int> numbers = [];
        foreach ((EmbeddingRow row, int number) in gallery.Zip(galleryNumbers))
        {
            numbers[row.Identity] = number;
        }

        Groups = new StratumGroup?[probes.Count];
        Positives = new int[probes.Count][];
        HashSet<string> asking = [], withoutPositive = [], inSmallGroup = [];
        for (int i = 0; i < probes.Count; i++)
        {
            EmbeddingRow probe = probes[i];
            Positives[i] = [];
            if (Strata.GroupOf(stratum, probe) is not string name || !groups.TryGetValue(name, out StratumGroup? group))
            {
                continue;
            }

            bool answers = numbers.TryGetValue(probe.Identity, out int number) && group.Contains(number);
            if (answers && stratum != Stratum.Everybody && group.IdentityCount < FewestIdentities)
            {
                inSmallGroup.Add(probe.Identity);
                continue;
            }

            int[] found = !answers
                ? []
                :
                [
                    .. group.RowsOf(number).Where(row => positives == PositiveClips.Any
                        || (gallery[group.Rows[row]].Clip == probe.Clip) == (positives == PositiveClips.Own)),
                ];
            if (found.Length == 0)
            {
                LeftOutProbeCount++;
                withoutPositive.Add(probe.Identity);
                continue;
            }

            (Groups[i], Positives[i]) = (group, found);
            asking.Add(probe.Identity);
            ProbeCount++;
            TargetCount += found.Length;
            NonTargetCount += group.DistractorCount(number);
            CountProbe(number, group);
        }

        IdentityCount = asking.Count;
        LeftOutIdentityCount = withoutPositive.Count(identity => !asking.Contains(identity));
        SmallGroupIdentityCount = inSmallGroup.Count(identity => !asking.Contains(identity));
        GalleryCount = Groups.OfType<StratumGroup>().Distinct().Sum(group => group.Rows.Length);
        SampledTrialsPerProbe = TargetCount + NonTargetCount <= SampledTrials
            ? int.MaxValue
            : Math.Max(1, SampledTrials / (2 * Math.Max(1, ProbeCount)));
    }

    public Stratum Stratum { get; }

    /// <summary>Whether verification takes every pair.</summary>
    public bool IsEnumerated { get; }

    /// <summary>[probes] the part of the gallery that a probe is compared with; null where it has no trial.</summary>
    public StratumGroup?[] Groups { get; }

    /// <summary>[probes][positives] rows of the group.</summary>
    public int[][] Positives { get; }

    public int GalleryCount { get; }

    public int ProbeCount { get; }

    /// <summary>Identities that ask.</summary>
    public int IdentityCount { get; }

    /// <summary>Probes without a positive, those of identities that the gallery lacks too.</summary>
    public int LeftOutProbeCount { get; }

    /// <summary>Identities all of whose probes are such.</summary>
    public int LeftOutIdentityCount { get; }

    /// <summary>Identities of groups that are too small for a metric.</summary>
    public int SmallGroupIdentityCount { get; }

    /// <summary>Target pairs.</summary>
    public long TargetCount { get; }

    /// <summary>Non-target pairs.</summary>
    public long NonTargetCount { get; }

    /// <summary>Trials of each class and probe that bootstrap draws weigh; int.MaxValue for all.</summary>
    public int SampledTrialsPerProbe { get; }

    /// <summary>[metrics] how many probes of an identity have the metric.</summary>
    public int[] ProbesOf(int identity) => _probesOf[identity];

    private void CountProbe(int identity, StratumGroup group)
    {
        if (!_probesOf.TryGetValue(identity, out int[]? counts))
        {
            counts = _probesOf[identity] = new int[ProbeScorer.MetricCount];
        }

        for (int m = 0; m < counts.Length; m++)
        {
            counts[m] += ProbeScorer.IsDefined(m, group.IdentityCount) ? 1 : 0;
        }
    }
}

/// <summary>The part of a gallery that the probes of one group (one gender, say) are compared with.</summary>
internal sealed class StratumGroup
{
    private readonly Dictionary<int, int> _places = []; // of an identity's number in Numbers
    private readonly List<List<int>> _rows = []; // [identities][rows of the group]

    public StratumGroup(int[] rows, int[] galleryNumbers)
    {
        Rows = rows;
        Own = new int[rows.Length];
        for (int row = 0; row < rows.Length; row++)
        {
            int number = galleryNumbers[rows[row]];
            if (!_places.TryGetValue(number, out int place))
            {
                place = _places[number] = _rows.Count;
                _rows.Add([]);
            }

            Own[row] = place;
            _rows[place].Add(row);
        }

        Numbers = new int[_rows.Count];
        foreach ((int number, int place) in _places)
        {
            Numbers[place] = number;
        }
    }

    /// <summary>Rows of the whole gallery.</summary>
    public int[] Rows { get; }

    /// <summary>[Rows] the place of each row's identity in <see cref="Numbers"/>.</summary>
    public int[] Own { get; }

    /// <summary>[identities] their numbers.</summary>
    public int[] Numbers { get; }

    public int IdentityCount => Numbers.Length;

    public bool Contains(int identity) => _places.ContainsKey(identity);

    public int PlaceOf(int identity) => _places[identity];

    public IReadOnlyList<int> RowsOf(int identity) => _rows[_places[identity]];

    /// <summary>Rows of other identities than a probe's.</summary>
    public int DistractorCount(int identity) => Rows.Length - _rows[_places[identity]].Count;
}
