using CrossModalVae.Metrics;
using CrossModalVae.Models;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Explore;

/// <summary>A clip of a ranking.</summary>
/// <param name="Row">Its row on the map; -1 where it is not there, as clips of a gallery.</param>
/// <param name="Identity">Whose it is.</param>
/// <param name="Clip">The clip's name within its identity.</param>
/// <param name="Score">Similarity, higher is nearer.</param>
/// <param name="Probability">The probability of the same identity, where there is a calibration for the direction.</param>
internal sealed record Match(int Row, string Identity, string Clip, double Score, double? Probability);

/// <summary>The nearest clips of the other modality, and the nearest of the right person.</summary>
/// <param name="Matches">Nearest first.</param>
/// <param name="Own">The right person's nearest; null where they have none.</param>
internal sealed record NearestClips(IReadOnlyList<Match> Matches, Match? Own);

/// <summary>
/// Ranks the other modality's clips for a row: those on the map, or a gallery's. The query's own recording, whose voice and face are of
/// one moment, is left out, as in <c>cmvae evaluate</c>, unless its person has no other.
/// </summary>
internal sealed class Nearest : IDisposable
{
    /// <summary>Clips of a ranking.</summary>
    internal const int Count = 10;

    private readonly MapRows _map;
    private readonly Gallery? _gallery;
    private readonly Side _voices; // what is ranked for faces
    private readonly Side _faces; // what is ranked for voices
    private readonly Dictionary<(string, string, Modality), int> _rows;

    internal Nearest(ExploreOptions options, MapRows map)
    {
        _map = map;
        if (options.Gallery is not null)
        {
            EmbeddingOrigin.Read(options.Embeddings)?.Require(options.Gallery);
        }

        _rows = new(map.Set.Count);
        for (int row = 0; row < map.Set.Count; row++)
        {
            EmbeddingRow own = map.Set.Rows[row];
            _rows.TryAdd((own.Identity, own.Clip, own.Modality), row);
        }

        _gallery = options.Gallery is string folder ? Gallery.Open(folder) : null;
        try
        {
            Ranker? gallery = _gallery is null ? null : new Ranker(_gallery, options.Metric);
            if (gallery is not null && gallery.Dimension != map.Set.Dimension)
            {
                throw new InvalidDataException(
                    $"{options.Gallery}: its rows have {gallery.Dimension} numbers; "
                    + $"expected {map.Set.Dimension}, as {options.Embeddings} has.");
            }

            _voices = new Side(Modality.Voice, gallery, map, options);
            _faces = new Side(Modality.Face, gallery, map, options);
        }
        catch
        {
            _gallery?.Dispose();
            throw;
        }
    }

    public void Dispose() => _gallery?.Dispose();

    /// <summary>How many clips of a modality are ranked.</summary>
    internal int CountOf(Modality modality) => Of(modality).Rows.Length;

    /// <summary>How many people a modality's clips are of.</summary>
    internal int PeopleOf(Modality modality) => Of(modality).PeopleCount;

    /// <summary>The nearest for a row of the map; O(N D).</summary>
    internal NearestClips For(int row, CancellationToken cancellationToken)
    {
        EmbeddingRow own = _map.Set.Rows[row];
        Side side = Other(own.Modality);
        if (side.Rows.Length == 0)
        {
            return new NearestClips([], null);
        }

        EmbeddingSet query = _map.Set.Slice(row, 1);
        int excluded = side.Excluded(own);
        RankedRow[] found = side.Ranker.Search(query, Count + 1, side.Mask, cancellationToken)[0];
        int[] others = side.OwnRows(own.Identity, excluded);
        RankedRow? best = others.Length == 0
            ? null
            : side.Ranker.Search(query, 1, RowMask.Where(side.Ranker.Count, others.ToHashSet().Contains), cancellationToken)[0][0];
        return new NearestClips(
            [.. found.Where(match => match.Row != excluded).Take(Count).Select(match => Named(side, match))],
            best is RankedRow right ? Named(side, right) : null);
    }

    /// <summary>The nearest for every row of the map in turn, without the right person's.</summary>
    internal IEnumerable<IReadOnlyList<Match>> ForAll(IProgress<int>? progress, CancellationToken cancellationToken)
    {
        const int Batch = 512;
        RankedRow[]?[] found = new RankedRow[_map.Set.Count][];
        int done = 0;
        foreach (Side side in new[] { _voices, _faces })
        {
            int[] asking = [.. Enumerable.Range(0, _map.Set.Count).Where(row => Other(_map.Set.Rows[row].Modality) == side)];
            foreach (int[] batch in asking.Chunk(Batch))
            {
                RankedRow[][] ranked = side.Rows.Length == 0
                    ? [.. batch.Select(_ => Array.Empty<RankedRow>())]
                    : side.Ranker.Search(_map.Set.Pick(batch), Count + 1, side.Mask, cancellationToken);
                for (int i = 0; i < batch.Length; i++)
                {
                    int excluded = side.Excluded(_map.Set.Rows[batch[i]]);
                    found[batch[i]] = [.. ranked[i].Where(match => match.Row != excluded).Take(Count)];
                }

                progress?.Report(done += batch.Length);
            }
        }

        return found.Select((ranked, row) =>
        {
            Side side = Other(_map.Set.Rows[row].Modality);
            return (IReadOnlyList<Match>)[.. ranked!.Select(match => Named(side, match))];
        });
    }

    /// <summary>The nearest for an embedding that is not on the map, and the rows of its own modality that it lies nearest to.</summary>
    internal (NearestClips Clips, IReadOnlyList<RankedRow> Beside) For(float[] mean, Modality modality, int besideCount)
    {
        Side side = Other(modality), same = Of(modality);
        Match[] matches = side.Rows.Length == 0
            ? []
            : [.. side.Ranker.Search(mean, Count, side.Mask).Select(match => Named(side, match))];
        int[] own = [.. Enumerable.Range(0, _map.Set.Count).Where(row => _map.Set.Rows[row].Modality == modality)];
        RankedRow[] beside = own.Length == 0
            ? []
            : [.. same.OnMap.Search(mean, besideCount).Select(found => found with { Row = own[found.Row] })];
        return (new NearestClips(matches, null), beside);
    }

    /// <summary>
    /// The rank of the right person among the people of the other modality, each by the best clip, from 1; people with an equal score count
    /// half. 0 where the person has no clip there.
    /// </summary>
    internal int RankOf(int row, Scratch scratch)
    {
        EmbeddingRow own = _map.Set.Rows[row];
        Side side = Other(own.Modality);
        if (side.Rows.Length == 0 || !side.Numbers.TryGetValue(own.Identity, out int person))
        {
            return 0;
        }

        double[] scores = scratch.Scores(side.Ranker.Count), best = scratch.Best(side.PeopleCount);
        side.Ranker.Score(_map.Set, row, scores.AsSpan(0, side.Ranker.Count));
        Array.Fill(best, double.NegativeInfinity, 0, side.PeopleCount);
        int excluded = side.Excluded(own);
        foreach (int at in side.Rows)
        {
            if (at != excluded)
            {
                ref double known = ref best[side.Persons[at]];
                known = Math.Max(known, scores[at]);
            }
        }

        int above = 0, equal = 0;
        for (int other = 0; other < side.PeopleCount; other++)
        {
            above += best[other] > best[person] ? 1 : 0;
            equal += best[other] == best[person] && other != person ? 1 : 0;
        }

        return 1 + above + (equal / 2);
    }

    private Side Of(Modality modality) => modality == Modality.Voice ? _voices : _faces;

    private Side Other(Modality modality) => modality == Modality.Voice ? _faces : _voices;

    private Match Named(Side side, RankedRow found)
    {
        EmbeddingRow row = side.Ranker.Rows[found.Row];
        int onMap = _rows.GetValueOrDefault((row.Identity, row.Clip, row.Modality), -1);
        return new Match(onMap, row.Identity, row.Clip, found.Score, side.Calibration?.Probability(found.Score));
    }

    /// <summary>Buffers of one thread.</summary>
    internal sealed class Scratch
    {
        private double[] _scores = [];
        private double[] _best = [];

        internal double[] Scores(int count) => _scores = _scores.Length >= count ? _scores : new double[count];

        internal double[] Best(int count) => _best = _best.Length >= count ? _best : new double[count];
    }

    /// <summary>What is ranked of one modality.</summary>
    private sealed class Side
    {
        private readonly List<List<int>> _own = []; // [people]: their rows
        private readonly Lazy<Ranker> _onMap;

        internal Side(Modality modality, Ranker? gallery, MapRows map, ExploreOptions options)
        {
            _onMap = new(() => new Ranker(map.Set.Where(row => row.Modality == modality), options.Metric));
            Ranker = gallery ?? _onMap.Value;
            Rows = [.. Enumerable.Range(0, Ranker.Count).Where(row => Ranker.Rows[row].Modality == modality)];
            Mask = Rows.Length == Ranker.Count ? null : RowMask.Where(Ranker.Rows, row => row.Modality == modality);
            Numbers = new(StringComparer.Ordinal);
            Persons = new int[Ranker.Count];
            foreach (int row in Rows)
            {
                string identity = Ranker.Rows[row].Identity;
                if (!Numbers.TryGetValue(identity, out int number))
                {
                    Numbers.Add(identity, number = Numbers.Count);
                    _own.Add([]);
                }

                Persons[row] = number;
                _own[number].Add(row);
            }

            RetrievalDirection direction = modality == Modality.Face ? RetrievalDirection.VoiceToFace : RetrievalDirection.FaceToVoice;
            Calibration = options.Calibrations.FirstOrDefault(report => report.Direction == direction)?.For(PeopleCount);
        }

        internal Ranker Ranker { get; }

        /// <summary>The rows of the modality.</summary>
        internal int[] Rows { get; }

        internal RowMask? Mask { get; }

        internal Dictionary<string, int> Numbers { get; }

        /// <summary>[rows of the ranker]: the number of each row's person.</summary>
        internal int[] Persons { get; }

        internal int PeopleCount => Numbers.Count;

        internal ScoreCalibration? Calibration { get; }

        /// <summary>The row of the query's own recording where its person has others; else -1.</summary>
        internal int Excluded(EmbeddingRow query)
        {
            if (!Numbers.TryGetValue(query.Identity, out int number) || _own[number].Count < 2)
            {
                return -1;
            }

            foreach (int row in _own[number])
            {
                if (Ranker.Rows[row].Clip == query.Clip)
                {
                    return row;
                }
            }

            return -1;
        }

        /// <summary>A person's rows but one.</summary>
        internal int[] OwnRows(string identity, int excluded) =>
            Numbers.TryGetValue(identity, out int number) ? [.. _own[number].Where(row => row != excluded)] : [];

        /// <summary>Ranks the map's rows of this modality, in their order.</summary>
        internal Ranker OnMap => _onMap.Value;
    }
}
