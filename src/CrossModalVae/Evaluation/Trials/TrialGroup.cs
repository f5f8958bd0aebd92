using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>The trials that are scored together.</summary>
internal abstract class TrialGroup(TrialRows rows)
{
    private readonly HashSet<string> _identities = new(StringComparer.Ordinal);
    private readonly SortedSet<CorpusSplit> _splits = [];

    protected TrialRows Rows { get; } = rows;

    protected long MissingCount { get; private set; }

    protected int IdentityCount => _identities.Count;

    protected IReadOnlyList<CorpusSplit> Splits => [.. _splits];

    public static TrialGroup For(Trial first, TrialRows rows, TrialOptions options) => first switch
    {
        VerificationTrial => new VerificationGroup(first.Stratum, rows),
        MatchingTrial matching => new MatchingGroup(matching, rows),
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

    public abstract IEnumerable<TrialListScores> Scores(CancellationToken cancellationToken);

    protected abstract bool Take(Trial trial);

    protected void Met(int row)
    {
        EmbeddingRow own = Rows.Embeddings.Rows[row];
        _identities.Add(own.Identity);
        _splits.Add(own.Split);
    }
}
