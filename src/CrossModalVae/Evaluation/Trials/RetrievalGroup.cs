using System.Runtime.ExceptionServices;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>The voices and faces of one listed gallery; each asks among all of the other modality.</summary>
internal sealed class RetrievalGroup(string? stratum, TrialRows rows, TrialOptions options) : TrialGroup(rows)
{
    private readonly List<int> _voices = [];
    private readonly List<int> _faces = [];

    public override IEnumerable<TrialListScores> Scores(CancellationToken cancellationToken) =>
    [
        Scores(RetrievalDirection.VoiceToFace, _voices, _faces, cancellationToken),
        Scores(RetrievalDirection.FaceToVoice, _faces, _voices, cancellationToken),
    ];

    protected override bool Take(Trial trial)
    {
        var own = (RetrievalItem)trial;
        if (Rows.Find(own.Modality, own.Clip) is not int row)
        {
            return false;
        }

        (own.Modality == Modality.Voice ? _voices : _faces).Add(row);
        Met(row);
        return true;
    }

    private TrialListScores Scores(RetrievalDirection direction, List<int> probes, List<int> gallery, CancellationToken cancellationToken)
    {
        List<int[]> ranks = Ranks(probes, gallery, cancellationToken);
        return new TrialListScores
        {
            Kind = TrialKind.Retrieval,
            Stratum = stratum,
            Direction = direction,
            CandidateCount = gallery.Count,
            TrialCount = ranks.Count,
            MissingCount = MissingCount,
            IdentityCount = IdentityCount,
            Splits = Splits,
            Retrieval = ranks.Count == 0 ? null : RetrievalFigures.Compute(ranks, gallery.Count),
        };
    }

    /// <summary>The ranks of every probe's relevant items; probes without any are left out.</summary>
    private List<int[]> Ranks(List<int> probes, List<int> gallery, CancellationToken cancellationToken)
    {
        EmbeddingSet all = Rows.Embeddings;
        Dictionary<string, int[]> relevant = Enumerable.Range(0, gallery.Count)
            .GroupBy(i => all.Rows[gallery[i]].Identity, StringComparer.Ordinal)
            .ToDictionary(own => own.Key, own => own.ToArray(), StringComparer.Ordinal);
        int[] usable = [.. probes.Where(probe => relevant.ContainsKey(all.Rows[probe].Identity))];
        if (usable.Length == 0)
        {
            return [];
        }

        int[] tieOrder = [.. Enumerable.Range(0, gallery.Count)];
        SeededRandom.For(options.Seed, "ties").Shuffle(tieOrder.AsSpan());
        var ranker = new Ranker(Subset(all, gallery), options.Metric);
        var ranks = new int[usable.Length][];
        try
        {
            Parallel.For(
                0,
                usable.Length,
                new ParallelOptions { CancellationToken = cancellationToken },
                () => new float[gallery.Count],
                (i, _, scores) =>
                {
                    ranker.Score(all[usable[i]], scores);
                    ranks[i] = GalleryRanks.Of(scores, relevant[all.Rows[usable[i]].Identity], tieOrder);
                    return scores;
                },
                _ => { });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]); // One fault is one sentence, whichever thread met it.
        }

        return [.. ranks];
    }

    private static EmbeddingSet Subset(EmbeddingSet all, List<int> rows)
    {
        var values = new float[rows.Count * all.Dimension];
        for (int i = 0; i < rows.Count; i++)
        {
            all[rows[i]].CopyTo(values.AsSpan(i * all.Dimension));
        }

        return new EmbeddingSet(values, all.Dimension, [.. rows.Select(row => all.Rows[row])]);
    }
}
