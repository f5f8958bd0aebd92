using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>The trials that are scored together.</summary>
internal abstract class TrialGroup(TrialRows rows, TrialOptions options)
{
    private readonly HashSet<string> _identities = new(StringComparer.Ordinal);
    private readonly SortedSet<CorpusSplit> _splits = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    protected TrialRows Rows { get; } = rows;

    protected TrialOptions Options { get; } = options;

    protected long MissingCount { get; private set; }

    protected int IdentityCount => _identities.Count;

    protected IReadOnlyList<CorpusSplit> Splits => [.. _splits];

    public static TrialGroup For(Trial first, TrialRows rows, TrialOptions options) => first switch
    {
        VerificationTrial => new VerificationGroup(first.Stratum, rows, options),
        MatchingTrial matching => new MatchingGroup(matching, rows, options),
        _ => new RetrievalGroup(first.Stratum, rows, options),
    };

    /// <summary>Takes a trial; false, and counted, where the embeddings lack one of its clips.</summary>
    public bool Add(Trial trial)
    {
        if (Take(trial))
        {
            return true;
        }

        MissingCount++;
        return false;
    }

    public abstract IEnumerable<TrialListSample> Samples(CancellationToken cancellationToken);

    protected abstract bool Take(Trial trial);

    protected void Met(int row)
    {
        EmbeddingRow own = Rows.Embeddings.Rows[row];
        _identities.Add(own.Identity);
        _splits.Add(own.Split);
    }

    /// <summary>The number of a row's identity among those that are drawn, in the order they came.</summary>
    protected int Drawn(int row)
    {
        string identity = Rows.Embeddings.Rows[row].Identity;
        return _numbers.TryGetValue(identity, out int number) ? number : _numbers[identity] = _numbers.Count;
    }

    /// <summary>Draws of the identities that were numbered.</summary>
    protected IdentityBootstrap Bootstrap() => new(_numbers.Count, Options.DrawCount, Options.Seed);
}
