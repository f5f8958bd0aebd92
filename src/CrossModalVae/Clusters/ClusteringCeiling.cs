using CrossModalVae.Clustering;
using CrossModalVae.Embeddings;
using CrossModalVae.Metrics;

namespace CrossModalVae.Clusters;

/// <summary>
/// Whether embeddings have clusters of people to be found at all: the best agreement that any setting of the density methods reaches, that
/// of a method which is told the number of people, and how compact the people themselves are.
/// </summary>
public sealed record ClusteringCeiling
{
    /// <summary>Rows examined at most: those of whole identities, drawn by the seed.</summary>
    public const int LargestPointCount = 2000;

    private const int EpsCount = 24;

    private static readonly int[] Sizes = [2, 3, 5, 10, 20];

    /// <summary>Rows examined.</summary>
    public required int PointCount { get; init; }

    /// <summary>Their identities.</summary>
    public required int IdentityCount { get; init; }

    /// <summary>
    /// The setting with the highest ARI: DBSCAN at 24 quantiles of the k-distance curve, with 2 minimum samples and those in use, and
    /// HDBSCAN by either selection with a smallest cluster of 2, 3, 5, 10 and 20. Chosen by the identities, so it flatters.
    /// </summary>
    public required ClusteringAttempt Best { get; init; }

    /// <summary>ARI of Ward's linkage that is told the number of identities (see <see cref="IdentityCount"/>).</summary>
    public required double KnownCountAdjustedRandScore { get; init; }

    /// <summary>Silhouette of the identities themselves, -1 to 1: below 0 where clips are nearer to another identity than to their own;
    /// null where it is not defined.</summary>
    public required double? IdentitySilhouetteScore { get; init; }

    /// <summary>Share of rows whose nearest other row is of the same identity; null where no identity has two rows.</summary>
    public required double? NearestIsSameAccuracy { get; init; }

    /// <summary>That share for random neighbours.</summary>
    public required double? NearestIsSameChance { get; init; }

    /// <summary>ARI of the clustering in use, noise as a cluster, with the genders; null where fewer than two genders are known.</summary>
    public required double? GenderAdjustedRandScore { get; init; }

    /// <summary>
    /// Rows that equal another one of their identity exactly: the same file under several clips. They cluster by themselves.
    /// </summary>
    public int RepeatedRowCount { get; init; }

    /// <summary>Examines embeddings.</summary>
    /// <param name="embeddings">What was clustered, at least one row.</param>
    /// <param name="options">The options in use: their metric and minimum samples.</param>
    /// <param name="result">The clusters of the rows.</param>
    /// <param name="seed">Draws the identities where there are too many rows.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">There are no points, or the numbers of points differ.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ClusteringCeiling Compute(
        EmbeddingSet embeddings,
        ClusteringOptions options,
        ClusterAssignment result,
        long seed,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(result);
        EmbeddingSet own = WholeIdentities(embeddings, seed);
        int[] people = Numbers(own.Rows.Select(row => row.Identity));
        int count = own.Count, dimension = own.Dimension, peopleCount = people.Max() + 1;
        int[] known = [.. Enumerable.Range(0, embeddings.Count).Where(i => embeddings.Rows[i].Gender is not null)];
        int[] genders = Numbers(known.Select(i => embeddings.Rows[i].Gender!));
        int[] repeated = [.. people.CountBy(person => person).Where(person => person.Value > 1).Select(person => person.Key)];
        return new ClusteringCeiling
        {
            PointCount = count,
            IdentityCount = peopleCount,
            Best = Attempts(own, options, cancellationToken).Select(Try).MaxBy(attempt => attempt.AdjustedRandScore)!,
            KnownCountAdjustedRandScore = Agreement(
                people, WardLinkage.Cut(own.Values, count, dimension, options.Metric, peopleCount, cancellationToken)),
            IdentitySilhouetteScore = Silhouette.Score(
                own.Values, count, dimension, people, options.Metric, ClusteringScores.SilhouetteSampleSize, seed, cancellationToken),
            NearestIsSameAccuracy = repeated.Length == 0 ? null : NearestIsSame(own, people, options.Metric, cancellationToken),
            NearestIsSameChance = repeated.Length == 0
                ? null
                : people.CountBy(person => person).Sum(person => (double)person.Value * (person.Value - 1)) / ((double)count * (count - 1)),
            GenderAdjustedRandScore = genders.Distinct().Count() < 2 ? null : Agreement(genders, [.. known.Select(i => result.Labels[i])]),
            RepeatedRowCount = RepeatedRows.CountWithinIdentities(own),
        };

        ClusteringAttempt Try(ClusteringOptions tried)
        {
            ClusterAssignment found = tried.Fit(own.Values, count, dimension, cancellationToken);
            return new ClusteringAttempt(tried, found.ClusterCount, Agreement(people, [.. found.Labels]));
        }
    }

    private static IEnumerable<ClusteringOptions> Attempts(EmbeddingSet own, ClusteringOptions options, CancellationToken cancellationToken)
    {
        foreach (int samples in new[] { 2, options.MinSamples }.Distinct())
        {
            double[] curve = KDistance.Curve(own.Values, own.Count, own.Dimension, samples, options.Metric, cancellationToken);
            foreach (double eps in Enumerable.Range(1, EpsCount).Select(q => curve[((curve.Length * q) - 1) / EpsCount]).Distinct())
            {
                if (eps > 0)
                {
                    yield return new ClusteringOptions { Eps = eps, MinSamples = samples, Metric = options.Metric };
                }
            }
        }

        foreach (int size in Sizes)
        {
            foreach (ClusterSelection selection in Enum.GetValues<ClusterSelection>())
            {
                yield return new ClusteringOptions
                {
                    Method = ClusteringMethod.Hdbscan,
                    MinClusterSize = size,
                    MinSamples = size,
                    Selection = selection,
                    Metric = options.Metric,
                };
            }
        }
    }

    private static double NearestIsSame(EmbeddingSet own, int[] people, DistanceMetric metric, CancellationToken cancellationToken)
    {
        PointTiles points = PointTiles.Create(own.Values, own.Count, own.Dimension, metric, cancellationToken);
        NearestRows nearest = NearestRows.Find(points, points, 1, cancellationToken: cancellationToken);
        return Enumerable.Range(0, own.Count).Count(row => people[nearest.Rows[row]] == people[row]) / (double)own.Count;
    }

    private static double Agreement(int[] classes, int[] labels) => ClusterAgreement.Compute(classes, labels).AdjustedRandScore;

    private static int[] Numbers(IEnumerable<string> names)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. names.Select(name => numbers.TryAdd(name, numbers.Count) ? numbers.Count - 1 : numbers[name])];
    }

    // Of one identity with more rows than that, the first.
    private static EmbeddingSet WholeIdentities(EmbeddingSet embeddings, long seed)
    {
        if (embeddings.Count <= LargestPointCount)
        {
            return embeddings;
        }

        Dictionary<string, int> counts = embeddings.Rows.CountBy(row => row.Identity).ToDictionary(StringComparer.Ordinal);
        string[] identities = [.. counts.Keys.Order(StringComparer.Ordinal)];
        SeededRandom.For(seed, "clustering ceiling").Shuffle(identities.AsSpan());
        var drawn = new HashSet<string>(StringComparer.Ordinal);
        int left = LargestPointCount;
        foreach (string identity in identities)
        {
            if (counts[identity] <= left || drawn.Count == 0)
            {
                drawn.Add(identity);
                left -= counts[identity];
            }
        }

        EmbeddingSet chosen = embeddings.Where(row => drawn.Contains(row.Identity));
        return chosen.Count <= LargestPointCount ? chosen : chosen.Slice(0, LargestPointCount);
    }
}

/// <summary>One clustering that was tried.</summary>
/// <param name="Options">Its options.</param>
/// <param name="ClusterCount">The clusters it found.</param>
/// <param name="AdjustedRandScore">Its ARI with the identities, noise as one more cluster.</param>
public sealed record ClusteringAttempt(ClusteringOptions Options, int ClusterCount, double AdjustedRandScore);
