using CrossModalVae.Clusters;
using CrossModalVae.Manifolds;
using CrossModalVae.Projection;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Explore;

/// <summary>The rows on the map, which of all rows they are, and where they lie.</summary>
internal sealed record MapRows
{
    /// <summary>A row of which no clustering says anything; -1 is noise.</summary>
    internal const int NoCluster = -2;

    private const double RowsOfAPerplexity = 3;
    private const double LeastPerplexity = 2;

    /// <summary>The rows, voices and faces.</summary>
    public required EmbeddingSet Set { get; init; }

    /// <summary>[N, 2]: where they lie.</summary>
    public required double[] Places { get; init; }

    /// <summary>How they were placed, for people: "t-SNE, cosine, perplexity 30".</summary>
    public required string Layout { get; init; }

    /// <summary>The people in the order of their first rows.</summary>
    public required string[] People { get; init; }

    /// <summary>[N]: whose each row is, an index of <see cref="People"/>.</summary>
    public required int[] Persons { get; init; }

    /// <summary>[N]: clusters from 0, -1 for noise, <see cref="NoCluster"/> where it is not known; null without a clustering.</summary>
    public int[]? Clusters { get; init; }

    /// <summary>What a reader must know: what was left out, and why.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    internal static MapRows Read(
        ExploreOptions options, IProgress<(string Stage, int Done, int Total)>? progress, CancellationToken cancellationToken)
    {
        EmbeddingSet all = EmbeddingFile.Read(options.Embeddings);
        cancellationToken.ThrowIfCancellationRequested();
        EmbeddingSet rows = all.Where(row => row.Modality != Modality.Joint && (options.Split is null || row.Split == options.Split));
        if (rows.Count == 0)
        {
            string part = options.Split is CorpusSplit split ? $" of split {EnumText.Of(split)}" : "";
            throw new InvalidDataException($"{options.Embeddings}: has no voice or face rows{part}; expected some.");
        }

        var notes = new List<string>();
        Dictionary<(string, string, Modality), (double X, double Y)>? given = null;
        if (options.Projection is ProjectionRecord projection)
        {
            given = projection.Rows.DistinctBy(Key).ToDictionary(Key, row => (row.X, row.Y));
            rows = Placed(rows, given, options.Embeddings, notes);
        }

        rows = Draw(rows, options, notes);
        (double[] places, string layout) = given is null
            ? Place(rows, options, notes, progress, cancellationToken)
            : ([.. rows.Rows.Select(row => given[Key(row)]).SelectMany(at => new[] { at.X, at.Y })], Describe(options.Projection!));
        string[] people = [.. rows.Rows.Select(row => row.Identity).Distinct(StringComparer.Ordinal)];
        Dictionary<string, int> numbers =
            people.Index().ToDictionary(person => person.Item, person => person.Index, StringComparer.Ordinal);
        return new MapRows
        {
            Set = rows,
            Places = places,
            Layout = layout,
            People = people,
            Persons = [.. rows.Rows.Select(row => numbers[row.Identity])],
            Clusters = options.Clusters is ClusteringRecord clusters ? ClustersOf(rows, clusters) : null,
            Notes = notes,
        };
    }

    private static (string, string, Modality) Key(EmbeddingRow row) => (row.Identity, row.Clip, row.Modality);

    private static (string, string, Modality) Key(ProjectedRow row) => (row.Identity, row.Clip, row.Modality);

    private static EmbeddingSet Placed(
        EmbeddingSet rows, Dictionary<(string, string, Modality), (double X, double Y)> places, string folder, List<string> notes)
    {
        EmbeddingSet found = rows.Where(row => places.ContainsKey(Key(row)));
        if (found.Count == 0)
        {
            throw new InvalidDataException(
                $"{folder}: none of its {Counted.Of(rows.Count, "row")} is in the projection, which has {Label(places.Keys.First())}; "
                + "expected a projection of these embeddings (cmvae project).");
        }

        if (found.Count < rows.Count)
        {
            notes.Add($"{rows.Count - found.Count} of {rows.Count} rows are not in the projection and left out.");
        }

        return found;

        static string Label((string Identity, string Clip, Modality Modality) key) =>
            $"{EnumText.Of(key.Modality)} of '{key.Identity}/{key.Clip}'";
    }

    // Whole people, so that every row keeps its person's others; they are drawn, not the first ones.
    private static EmbeddingSet Draw(EmbeddingSet rows, ExploreOptions options, List<string> notes)
    {
        if (rows.Count <= options.MostRows)
        {
            return rows;
        }

        SeededRandom random = SeededRandom.For(options.Seed, "explore people");
        int[][] people =
        [
            .. Enumerable.Range(0, rows.Count).GroupBy(row => rows.Rows[row].Identity, StringComparer.Ordinal).Select(own => own.ToArray()),
        ];
        random.Shuffle(people.AsSpan());
        var kept = new List<int>();
        int count = 0;
        foreach (int[] own in people)
        {
            if (kept.Count + own.Length <= options.MostRows)
            {
                kept.AddRange(own);
                count++;
            }
        }

        if (count == 0)
        {
            random.Shuffle(people[0].AsSpan());
            kept.AddRange(people[0].Take(options.MostRows));
            count = 1;
        }

        kept.Sort();
        notes.Add(Invariant($"{kept.Count} of {rows.Count} rows are shown, of {count} of {people.Length} people, drawn with seed ")
            + Invariant($"{options.Seed}; rankings are among them."));
        return rows.Pick(kept);
    }

    private static (double[] Places, string Layout) Place(
        EmbeddingSet rows,
        ExploreOptions options,
        List<string> notes,
        IProgress<(string Stage, int Done, int Total)>? progress,
        CancellationToken cancellationToken)
    {
        DistanceMetric metric = options.Metric.ToDistance();
        if (!HasTwoPlaces(rows))
        {
            notes.Add(rows.Count == 1
                ? "There is one row; it lies in the middle."
                : $"All {rows.Count} embeddings are equal; they lie on one point.");
            return (new double[2 * rows.Count], "one point");
        }

        var standard = new TSneOptions();
        double perplexity = Math.Min(standard.Perplexity, Math.Floor(10 * rows.Count / RowsOfAPerplexity) / 10);
        bool isTsne = rows.Count <= options.MostTsneRows && perplexity >= LeastPerplexity;
        if (!isTsne && rows.Count > options.MostTsneRows)
        {
            notes.Add(Invariant($"The map is of the first two principal components, as {rows.Count} rows are more than t-SNE is given ")
                + Invariant($"({options.MostTsneRows}); 'cmvae project' makes a t-SNE map of any size, --projection shows it."));
        }

        ProjectionRecord projection = isTsne
            ? Projector.Tsne(
                rows,
                standard with { Perplexity = perplexity, Seed = options.Seed, Metric = metric },
                progress is null ? null : new Steps(progress, standard.IterationCount),
                cancellationToken)
            : Projector.Pca(rows, metric, cancellationToken);
        return ([.. projection.Rows.SelectMany(row => new[] { row.X, row.Y })], Describe(projection));
    }

    private static bool HasTwoPlaces(EmbeddingSet rows)
    {
        for (int row = 1; row < rows.Count; row++)
        {
            if (!rows[row].SequenceEqual(rows[0]))
            {
                return true;
            }
        }

        return false;
    }

    private static string Describe(ProjectionRecord projection) => projection.Method == ProjectionMethod.Tsne
        ? Invariant($"t-SNE, {EnumText.Of(projection.Metric)}, perplexity {projection.Perplexity:0.##}")
        : Invariant($"principal components, {EnumText.Of(projection.Metric)}, {projection.ExplainedVarianceRatio:0.0%} of the variance");

    private static int[] ClustersOf(EmbeddingSet rows, ClusteringRecord clusters)
    {
        Dictionary<(string, string), int> labels = clusters.Rows.DistinctBy(row => (row.Identity, row.Clip))
            .ToDictionary(row => (row.Identity, row.Clip), row => row.Cluster);
        return [.. rows.Rows.Select(row => labels.TryGetValue((row.Identity, row.Clip), out int label) ? label : NoCluster)];
    }

    private sealed class Steps(IProgress<(string Stage, int Done, int Total)> progress, int total) : IProgress<int>
    {
        public void Report(int value) => progress.Report(("t-sne", value, total));
    }
}
