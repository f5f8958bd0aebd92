namespace CrossModalVae.Evaluation;

/// <summary>
/// Step 2 of the protocol: matching and retrieval of one scored probe, exactly. The scores of the positives divide the distractors (the
/// rows of other identities) into those above, between, tied and below; all metrics follow from these counts. One of each worker.
/// </summary>
/// <remarks>
/// Matching of 1 in N: the probability that a positive beats N - 1 distractors drawn without replacement from the group's M, of which L
/// score lower and T as much, a tie counting as its share: the mean over t = 0 to T of C(L + t, N - 1) / C(M, N - 1), which is
/// (C(L + T + 1, N) - C(L, N)) / ((T + 1) C(M, N - 1)). Retrieval: the expectation over the orders of tied rows, so that a system without
/// information scores at chance level.
/// </remarks>
internal sealed class ProbeScorer
{
    /// <summary>Matching of 2 to 10, MRR, R@1, R@5, R@10 and mAP, in the order of <see cref="EvaluationMetric"/>.</summary>
    public const int MetricCount = EvaluationMetric.MeanAveragePrecision - EvaluationMetric.MatchingOf2 + 1;

    private const int MatchingCount = EvaluationMetrics.LargestMatching - EvaluationMetrics.SmallestMatching + 1;

    private static readonly int[] HitCounts = [1, 5, 10];

    private readonly Dictionary<(int Before, int Count, int Relevant, int RelevantBefore), (double First, double Precision)> _tied = [];
    private readonly double[] _values = new double[MetricCount];
    private readonly double[] _without = new double[MetricCount];
    private StratumGroup _group = null!;
    private int _own; // the place of the probe's identity in the group
    private int[] _positives = [];
    private float[] _levels = []; // distinct scores of positives, falling
    private int[] _relevant = []; // [levels] positives of that score
    private int _levelCount;
    private int _width; // 2 levels + 1: above the first, tied with it, between it and the second, ...
    private int[] _counts = []; // [identities, width]
    private int[] _total = []; // [width]
    private int[] _rest = []; // [width]
    private int[] _distractors = [];

    /// <summary>The metric of an index of values.</summary>
    public static EvaluationMetric MetricOf(int index) => EvaluationMetric.MatchingOf2 + index;

    /// <summary>The index of a metric among values.</summary>
    public static int IndexOf(EvaluationMetric metric) => metric - EvaluationMetric.MatchingOf2;

    /// <summary>Whether a probe in a group of so many identities has the metric: 1 of N needs N.</summary>
    public static bool IsDefined(int index, int identityCount) =>
        index >= MatchingCount || identityCount >= index + EvaluationMetrics.SmallestMatching;

    /// <summary>Counts the rows of a group by the scores of the probe's positives.</summary>
    /// <param name="scores">Of the whole gallery, higher is nearer.</param>
    /// <param name="group">The part of the gallery.</param>
    /// <param name="identity">The number of the probe's identity.</param>
    /// <param name="positives">Rows of the group, at least one.</param>
    public void Rank(ReadOnlySpan<float> scores, StratumGroup group, int identity, int[] positives)
    {
        (_group, _own, _positives) = (group, group.PlaceOf(identity), positives);
        FindLevels(scores);
        int cells = group.IdentityCount * _width;
        _counts = _counts.Length < cells ? new int[cells] : _counts;
        Array.Clear(_counts, 0, cells);
        _total = _total.Length < _width ? new int[_width] : _total;
        _rest = _rest.Length < _width ? new int[_width] : _rest;
        for (int row = 0; row < group.Rows.Length; row++)
        {
            if (group.Own[row] != _own)
            {
                _counts[(group.Own[row] * _width) + PlaceOf(scores[group.Rows[row]])]++;
            }
        }

        Array.Clear(_total, 0, _width);
        for (int i = 0; i < cells; i += _width)
        {
            for (int place = 0; place < _width; place++)
            {
                _total[place] += _counts[i + place];
            }
        }
    }

    /// <summary>The probe's metrics; NaN for 1 of N where its group has fewer identities.</summary>
    public void Metrics(Span<double> values)
    {
        Compute(_total, _values);
        for (int m = 0; m < MetricCount; m++)
        {
            values[m] = IsDefined(m, _group.IdentityCount) ? _values[m] : double.NaN;
        }
    }

    /// <summary>
    /// Adds what each other identity's rows in the gallery change in the metrics, by leaving them out (the jackknife's influence).
    /// </summary>
    /// <param name="influence">The sums.</param>
    /// <param name="probesOfIdentity">[metrics] how many probes the identity has.</param>
    public void AddInfluence(GalleryInfluence influence, int[] probesOfIdentity)
    {
        for (int place = 0; place < _group.IdentityCount; place++)
        {
            if (place == _own)
            {
                continue;
            }

            ReadOnlySpan<int> counts = _counts.AsSpan(place * _width, _width);
            for (int i = 0; i < _width; i++)
            {
                _rest[i] = _total[i] - counts[i];
            }

            Compute(_rest, _without);
            for (int m = 0; m < MetricCount; m++)
            {
                double change = _values[m] - _without[m];
                if (change is not (0 or double.NaN) && IsDefined(m, _group.IdentityCount))
                {
                    influence.Add(_group.Numbers[place], m, change, change / probesOfIdentity[m]);
                }
            }
        }
    }

    /// <summary>The trials of the probe that bootstrap draws weigh: at most so many of each class, drawn without replacement.</summary>
    public ProbeTrials Draw(ReadOnlySpan<float> scores, int quota, Func<SeededRandom> seeded)
    {
        _distractors = _distractors.Length < _group.Rows.Length ? new int[_group.Rows.Length] : _distractors;
        int count = 0;
        for (int row = 0; row < _group.Rows.Length; row++)
        {
            if (_group.Own[row] != _own)
            {
                _distractors[count++] = row;
            }
        }

        int targetCount = Math.Min(quota, _positives.Length), nonTargetCount = Math.Min(quota, count);
        int[] targets = _positives;
        if (targetCount < _positives.Length || nonTargetCount < count)
        {
            SeededRandom random = seeded();
            targets = [.. _positives];
            DrawFirst(targets, targetCount, random);
            DrawFirst(_distractors.AsSpan(0, count), nonTargetCount, random);
        }

        var trials = new ProbeTrials(
            new float[targetCount],
            (double)_positives.Length / targetCount,
            new float[nonTargetCount],
            new int[nonTargetCount],
            (double)count / nonTargetCount);
        for (int i = 0; i < targetCount; i++)
        {
            trials.Targets[i] = scores[_group.Rows[targets[i]]];
        }

        for (int i = 0; i < nonTargetCount; i++)
        {
            int row = _distractors[i];
            trials.NonTargets[i] = scores[_group.Rows[row]];
            trials.Others[i] = _group.Numbers[_group.Own[row]];
        }

        return trials;

        static void DrawFirst(Span<int> items, int wanted, SeededRandom random)
        {
            for (int i = 0; i < wanted && wanted < items.Length; i++)
            {
                int other = i + random.NextInt32(items.Length - i);
                (items[i], items[other]) = (items[other], items[i]);
            }
        }
    }

    private void FindLevels(ReadOnlySpan<float> scores)
    {
        _levels = _levels.Length < _positives.Length ? new float[_positives.Length] : _levels;
        _relevant = _relevant.Length < _positives.Length ? new int[_positives.Length] : _relevant;
        for (int i = 0; i < _positives.Length; i++)
        {
            _levels[i] = scores[_group.Rows[_positives[i]]];
        }

        Array.Sort(_levels, 0, _positives.Length);
        Array.Reverse(_levels, 0, _positives.Length);
        _levelCount = 0;
        for (int i = 0; i < _positives.Length; i++)
        {
            if (_levelCount > 0 && _levels[_levelCount - 1] == _levels[i])
            {
                _relevant[_levelCount - 1]++;
            }
            else
            {
                (_levels[_levelCount], _relevant[_levelCount]) = (_levels[i], 1);
                _levelCount++;
            }
        }

        _width = (2 * _levelCount) + 1;
    }

    private int PlaceOf(float score)
    {
        int low = 0, high = _levelCount;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _levels[middle] > score ? (middle + 1, high) : (low, middle);
        }

        return low < _levelCount && _levels[low] == score ? (2 * low) + 1 : 2 * low;
    }

    // All metrics, from the distractors at each place; matching that M does not allow is NaN.
    private void Compute(int[] places, double[] values)
    {
        int distractors = 0;
        for (int i = 0; i < _width; i++)
        {
            distractors += places[i];
        }

        Array.Clear(values);
        double precision = 0;
        int above = 0, relevantBefore = 0;
        for (int u = 0; u < _levelCount; u++)
        {
            above += places[2 * u];
            int ties = places[(2 * u) + 1], relevant = _relevant[u];
            (double first, double own) = Tied(above + relevantBefore, ties + relevant, relevant, relevantBefore);
            precision += own;
            if (u == 0)
            {
                values[MatchingCount] = first;
                for (int k = 0; k < HitCounts.Length; k++)
                {
                    values[MatchingCount + 1 + k] = HitProbability(HitCounts[k] - above, ties + relevant, relevant);
                }
            }

            AddMatching(values, distractors, distractors - above - ties, ties, (double)relevant / _positives.Length);
            above += ties;
            relevantBefore += relevant;
        }

        values[MetricCount - 1] = precision / _positives.Length;
        for (int n = distractors; n < MatchingCount; n++)
        {
            values[n] = double.NaN;
        }
    }

    private static void AddMatching(double[] values, int distractors, int lower, int ties, double weight)
    {
        int most = Math.Min(MatchingCount, distractors);
        double win = 1, upper = lower + ties + 1.0, below = lower;
        for (int n = 0; n < most; n++)
        {
            if (ties == 0)
            {
                win *= Math.Max(0, lower - n) / (double)(distractors - n);
                values[n] += weight * win;
                continue;
            }

            // N C(a, N) / C(M, N - 1) for a = L + T + 1 and a = L, factor by factor.
            upper *= Math.Max(0, lower + ties - n) / (double)(distractors - n);
            below *= Math.Max(0, lower - 1 - n) / (double)(distractors - n);
            values[n] += weight * (upper - below) / (n + EvaluationMetrics.SmallestMatching) / (ties + 1.0);
        }
    }

    // The expected reciprocal rank of the first relevant item of a tied run, and the expected sum of the precisions at all of them.
    private (double First, double Precision) Tied(int before, int count, int relevant, int relevantBefore)
    {
        if (count == 1)
        {
            return (1.0 / (before + 1), (relevantBefore + 1.0) / (before + 1));
        }

        var key = (before, count, relevant, relevantBefore);
        if (!_tied.TryGetValue(key, out (double First, double Precision) found))
        {
            double first = 0, none = 1, precision = 0, density = (relevant - 1.0) / (count - 1);
            for (int x = 1; x <= count; x++)
            {
                double here = Math.Min(1, (double)relevant / (count - x + 1));
                first += none * here / (before + x);
                none *= 1 - here;
                precision += (relevantBefore + 1 + ((x - 1) * density)) / (before + x);
            }

            found = _tied[key] = (first, precision * relevant / count);
        }

        return found;
    }

    // Whether a relevant item of a tied run is among its first places, on average over its orders.
    private static double HitProbability(int places, int count, int relevant)
    {
        double none = 1;
        for (int i = 0; i < places && i < count; i++)
        {
            none *= Math.Max(0, 1 - ((double)relevant / (count - i)));
        }

        return 1 - none;
    }
}

/// <summary>Trials of a probe with the number of pairs that each stands for.</summary>
/// <param name="Targets">Scores of target trials.</param>
/// <param name="TargetWeight">Pairs that one of them stands for.</param>
/// <param name="NonTargets">Scores of non-target trials.</param>
/// <param name="Others">The number of the other identity of each.</param>
/// <param name="NonTargetWeight">Pairs that one of them stands for.</param>
internal sealed record ProbeTrials(float[] Targets, double TargetWeight, float[] NonTargets, int[] Others, double NonTargetWeight);
