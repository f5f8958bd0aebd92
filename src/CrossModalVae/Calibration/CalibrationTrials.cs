using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Calibration;

/// <summary>Different pairs of scored clips, weighted to balance: what a calibration is fitted to.</summary>
/// <remarks>
/// A target pairs a probe with another clip of its identity where there is one, a non-target with a clip of another identity, each identity
/// equally likely. Where identities are scored, the target is the probe's own identity by its other clips, and the non-target another
/// identity by all of its clips. An identity's pairs are all of those where there are no more than asked for, else so many of them, drawn
/// without replacement and dealt out over its probes. All targets of an identity weigh as much as all its non-targets, and as those of
/// any other identity.
/// </remarks>
/// <param name="Scores">[N].</param>
/// <param name="IsTarget">[N].</param>
/// <param name="Weights">[N], their sum is N.</param>
/// <param name="Asking">[N] the probe's identity, an index of <paramref name="People"/>.</param>
/// <param name="Others">[N] the identity of the other side, likewise.</param>
/// <param name="People">All identities in the trials, in ordinal order.</param>
internal sealed record CalibrationTrials(
    double[] Scores, bool[] IsTarget, double[] Weights, int[] Asking, int[] Others, string[] People)
{
    public static CalibrationTrials Draw(EmbeddingSet embeddings, CalibrationOptions options, CancellationToken cancellationToken)
    {
        (Modality asks, Modality answers) = ProtocolPlan.Sides(options.Direction);
        EmbeddingSet probes = Ordered(embeddings, asks);
        var gallery = new Ranker(Ordered(embeddings, answers), options.Metric);
        var pairs = new PairDraw(probes, gallery.Rows, options);
        int[][] probesOf = pairs.ProbesByIdentity();
        if (probesOf.Length < 2)
        {
            throw UserError.Mark(new ArgumentException(
                $"The rows have {Counted.Of(probesOf.Length, "identity")} with both a voice and a face; "
                + "must have at least 2 to tell people apart.",
                nameof(embeddings)));
        }

        var drawn = new List<Pair>[probesOf.Length];
        var scores = new double[probesOf.Length][];
        ParallelLoop.For(
            probesOf.Length,
            () => new double[gallery.Count],
            (person, own) =>
            {
                drawn[person] = pairs.Of(probesOf[person]);
                scores[person] = new double[drawn[person].Count];
                foreach (IGrouping<int, int> ofProbe in Enumerable.Range(0, drawn[person].Count).GroupBy(i => drawn[person][i].Probe))
                {
                    gallery.Score(probes, ofProbe.Key, own);
                    pairs.Score(own, ofProbe.Key, drawn[person], ofProbe, scores[person]);
                }
            },
            cancellationToken: cancellationToken);

        int count = drawn.Sum(own => own.Count);
        return new CalibrationTrials(
            [.. scores.SelectMany(own => own)],
            [.. drawn.SelectMany(own => own.Select(pair => pair.IsTarget))],
            [.. drawn.SelectMany(own => Balance(own, (double)count / (2 * drawn.Length)))],
            [.. drawn.SelectMany(own => own.Select(pair => pairs.PlaceOfProbe(pair.Probe)))],
            [.. drawn.SelectMany(own => own.Select(pair => pair.Place))],
            pairs.People);
    }

    private static IEnumerable<double> Balance(List<Pair> own, double each)
    {
        int targets = own.Count(pair => pair.IsTarget);
        return own.Select(pair => each / (pair.IsTarget ? targets : own.Count - targets));
    }

    // By identity and clip, so that trials do not depend on the order of the rows.
    private static EmbeddingSet Ordered(EmbeddingSet embeddings, Modality modality)
    {
        EmbeddingSet own = embeddings.Where(row => row.Modality == modality);
        return own.Pick(ClipOrder.Of(own.Rows));
    }

    /// <summary>A probe and its other side: a row of the gallery, or -1 for all of an identity's.</summary>
    private readonly record struct Pair(int Probe, int Row, int Place, bool IsTarget);

    /// <summary>Draws pairs without replacement, and scores them.</summary>
    private sealed class PairDraw
    {
        private const int WholeIdentity = -1;

        private readonly CalibrationOptions _options;
        private readonly ClipKey[] _probes;
        private readonly ClipKey[] _items;
        private readonly GalleryIndex _index;
        private readonly Dictionary<string, int> _places;

        public PairDraw(EmbeddingSet probes, IReadOnlyList<EmbeddingRow> gallery, CalibrationOptions options)
        {
            _options = options;
            _probes = [.. probes.Rows.Select(row => row.Key)];
            _items = [.. gallery.Select(row => row.Key)];
            _index = new GalleryIndex(_items);
            People = [.. _items.Select(item => item.Identity).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            _places = People.Select((name, place) => (name, place)).ToDictionary(
                pair => pair.name, pair => pair.place, StringComparer.Ordinal);
        }

        public string[] People { get; }

        public int PlaceOfProbe(int probe) => _places[_probes[probe].Identity];

        /// <summary>The probes of each identity that the gallery has too.</summary>
        public int[][] ProbesByIdentity() =>
        [
            .. Enumerable.Range(0, _probes.Length).Where(probe => _index.Contains(_probes[probe].Identity))
                .GroupBy(probe => _probes[probe].Identity, (_, own) => own.ToArray(), StringComparer.Ordinal),
        ];

        /// <summary>An identity's targets, then its non-targets.</summary>
        public List<Pair> Of(int[] probes)
        {
            string identity = _probes[probes[0]].Identity;
            var random = SeededRandom.For(_options.Seed, $"calibration {_options.Direction}/{identity}");
            int own = _places[identity];
            bool clips = _options.Identities is null;
            IReadOnlyList<int> rows = _index.RowsOf(identity);
            List<Pair> pairs = clips
                ? Some(
                    probes,
                    probes.Sum(probe => (long)TargetsOf(probe, rows).Count()),
                    probe => TargetsOf(probe, rows).Select(row => new Pair(probe, row, own, true)),
                    probe => new Pair(probe, _index.DrawPositive(_probes[probe], random), own, true))
                : [.. probes.Take(_options.TrialsPerIdentity).Select(probe => new Pair(probe, WholeIdentity, own, true))];
            long others = clips ? _items.Length - rows.Count : People.Length - 1;
            pairs.AddRange(Some(probes, probes.Length * others, Others, DrawOther));
            return pairs;

            IEnumerable<Pair> Others(int probe) => clips
                ? Enumerable.Range(0, _items.Length).Where(row => _items[row].Identity != identity)
                    .Select(row => new Pair(probe, row, _places[_items[row].Identity], false))
                : Enumerable.Range(0, People.Length).Where(place => place != own)
                    .Select(place => new Pair(probe, WholeIdentity, place, false));

            Pair DrawOther(int probe)
            {
                Span<int> row = stackalloc int[1];
                _index.DrawNegatives(identity, row, random);
                return new Pair(probe, clips ? row[0] : WholeIdentity, _places[_items[row[0]].Identity], false);
            }
        }

        /// <summary>Scores some of the pairs, all of one probe, from the scores of all rows.</summary>
        public void Score(double[] ofRows, int probe, List<Pair> pairs, IEnumerable<int> some, double[] scores)
        {
            Shrinkage? shrinkage = _options.Identities is IdentityAggregation { Score: IdentityScore.ShrunkenMean } shrunken
                ? shrunken.ShrinkageOf(People.Select(person => Scores(person)))
                : null;
            foreach (int i in some)
            {
                scores[i] = pairs[i].Row != WholeIdentity
                    ? ofRows[pairs[i].Row]
                    : _options.Identities!.Combine(Scores(People[pairs[i].Place]), shrinkage);
            }

            // Without the probe's own clip, where the identity has another.
            double[] Scores(string identity)
            {
                IReadOnlyList<int> rows = _index.RowsOf(identity);
                int[] others = [.. rows.Where(row => _items[row] != _probes[probe])];
                return [.. (others.Length > 0 ? others : rows).Select(row => ofRows[row])];
            }
        }

        private IEnumerable<int> TargetsOf(int probe, IReadOnlyList<int> rows)
        {
            int[] others = [.. rows.Where(row => _items[row].Clip != _probes[probe].Clip)];
            return others.Length > 0 ? others : rows;
        }

        // All pairs, or so many as asked for: drawn for one probe after another, those drawn before left out.
        private List<Pair> Some(int[] probes, long total, Func<int, IEnumerable<Pair>> all, Func<int, Pair> draw)
        {
            int wanted = _options.TrialsPerIdentity;
            if (total <= wanted)
            {
                return [.. probes.SelectMany(all)];
            }

            var seen = new HashSet<Pair>();
            var pairs = new List<Pair>(wanted);
            for (int turn = 0; pairs.Count < wanted; turn++)
            {
                Pair pair = draw(probes[turn % probes.Length]);
                if (seen.Add(pair))
                {
                    pairs.Add(pair);
                }
            }

            return pairs;
        }
    }
}
