using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval.Search;
using static System.FormattableString;

namespace CrossModalVae.Retrieval;

/// <summary>
/// Ranks a gallery by similarity to queries, exactly: scores are computed in double precision by one routine, equal scores are ordered by
/// row, and the result is the same bits for any number of threads, alone or in a batch. Rows are screened in single precision first, with a
/// proven bound on the error (Higham 2002, section 3.1). Thread-safe.
/// </summary>
public sealed class Ranker
{
    private const int RowsForOneIdentity = 8;

    private readonly RowSearch _search;
    private readonly Gallery? _gallery;
    private readonly IReadOnlyList<EmbeddingRow>? _rows;
    private readonly Lazy<(int[] Numbers, int Count)> _identities; // [N], number of each row's identity; only where identities are ranked

    /// <summary>Prepares a gallery in memory in O(N D). The values are kept, not copied.</summary>
    /// <param name="gallery">The rows to rank, all finite, with what the metric needs.</param>
    /// <param name="metric">The metric that ranks. Default cosine.</param>
    /// <exception cref="ArgumentException">A value is not finite, or the gallery lacks what the metric needs.</exception>
    public Ranker(EmbeddingSet gallery, RankingMetric metric = RankingMetric.Cosine)
        : this(gallery, metric, Environment.ProcessorCount)
    {
    }

    /// <summary>Prepares a gallery on disk in O(N D). Rows are read from mapped memory and never copied.</summary>
    /// <param name="gallery">The gallery; it must stay open as long as it is ranked.</param>
    /// <param name="metric">The metric that ranks. Default cosine.</param>
    /// <exception cref="ArgumentException">The gallery does not keep what the metric needs.</exception>
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    /// <exception cref="ObjectDisposedException">The gallery is disposed, here and in every search.</exception>
    public Ranker(Gallery gallery, RankingMetric metric = RankingMetric.Cosine)
        : this(gallery, metric, Environment.ProcessorCount)
    {
    }

    internal Ranker(EmbeddingSet gallery, RankingMetric metric, int workerCount)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        RowParts parts = RowParts.Of(gallery, metric) ?? throw UserError.Mark(new ArgumentException(
            $"The metric {EnumText.Of(metric)} needs {RowParts.NeedOf(metric)}; the gallery is without "
                + $"({RowParts.KeeperOf(metric)}).", nameof(gallery)));
        _rows = gallery.Rows;
        _identities = new(NumberIdentities);
        _search = new RowSearch(metric, parts.ToMatrices(gallery.Count), workerCount);
        if (_search.NotFinite is (int at, int row, int column, float value))
        {
            throw UserError.Mark(new ArgumentException(
                Invariant($"'gallery' has {value} in row {row} as {RowParts.NameOf(metric, at)} {column}; must be finite."),
                nameof(gallery)));
        }
    }

    internal Ranker(Gallery gallery, RankingMetric metric, int workerCount)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        RowMatrix[] parts = gallery.Parts(metric) ?? throw UserError.Mark(new ArgumentException(
            $"The metric {EnumText.Of(metric)} needs {RowParts.NeedOf(metric)}; the gallery keeps none.", nameof(gallery)));
        _gallery = gallery;
        _identities = new(NumberIdentities);
        using Gallery.Held held = gallery.Hold();
        _search = new RowSearch(metric, parts, workerCount);
        if (_search.NotFinite is (int at, int row, int column, float value))
        {
            throw new InvalidDataException(Invariant(
                $"{gallery.Folder}: has {value} in row {row} as {RowParts.NameOf(metric, at)} {column}; expected a finite number."));
        }
    }

    /// <summary>The number of rows in the gallery.</summary>
    public int Count => _search.Count;

    /// <summary>D, values of a row's mean.</summary>
    public int Dimension => _search.Dimensions[0];

    /// <summary>The metric that ranks.</summary>
    public RankingMetric Metric => _search.Metric;

    /// <summary>The description of each row.</summary>
    public IReadOnlyList<EmbeddingRow> Rows => _rows ?? _gallery!.Rows;

    /// <summary>The nearest rows for one query, nearest first; O(N D).</summary>
    /// <param name="query">[D], finite. Metrics that compare more than means need an <see cref="EmbeddingSet"/>.</param>
    /// <param name="count">How many, at least 1; fewer where the mask allows fewer.</param>
    /// <param name="mask">The rows to rank. Default all.</param>
    /// <exception cref="ArgumentException">The query or the mask has another length, a number is not finite, or the metric needs more than
    /// means.</exception>
    public RankedRow[] Search(ReadOnlySpan<float> query, int count, RowMask? mask = null)
    {
        Check(count, mask);
        using Gallery.Held? held = _gallery?.Hold();
        return _search.Find(QueryRows.From(query, Metric, _search.Dimensions), count, mask, CancellationToken.None)[0];
    }

    /// <summary>
    /// The nearest rows for each of many queries, nearest first: the same as one by one, but many times faster; O(Q N D).
    /// </summary>
    /// <param name="queries">The queries, all finite, with what the metric needs.</param>
    /// <param name="count">How many for each, at least 1; fewer where the mask allows fewer.</param>
    /// <param name="mask">The rows to rank. Default all.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>[Q].</returns>
    /// <exception cref="ArgumentException">The queries or the mask have another length, a number is not finite, or the queries lack what
    /// the metric needs.</exception>
    public RankedRow[][] Search(EmbeddingSet queries, int count, RowMask? mask = null, CancellationToken cancellationToken = default)
    {
        Check(count, mask);
        ArgumentNullException.ThrowIfNull(queries);
        using Gallery.Held? held = _gallery?.Hold();
        return _search.Find(QueryRows.From(queries, 0, queries.Count, Metric, _search.Dimensions), count, mask, cancellationToken);
    }

    /// <summary>The nearest rows for queries of which only the means are known.</summary>
    /// <param name="queries">[Q, D] row-major, finite.</param>
    /// <param name="count">How many for each, at least 1; fewer where the mask allows fewer.</param>
    /// <param name="mask">The rows to rank. Default all.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>[Q].</returns>
    /// <exception cref="ArgumentException">The queries or the mask have another length, a number is not finite, or the metric needs more
    /// than means.</exception>
    public RankedRow[][] Search(
        ReadOnlyMemory<float> queries, int count, RowMask? mask = null, CancellationToken cancellationToken = default)
    {
        Check(count, mask);
        using Gallery.Held? held = _gallery?.Hold();
        return _search.Find(QueryRows.From(queries, Metric, _search.Dimensions), count, mask, cancellationToken);
    }

    /// <summary>The score of every row of the gallery, rounded to single precision; O(N D).</summary>
    /// <param name="query">[D], finite.</param>
    /// <param name="scores">[N] receives the similarities, higher is nearer.</param>
    /// <exception cref="ArgumentException">The query or the scores have another length, or a number is not finite.</exception>
    public void Score(ReadOnlySpan<float> query, Span<float> scores)
    {
        CheckScores(scores);
        using Gallery.Held? held = _gallery?.Hold();
        _search.ScoreAll(QueryRows.From(query, Metric, _search.Dimensions), 0, scores);
    }

    /// <summary>The score of every row of the gallery for one of several queries, rounded to single precision; O(N D).</summary>
    /// <param name="queries">The queries, with what the metric needs.</param>
    /// <param name="query">Which of them.</param>
    /// <param name="scores">[N] receives the similarities, higher is nearer.</param>
    /// <exception cref="ArgumentException">The query or the scores have another length, a number is not finite, or the queries lack what
    /// the metric needs.</exception>
    public void Score(EmbeddingSet queries, int query, Span<float> scores)
    {
        CheckScores(scores);
        using Gallery.Held? held = _gallery?.Hold();
        _search.ScoreAll(QueryRows.From(queries, query, 1, Metric, _search.Dimensions), 0, scores);
    }

    /// <summary>The same in double precision, as <see cref="Search(EmbeddingSet, int, RowMask, CancellationToken)"/> scores.</summary>
    internal void Score(EmbeddingSet queries, int query, Span<double> scores)
    {
        using Gallery.Held? held = _gallery?.Hold();
        _search.ScoreAll(QueryRows.From(queries, query, 1, Metric, _search.Dimensions), 0, scores);
    }

    /// <summary>The nearest rows of the gallery as matches, nearest first.</summary>
    /// <param name="query">[D], finite.</param>
    /// <param name="count">How many to list, at least 1; fewer where the mask allows fewer.</param>
    /// <param name="mask">The rows to rank. Default all.</param>
    /// <exception cref="ArgumentException">See <see cref="Search(ReadOnlySpan{float}, int, RowMask)"/>.</exception>
    public IReadOnlyList<RankedMatch> Rank(ReadOnlySpan<float> query, int count, RowMask? mask = null) => Named(Search(query, count, mask));

    /// <summary>
    /// The nearest identities, each by its nearest row, which the match names, and with the number of its rows. O(N D) time, O(N) memory.
    /// </summary>
    /// <param name="query">[D], finite.</param>
    /// <param name="count">How many identities to list, at least 1.</param>
    /// <param name="mask">The rows to rank. Default all.</param>
    /// <exception cref="ArgumentException">See <see cref="Search(ReadOnlySpan{float}, int, RowMask)"/>.</exception>
    public IReadOnlyList<RankedMatch> RankIdentities(ReadOnlySpan<float> query, int count, RowMask? mask = null)
    {
        return Identities(QueryRows.From(query, Metric, _search.Dimensions), count, mask);
    }

    /// <summary>The nearest identities for one of several queries, each by its nearest row.</summary>
    /// <param name="queries">The queries, with what the metric needs.</param>
    /// <param name="query">Which of them.</param>
    /// <param name="count">How many identities to list, at least 1.</param>
    /// <param name="mask">The rows to rank. Default all.</param>
    /// <exception cref="ArgumentException">See <see cref="Search(EmbeddingSet, int, RowMask, CancellationToken)"/>.</exception>
    public IReadOnlyList<RankedMatch> RankIdentities(EmbeddingSet queries, int query, int count, RowMask? mask = null)
    {
        ArgumentNullException.ThrowIfNull(queries);
        return Identities(QueryRows.From(queries, query, 1, Metric, _search.Dimensions), count, mask);
    }

    /// <summary>Rows as matches.</summary>
    /// <param name="rows">The result of a search, nearest first.</param>
    public IReadOnlyList<RankedMatch> Named(IReadOnlyList<RankedRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return [.. rows.Select((found, i) => new RankedMatch(i + 1, Rows[found.Row].Identity, Rows[found.Row].Clip, found.Score))];
    }

    // The best few rows per wanted identity usually hold enough identities; where they do not, every row is scored.
    private IReadOnlyList<RankedMatch> Identities(QueryRows query, int count, RowMask? mask)
    {
        Check(count, mask);
        using Gallery.Held? held = _gallery?.Hold();
        (int[] numbers, int identityCount) = _identities.Value;
        int wanted = Math.Min(count, identityCount);
        long rows = (long)RowsForOneIdentity * wanted;
        RankedRow[] found = wanted > 0 && rows <= (mask?.AllowedCount ?? Count) / RowsForOneIdentity
            ? [.. _search.Find(query, (int)rows, mask, CancellationToken.None)[0].DistinctBy(row => numbers[row.Row]).Take(wanted)]
            : [];
        found = found.Length == wanted && wanted > 0
            ? found
            : _search.FindIdentities(query, 0, numbers, identityCount, count, mask);
        int[] clips = CountClips([.. found.Select(row => numbers[row.Row])], numbers, mask);
        return [.. Named(found).Select((match, i) => match with { ClipCount = clips[i] })];
    }

    // How many rows each of a few identities has.
    private static int[] CountClips(int[] identities, int[] numbers, RowMask? mask)
    {
        var places = new Dictionary<int, int>(identities.Index().Select(found => KeyValuePair.Create(found.Item, found.Index)));
        int[] counts = new int[identities.Length];
        for (int row = 0; row < numbers.Length; row++)
        {
            if ((mask is null || mask[row]) && places.TryGetValue(numbers[row], out int place))
            {
                counts[place]++;
            }
        }

        return counts;
    }

    private (int[] Numbers, int Count) NumberIdentities()
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] numbers = new int[Count];
        for (int row = 0; row < numbers.Length; row++)
        {
            if (!known.TryGetValue(Rows[row].Identity, out numbers[row]))
            {
                known.Add(Rows[row].Identity, numbers[row] = known.Count);
            }
        }

        return (numbers, known.Count);
    }

    private void Check(int count, RowMask? mask)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (mask is not null && mask.Count != Count)
        {
            throw new ArgumentException($"'mask' is over {mask.Count} rows; the gallery has {Count}.", nameof(mask));
        }
    }

    private void CheckScores(Span<float> scores)
    {
        if (scores.Length != Count)
        {
            throw new ArgumentException($"'scores' has room for {scores.Length}; the gallery has {Count} rows.", nameof(scores));
        }
    }
}
