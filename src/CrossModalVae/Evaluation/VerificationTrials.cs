using CrossModalVae.Metrics;

namespace CrossModalVae.Evaluation;

/// <summary>Collects verification trials with the people in them, and scores them on every draw.</summary>
internal sealed class VerificationTrials
{
    private const int SamePerson = -1;

    private readonly List<float> _scores = [];
    private readonly List<bool> _targets = [];
    private readonly List<int> _asking = [];
    private readonly List<int> _others = [];

    public int Count => _scores.Count;

    public bool HasBothClasses => _targets.Contains(true) && _targets.Contains(false);

    /// <summary>Adds a target trial.</summary>
    /// <param name="score">Its score, not NaN.</param>
    /// <param name="identity">Whose it is.</param>
    public void AddTarget(float score, int identity) => Add(score, true, identity, SamePerson);

    /// <summary>Adds a non-target trial.</summary>
    /// <param name="score">Its score, not NaN.</param>
    /// <param name="asking">Who asks.</param>
    /// <param name="other">Whose the other side is.</param>
    public void AddNonTarget(float score, int asking, int other) => Add(score, false, asking, other);

    /// <summary>The curve of the trials as they are.</summary>
    /// <exception cref="ArgumentException">All trials are of one class.</exception>
    public RocCurve Curve() => RocCurve.Compute([.. _scores], [.. _targets]);

    /// <summary>The figures of verification, by their place among <see cref="EvaluationFigure"/>.</summary>
    public IEnumerable<(EvaluationFigure Figure, FigureSample Sample)> Samples(
        IdentityBootstrap bootstrap, CancellationToken cancellationToken)
    {
        WeightedRoc pooled = Sorted(bootstrap.IdentityCount, byIdentity: false);
        double[][] pooledDraws = pooled.Figures(bootstrap, cancellationToken);
        bool same = AskEquallyOften();
        WeightedRoc alike = same ? pooled : Sorted(bootstrap.IdentityCount, byIdentity: true);
        double[][] alikeDraws = same ? pooledDraws : alike.Figures(bootstrap, cancellationToken);
        double[] pooledValues = pooled.Figures(), alikeValues = same ? pooledValues : alike.Figures();
        int people = _asking.Distinct().Count();
        for (int f = 0; f < WeightedRoc.FigureCount; f++)
        {
            var figure = (EvaluationFigure)f;
            double chance = figure is EvaluationFigure.Auc or EvaluationFigure.EqualErrorRate ? 0.5 : 1;
            yield return (
                figure,
                new FigureSample(Count, people, new WeightedSample(pooledValues[f], chance, pooledDraws[f]), new WeightedSample(
                    alikeValues[f], chance, alikeDraws[f])));
        }
    }

    private void Add(float score, bool isTarget, int asking, int other)
    {
        _scores.Add(score);
        _targets.Add(isTarget);
        _asking.Add(asking);
        _others.Add(other);
    }

    private WeightedRoc Sorted(int identityCount, bool byIdentity)
    {
        // Falling score; equal scores in the order they came.
        ulong[] keys = [.. _scores.Select((score, i) => ((ulong)~OrderedKeys.Of(score) << 32) | (uint)i)];
        Array.Sort(keys);
        int[] order = [.. keys.Select(key => (int)(uint)key)];
        double[] weights = byIdentity ? Weights() : [];
        return new WeightedRoc(
            identityCount,
            [.. order.Select(i => _asking[i])],
            [.. order.Select(i => _others[i] == SamePerson ? identityCount : _others[i])],
            [.. order.Select(i => _targets[i])],
            [.. keys.Select((key, k) => k + 1 == keys.Length || keys[k + 1] >> 32 != key >> 32)],
            [.. order.Select(i => byIdentity ? weights[i] : 1)]);
    }

    // Of either class the trials of one asking identity weigh 1 together.
    private double[] Weights()
    {
        (int[] targets, int[] nonTargets) = Counts();
        return [.. Enumerable.Range(0, Count).Select(i => 1.0 / (_targets[i] ? targets : nonTargets)[_asking[i]])];
    }

    private bool AskEquallyOften()
    {
        (int[] targets, int[] nonTargets) = Counts();
        return new[] { targets, nonTargets }.All(counts => counts.Where(count => count > 0).Distinct().Count() == 1);
    }

    private (int[] Targets, int[] NonTargets) Counts()
    {
        int[] targets = new int[_asking.Max() + 1], nonTargets = new int[targets.Length];
        for (int i = 0; i < Count; i++)
        {
            (_targets[i] ? targets : nonTargets)[_asking[i]]++;
        }

        return (targets, nonTargets);
    }
}
