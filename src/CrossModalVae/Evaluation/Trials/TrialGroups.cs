using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;
using CrossModalVae.Retrieval.Search;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>Listed trials of one kind and stratum, which are scored together.</summary>
internal abstract class TrialGroup(TrialKind kind, string? stratum, TrialRows rows, TrialOptions options)
{
    private readonly HashSet<string> _identities = new(StringComparer.Ordinal);
    private readonly SortedSet<CorpusSplit> _splits = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private long _missingCount;

    protected TrialRows Rows { get; } = rows;

    protected TrialOptions Options { get; } = options;

    public static TrialGroup For(Trial first, TrialRows rows, TrialOptions options) => first switch
    {
        VerificationTrial => new VerificationGroup(first.Stratum, rows, options),
        MatchingTrial matching => new MatchingGroup(matching, rows, options),
        _ => new RetrievalGroup(first.Stratum, rows, options),
    };

    /// <summary>Adds a trial; false, and counted, where the embeddings lack one of its clips.</summary>
    public bool Add(Trial trial)
    {
        bool isScored = TryScore(trial);
        _missingCount += isScored ? 0 : 1;
        return isScored;
    }

    public abstract IEnumerable<TrialListSample> Samples(CancellationToken cancellationToken);

    protected abstract bool TryScore(Trial trial);

    protected TrialListScores Scores(long trialCount, RetrievalDirection? direction = null, int? candidateCount = null) => new()
    {
        Kind = kind,
        Stratum = stratum,
        Direction = direction,
        CandidateCount = candidateCount,
        TrialCount = trialCount,
        MissingCount = _missingCount,
        IdentityCount = _identities.Count,
        Splits = [.. _splits],
    };

    /// <summary>Counts the identity and split of a scored row.</summary>
    protected void Count(int row)
    {
        EmbeddingRow own = Rows.Embeddings.Rows[row];
        _identities.Add(own.Identity);
        _splits.Add(own.Split);
    }

    /// <summary>The number of a row's identity in the bootstrap, in order of first use.</summary>
    protected int IdentityNumber(int row)
    {
        string identity = Rows.Embeddings.Rows[row].Identity;
        return _numbers.TryGetValue(identity, out int number) ? number : _numbers[identity] = _numbers.Count;
    }

    /// <summary>Draws of the numbered identities: by name, so that they do not depend on the order of the list.</summary>
    protected IdentityBootstrap Bootstrap() => new(
        _numbers.Count,
        Options.DrawCount,
        Options.Seed,
        [.. _numbers.OrderBy(identity => identity.Key, StringComparer.Ordinal).Select(identity => identity.Value)]);
}

/// <summary>Verification trials of one stratum.</summary>
internal sealed class VerificationGroup(string? stratum, TrialRows rows, TrialOptions options)
    : TrialGroup(TrialKind.Verification, stratum, rows, options)
{
    private readonly VerificationTrials _trials = new();

    public override IEnumerable<TrialListSample> Samples(CancellationToken cancellationToken) =>
    [
        new TrialListSample(
            Scores(_trials.Count),
            _trials.HasBothClasses
                ? _trials.Samples(Bootstrap(), cancellationToken).ToDictionary(pair => pair.Metric, pair => pair.Sample)
                : []),
    ];

    protected override bool TryScore(Trial trial)
    {
        var own = (VerificationTrial)trial;
        if (Rows.Find(Modality.Voice, own.Voice) is not int voice || Rows.Find(Modality.Face, own.Face) is not int face)
        {
            return false;
        }

        float score = Rows.Score(voice, face);
        if (own.IsTarget)
        {
            _trials.AddTarget(score, IdentityNumber(voice));
        }
        else
        {
            _trials.AddNonTarget(score, IdentityNumber(voice), IdentityNumber(face));
        }

        Count(voice);
        Count(face);
        return true;
    }
}

/// <summary>Matching trials of one stratum, direction and number of candidates.</summary>
internal sealed class MatchingGroup(MatchingTrial first, TrialRows rows, TrialOptions options)
    : TrialGroup(TrialKind.Matching, first.Stratum, rows, options)
{
    private readonly float[] _negatives = new float[first.Negatives.Count];
    private readonly int[] _rowsOfNegatives = new int[first.Negatives.Count];
    private readonly IdentityMean _accuracy = new();

    public override IEnumerable<TrialListSample> Samples(CancellationToken cancellationToken)
    {
        var metrics = new Dictionary<EvaluationMetric, MetricSample>();
        if (_accuracy.Count > 0)
        {
            metrics[EvaluationMetric.ListedMatching] = _accuracy.Sample(Bootstrap());
        }

        return [new TrialListSample(Scores(_accuracy.Count, first.Direction, _negatives.Length + 1), metrics)];
    }

    protected override bool TryScore(Trial trial)
    {
        var own = (MatchingTrial)trial;
        (Modality asking, Modality answering) = ProtocolPlan.Sides(first.Direction);
        if (Rows.Find(asking, own.Probe) is not int probe || Rows.Find(answering, own.Positive) is not int positive)
        {
            return false;
        }

        for (int i = 0; i < _negatives.Length; i++)
        {
            if (Rows.Find(answering, own.Negatives[i]) is not int negative)
            {
                return false;
            }

            _rowsOfNegatives[i] = negative;
            _negatives[i] = Rows.Score(probe, negative);
        }

        double share = MatchingShare.Of(Rows.Score(probe, positive), _negatives);
        _accuracy.Add(IdentityNumber(probe), share, 1.0 / (_negatives.Length + 1), 1);
        Count(probe);
        Count(positive);
        Array.ForEach(_rowsOfNegatives, Count);
        return true;
    }
}

/// <summary>The voices and faces of one listed gallery; each is a probe among all of the other modality.</summary>
internal sealed class RetrievalGroup(string? stratum, TrialRows rows, TrialOptions options)
    : TrialGroup(TrialKind.Retrieval, stratum, rows, options)
{
    private readonly List<int> _voices = [];
    private readonly List<int> _faces = [];

    public override IEnumerable<TrialListSample> Samples(CancellationToken cancellationToken) =>
    [
        Sample(RetrievalDirection.VoiceToFace, _voices, _faces, cancellationToken),
        Sample(RetrievalDirection.FaceToVoice, _faces, _voices, cancellationToken),
    ];

    protected override bool TryScore(Trial trial)
    {
        var own = (RetrievalItem)trial;
        if (Rows.Find(own.Modality, own.Clip) is not int row)
        {
            return false;
        }

        (own.Modality == Modality.Voice ? _voices : _faces).Add(row);
        Count(row);
        IdentityNumber(row); // the same in both directions, so that their draws are the same
        return true;
    }

    // Tied items count by their expectation over all orders, so that no figure depends on the order of the list or of the rows.
    private TrialListSample Sample(RetrievalDirection direction, List<int> probes, List<int> gallery, CancellationToken cancellationToken)
    {
        EmbeddingSet all = Rows.Embeddings;
        var group = new StratumGroup([.. Enumerable.Range(0, gallery.Count)], [.. gallery.Select(IdentityNumber)]);
        (int Probe, int Identity)[] asking =
        [
            .. probes.Select(probe => (Probe: probe, Identity: IdentityNumber(probe))).Where(probe => group.Contains(probe.Identity)),
        ];
        if (asking.Length == 0)
        {
            return new TrialListSample(Scores(0, direction, gallery.Count), new Dictionary<EvaluationMetric, MetricSample>());
        }

        Dictionary<int, int[]> relevant = asking.Select(probe => probe.Identity).Distinct()
            .ToDictionary(identity => identity, identity => group.RowsOf(identity).ToArray());
        var ranker = new Ranker(all.Pick(gallery), Options.Metric);
        var values = new double[asking.Length][]; // [probes][metrics]
        ParallelLoop.For(
            asking.Length,
            () => (Scores: new float[gallery.Count], Scorer: new ProbeScorer()),
            (i, own) =>
            {
                ranker.Score(all, asking[i].Probe, own.Scores);
                own.Scorer.Rank(own.Scores, group, asking[i].Identity, relevant[asking[i].Identity]);
                values[i] = new double[ProbeScorer.MetricCount];
                own.Scorer.Metrics(values[i]);
            },
            cancellationToken: cancellationToken);
        IdentityBootstrap bootstrap = Bootstrap();
        return new TrialListSample(
            Scores(asking.Length, direction, gallery.Count),
            RetrievalMetric.All.ToDictionary(metric => metric.Metric, metric =>
            {
                var mean = new IdentityMean();
                Dictionary<int, double> chances = relevant.Values.Select(rows => rows.Length).Distinct()
                    .ToDictionary(count => count, count => metric.Chance(gallery.Count, count));
                foreach (((_, int identity), double[] own) in asking.Zip(values))
                {
                    mean.Add(identity, own[ProbeScorer.IndexOf(metric.Metric)], chances[relevant[identity].Length], 1);
                }

                return mean.Sample(bootstrap);
            }));
    }
}

/// <summary>The rows of an embedding set by what they stand for, and the score of any two.</summary>
internal sealed class TrialRows
{
    private readonly PairScores _scores;
    private readonly Dictionary<(Modality, ClipKey), int> _rows = [];

    /// <exception cref="InvalidDataException">A row is there twice.</exception>
    public TrialRows(EmbeddingSet embeddings, RankingMetric metric)
    {
        Embeddings = embeddings;
        Rows.Check(embeddings.Values, embeddings.Count, embeddings.Dimension);
        _scores = new PairScores(embeddings, metric);
        for (int row = 0; row < embeddings.Count; row++)
        {
            EmbeddingRow own = embeddings.Rows[row];
            if (!_rows.TryAdd((own.Modality, own.Key), row))
            {
                throw new InvalidDataException($"The embeddings have the {own.Label} twice; expected once, so that a trial has one score.");
            }
        }
    }

    public EmbeddingSet Embeddings { get; }

    /// <summary>The first clip that was looked up and is missing.</summary>
    public (Modality Modality, ClipKey Clip)? FirstMissing { get; private set; }

    /// <summary>The row of a clip's modality, or null.</summary>
    public int? Find(Modality modality, ClipKey clip)
    {
        if (_rows.TryGetValue((modality, clip), out int row))
        {
            return row;
        }

        FirstMissing ??= (modality, clip);
        return null;
    }

    /// <summary>The similarity of two rows, higher is nearer; as <see cref="Retrieval.Ranker"/> has it.</summary>
    public float Score(int a, int b) => (float)_scores.Of(a, b);
}
