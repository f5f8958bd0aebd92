namespace CrossModalVae.Evaluation;

/// <summary>What a system's probes gave in one stratum: metrics and trials by probe, and the influences of gallery identities.</summary>
internal sealed class StratumSums(StratumPlan plan, int probeCount, int identityCount)
{
    private const int LargestBlocks = 64 << 20; // bytes of the influences of all blocks
    private const int MostBlocks = 32;

    private readonly double[] _values = new double[probeCount * (long)ProbeScorer.MetricCount];
    private readonly GalleryInfluence?[] _blocks = new GalleryInfluence?[MostBlocks];

    public StratumPlan Plan { get; } = plan;

    /// <summary>[probes]; null for probes without a trial.</summary>
    public ProbeTrials?[] Trials { get; } = new ProbeTrials?[probeCount];

    /// <summary>How many blocks of probes; depends on the data only.</summary>
    public static int BlockCount(int identityCount) =>
        Math.Clamp((int)(LargestBlocks / (2L * sizeof(double) * ProbeScorer.MetricCount * identityCount)), 2, MostBlocks);

    /// <summary>[metrics] of a probe.</summary>
    public Span<double> Values(int probe) => _values.AsSpan(probe * ProbeScorer.MetricCount, ProbeScorer.MetricCount);

    /// <summary>Empty sums for a block of probes; null where no draws are made.</summary>
    public GalleryInfluence? StartBlock() => identityCount == 0 ? null : new GalleryInfluence(identityCount);

    public void EndBlock(int block, GalleryInfluence? influence) => _blocks[block] = influence;

    /// <summary>The influences of all blocks; null where no draws are made.</summary>
    public GalleryInfluence? Influence()
    {
        GalleryInfluence? sum = StartBlock();
        foreach (GalleryInfluence? block in _blocks)
        {
            if (block is not null)
            {
                sum!.Add(block);
            }
        }

        return sum;
    }
}

/// <summary>
/// By how much the sums of the metrics over probes change with each identity's rows in the gallery: so that intervals hold the sampling of
/// the candidates too, not of the probes alone.
/// </summary>
internal sealed class GalleryInfluence(int identityCount)
{
    private readonly double[] _pooled = new double[identityCount * ProbeScorer.MetricCount];
    private readonly double[] _byIdentity = new double[identityCount * ProbeScorer.MetricCount];

    public void Add(int identity, int metric, double pooled, double byIdentity)
    {
        int at = (identity * ProbeScorer.MetricCount) + metric;
        _pooled[at] += pooled;
        _byIdentity[at] += byIdentity;
    }

    public void Add(GalleryInfluence other)
    {
        for (int i = 0; i < _pooled.Length; i++)
        {
            _pooled[i] += other._pooled[i];
            _byIdentity[i] += other._byIdentity[i];
        }
    }

    /// <summary>[identities] of one metric.</summary>
    public (double[] Pooled, double[] ByIdentity) Of(int metric)
    {
        var pooled = new double[identityCount];
        var byIdentity = new double[identityCount];
        for (int i = 0; i < identityCount; i++)
        {
            pooled[i] = _pooled[(i * ProbeScorer.MetricCount) + metric];
            byIdentity[i] = _byIdentity[(i * ProbeScorer.MetricCount) + metric];
        }

        return (pooled, byIdentity);
    }
}
