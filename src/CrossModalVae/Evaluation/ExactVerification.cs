using CrossModalVae.Metrics;

namespace CrossModalVae.Evaluation;

/// <summary>
/// Verification over every pair of a stratum, exactly. Only targets are sorted: they divide the non-targets into those between two targets
/// and those tied with one, and nothing else of a curve matters but where its corners are. O(pairs log targets).
/// </summary>
/// <param name="Pooled">[4] AUC, equal error rate and the two detection costs, every pair weighing the same.</param>
/// <param name="ByIdentity">[4] the same with every asking identity weighing the same in both classes.</param>
/// <param name="Curve">The pooled curve.</param>
internal sealed record ExactVerification(double[] Pooled, double[] ByIdentity, RocCurve Curve)
{
    private const int BlockCount = 8; // depends on nothing, so that sums do not depend on the number of workers

    /// <summary>Counts the pairs.</summary>
    /// <param name="plan">The stratum; at least one probe has a positive.</param>
    /// <param name="pairs">[probes, gallery] the scores of its probes; of others nothing is read.</param>
    /// <param name="galleryCount">Rows of the gallery.</param>
    /// <param name="numbers">[probes] the number of each probe's identity.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static ExactVerification Compute(
        StratumPlan plan, float[] pairs, int galleryCount, int[] numbers, CancellationToken cancellationToken)
    {
        (double[] targetShare, double[] nonTargetShare) = Shares(plan, numbers);
        TargetLevels levels = Levels(plan, pairs, galleryCount);
        var targets = new ClassCounts(levels.Count);
        for (int probe = 0; probe < numbers.Length; probe++)
        {
            foreach (int positive in plan.Positives[probe])
            {
                int level = levels.LevelOf(pairs[(probe * galleryCount) + plan.Groups[probe]!.Rows[positive]]);
                targets.Pairs[level]++;
                targets.Shares[level] += targetShare[numbers[probe]];
            }
        }

        var blocks = new ClassCounts[BlockCount];
        ParallelLoop.For(
            BlockCount,
            block =>
            {
                blocks[block] = new ClassCounts((2 * levels.Count) + 1);
                int end = (int)((long)numbers.Length * (block + 1) / BlockCount);
                for (int probe = (int)((long)numbers.Length * block / BlockCount); probe < end; probe++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (plan.Groups[probe] is StratumGroup group)
                    {
                        ReadOnlySpan<float> scores = pairs.AsSpan(probe * galleryCount, galleryCount);
                        Count(scores, group, group.PlaceOf(numbers[probe]), levels, blocks[block], nonTargetShare[numbers[probe]]);
                    }
                }
            },
            cancellationToken: cancellationToken);
        ClassCounts nonTargets = blocks[0];
        foreach (ClassCounts block in blocks.Skip(1))
        {
            nonTargets.Add(block);
        }

        Corner[] pooled = Corners(
            Array.ConvertAll(targets.Pairs, count => (double)count), Array.ConvertAll(nonTargets.Pairs, count => (double)count));
        Corner[] byIdentity = Corners(targets.Shares, nonTargets.Shares);
        return new ExactVerification(
            Metrics(pooled), Metrics(byIdentity), CurveOf(pooled, plan, pairs, galleryCount, numbers, levels));
    }

    // What a pair of each class weighs where every asking identity weighs the same.
    private static (double[] Target, double[] NonTarget) Shares(StratumPlan plan, int[] numbers)
    {
        var targets = new double[numbers.Max() + 1];
        var nonTargets = new double[targets.Length];
        for (int probe = 0; probe < numbers.Length; probe++)
        {
            if (plan.Groups[probe] is StratumGroup group)
            {
                targets[numbers[probe]] += plan.Positives[probe].Length;
                nonTargets[numbers[probe]] += group.DistractorCount(numbers[probe]);
            }
        }

        return (Array.ConvertAll(targets, count => 1 / count), Array.ConvertAll(nonTargets, count => 1 / count));
    }

    private static TargetLevels Levels(StratumPlan plan, float[] pairs, int galleryCount)
    {
        var scores = new List<uint>();
        for (int probe = 0; probe < plan.Groups.Length; probe++)
        {
            foreach (int positive in plan.Positives[probe])
            {
                scores.Add(OrderedKeys.Of(pairs[(probe * galleryCount) + plan.Groups[probe]!.Rows[positive]]));
            }
        }

        uint[] keys = [.. scores];
        OrderedKeys.Sort(ref keys);
        return new TargetLevels([.. keys.Distinct()]);
    }

    private static void Count(
        ReadOnlySpan<float> scores, StratumGroup group, int own, TargetLevels levels, ClassCounts counts, double share)
    {
        int[] rows = group.Rows, identities = group.Own;
        for (int row = 0; row < rows.Length; row++)
        {
            if (identities[row] != own)
            {
                int place = levels.PlaceOf(scores[rows[row]]);
                counts.Pairs[place]++;
                counts.Shares[place] += share;
            }
        }
    }

    // From the highest score down: after the non-targets above each target level, and after the level itself.
    private static Corner[] Corners(double[] targets, double[] nonTargets)
    {
        var corners = new List<Corner> { default };
        double accepted = 0, falselyAccepted = 0;
        for (int level = targets.Length - 1; level >= 0; level--)
        {
            falselyAccepted += nonTargets[2 * (level + 1)];
            Add();
            falselyAccepted += nonTargets[(2 * level) + 1];
            accepted += targets[level];
            Add();
        }

        falselyAccepted += nonTargets[0];
        Add();
        return [.. corners.Select(corner => new Corner(corner.False / falselyAccepted, corner.True / accepted))];

        void Add()
        {
            if (corners[^1] != new Corner(falselyAccepted, accepted))
            {
                corners.Add(new Corner(falselyAccepted, accepted));
            }
        }
    }

    private static double[] Metrics(Corner[] corners)
    {
        double area = 0, equal = double.NaN;
        double[] costs = [.. EvaluationMetrics.Costs.Select(cost => cost.MissFactor)];
        for (int i = 1; i < corners.Length; i++)
        {
            (Corner before, Corner here) = (corners[i - 1], corners[i]);
            area += (here.False - before.False) * (here.True + before.True) / 2;
            for (int c = 0; c < costs.Length; c++)
            {
                DetectionCost cost = EvaluationMetrics.Costs[c];
                costs[c] = Math.Min(costs[c], (cost.MissFactor * (1 - here.True)) + (cost.FalseAcceptanceFactor * here.False));
            }

            double gapBefore = 1 - before.True - before.False, gap = 1 - here.True - here.False;
            if (gap <= 0 && double.IsNaN(equal))
            {
                equal = before.False + (gapBefore / (gapBefore - gap) * (here.False - before.False));
            }
        }

        return [area, equal, .. costs];
    }

    // With the thresholds around equal errors, which the nearest equal error rate is read at: they lie between two corners.
    private static RocCurve CurveOf(
        Corner[] corners, StratumPlan plan, float[] pairs, int galleryCount, int[] numbers, TargetLevels levels)
    {
        int crossing = Array.FindIndex(corners, corner => 1 - corner.True - corner.False <= 0);
        (Corner before, Corner after) = (corners[crossing - 1], corners[crossing]);
        if (before.True != after.True)
        {
            return Of(corners);
        }

        // The run lies below as many target levels as corners with other true rates lie before it.
        int passed = corners.Take(crossing).Select(corner => corner.True).Distinct().Count() - 1;
        int place = 2 * (levels.Count - passed);
        var between = new List<uint>();
        for (int probe = 0; probe < numbers.Length; probe++)
        {
            if (plan.Groups[probe] is StratumGroup group)
            {
                int own = group.PlaceOf(numbers[probe]);
                for (int row = 0; row < group.Rows.Length; row++)
                {
                    float score = pairs[(probe * galleryCount) + group.Rows[row]];
                    if (group.Own[row] != own && levels.PlaceOf(score) == place)
                    {
                        between.Add(OrderedKeys.Of(score));
                    }
                }
            }
        }

        uint[] keys = [.. between];
        OrderedKeys.Sort(ref keys);
        Array.Reverse(keys);
        double step = (after.False - before.False) / keys.Length;
        Corner? below = null;
        for (int i = 1; i < keys.Length; i++)
        {
            if (keys[i] != keys[i - 1])
            {
                var point = new Corner(before.False + (i * step), before.True);
                if (1 - point.True - point.False <= 0)
                {
                    return Of([.. corners[..crossing], .. Known(below), point, .. corners[crossing..]]);
                }

                below = point;
            }
        }

        return Of([.. corners[..crossing], .. Known(below), .. corners[crossing..]]);

        static Corner[] Known(Corner? corner) => corner is Corner known ? [known] : [];

        static RocCurve Of(Corner[] corners) => RocCurve.OfCorners(
            Array.ConvertAll(corners, corner => corner.False), Array.ConvertAll(corners, corner => corner.True));
    }

    private readonly record struct Corner(double False, double True);

    private sealed class ClassCounts(int placeCount)
    {
        public long[] Pairs { get; } = new long[placeCount];

        public double[] Shares { get; } = new double[placeCount];

        public void Add(ClassCounts other)
        {
            for (int i = 0; i < Pairs.Length; i++)
            {
                Pairs[i] += other.Pairs[i];
                Shares[i] += other.Shares[i];
            }
        }
    }
}

/// <summary>The distinct scores of targets, ascending, and where other scores lie among them; a table of their range shortens the search.
/// </summary>
internal sealed class TargetLevels
{
    private const int TableBits = 16;

    private readonly uint[] _keys;
    private readonly int[] _starts; // the first key at or above each step of the range
    private readonly int _shift;

    /// <param name="keys">Ordered keys, ascending and distinct, at least one.</param>
    public TargetLevels(uint[] keys)
    {
        _keys = keys;
        uint range = keys[^1] - keys[0];
        while (range >> _shift >= 1u << TableBits)
        {
            _shift++;
        }

        _starts = new int[(range >> _shift) + 2];
        int key = 0;
        for (int step = 0; step < _starts.Length; step++)
        {
            while (key < keys.Length && (keys[key] - keys[0]) >> _shift < step)
            {
                key++;
            }

            _starts[step] = key;
        }
    }

    public int Count => _keys.Length;

    /// <summary>The level of a target's score.</summary>
    public int LevelOf(float score) => PlaceOf(score) / 2;

    /// <summary>2 k + 1 for a score equal to level k, 2 k for one below it and above level k - 1.</summary>
    public int PlaceOf(float score)
    {
        uint key = OrderedKeys.Of(score);
        if (key < _keys[0])
        {
            return 0;
        }

        if (key > _keys[^1])
        {
            return 2 * _keys.Length;
        }

        uint step = (key - _keys[0]) >> _shift;
        int low = _starts[step], high = _starts[step + 1];
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _keys[middle] < key ? (middle + 1, high) : (low, middle);
        }

        return _keys[low] == key ? (2 * low) + 1 : 2 * low;
    }
}
