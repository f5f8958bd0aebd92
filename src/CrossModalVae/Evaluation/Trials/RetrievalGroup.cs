using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>The voices and faces of one listed gallery; each asks among all of the other modality.</summary>
internal sealed class RetrievalGroup(string? stratum, TrialRows rows, TrialOptions options) : TrialGroup(rows, options)
{
    private readonly List<int> _voices = [];
    private readonly List<int> _faces = [];

    public override IEnumerable<TrialListSample> Samples(CancellationToken cancellationToken) =>
    [
        Sample(RetrievalDirection.VoiceToFace, _voices, _faces, cancellationToken),
        Sample(RetrievalDirection.FaceToVoice, _faces, _voices, cancellationToken),
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
        Drawn(row); // numbered alike for both directions, so that their draws are the same
        return true;
    }

    private TrialListSample Sample(RetrievalDirection direction, List<int> probes, List<int> gallery, CancellationToken cancellationToken)
    {
        (int Probe, int[] Ranks)[] asked = Ask(probes, gallery, cancellationToken);
        var scores = new TrialListScores
        {
            Kind = TrialKind.Retrieval,
            Stratum = stratum,
            Direction = direction,
            CandidateCount = gallery.Count,
            TrialCount = asked.Length,
            MissingCount = MissingCount,
            IdentityCount = IdentityCount,
            Splits = Splits,
        };
        return new TrialListSample(
            scores, asked.Length == 0 ? new Dictionary<EvaluationFigure, FigureSample>() : Figures(asked, gallery.Count));
    }

    private Dictionary<EvaluationFigure, FigureSample> Figures((int Probe, int[] Ranks)[] asked, int galleryCount)
    {
        IdentityBootstrap bootstrap = Bootstrap();
        return RetrievalFigure.All.ToDictionary(figure => figure.Figure, figure =>
        {
            var mean = new IdentityMean();
            Dictionary<int, double> chances = asked.Select(one => one.Ranks.Length)
                .Distinct()
                .ToDictionary(count => count, count => figure.Chance(galleryCount, count));
            foreach ((int probe, int[] ranks) in asked)
            {
                mean.Add(Drawn(probe), figure.Score(ranks), chances[ranks.Length], 1);
            }

            return mean.Sample(bootstrap);
        });
    }

    /// <summary>The ranks of every probe's relevant items; probes without any are left out.</summary>
    private (int Probe, int[] Ranks)[] Ask(List<int> probes, List<int> gallery, CancellationToken cancellationToken)
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
        SeededRandom.For(Options.Seed, "ties").Shuffle(tieOrder.AsSpan());
        var ranker = new Ranker(all.Pick(gallery), Options.Metric);
        var asked = new (int Probe, int[] Ranks)[usable.Length];
        ParallelLoop.For(
            usable.Length,
            () => new float[gallery.Count],
            (i, scores) =>
            {
                ranker.Score(all, usable[i], scores);
                asked[i] = (usable[i], GalleryRanks.Of(scores, relevant[all.Rows[usable[i]].Identity], tieOrder));
            },
            cancellationToken: cancellationToken);
        return asked;
    }
}
