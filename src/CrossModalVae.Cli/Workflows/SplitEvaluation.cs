using CrossModalVae.Baselines;
using CrossModalVae.Clusters;
using CrossModalVae.Evaluation;
using CrossModalVae.Synthesis;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Evaluates the splits of an embedding set, each by itself, beside what can be had for comparison.</summary>
internal sealed class SplitEvaluation
{
    /// <summary>
    /// The split to score; null: test as people never met and, drawn from train, as many people met, as far as each is there.
    /// </summary>
    public CorpusSplit? Split { get; init; }

    /// <summary>The corpus: for the ceiling, the linear baseline and the check of its splits.</summary>
    public string? Manifest { get; init; }

    /// <summary>The front ends for the linear baseline; needs the manifest.</summary>
    public string? Recipe { get; init; }

    /// <summary>A feature store to take them from.</summary>
    public string? Features { get; init; }

    /// <summary>Another system's embedding folder.</summary>
    public string? Against { get; init; }

    public required RankingMetric Metric { get; init; }

    public required ClusteringOptions Clustering { get; init; }

    public required ProtocolOptions Protocol { get; init; }

    public required TextWriter Error { get; init; }

    public EvaluationReport Evaluate(EmbeddingSet embeddings, CancellationToken cancellationToken)
    {
        CorpusGuard.RequireSeparateSplits(embeddings.Rows.Select(row => (row.Identity, row.Split)));
        EmbeddingSet own = Split is null ? TestAndAsManyMet(embeddings) : embeddings.Where(row => row.Split == Split);
        if (own.Count == 0)
        {
            throw new InvalidDataException(
                $"The embeddings have no row of the {(Split is CorpusSplit split ? EnumText.Of(split) : "test or train")} split; "
                + "expected some (cmvae embed --split).");
        }

        var others = new List<EvaluationSystem> { EvaluationSystem.Random(Protocol.Seed) };
        if (own.Rows.Select(row => row.Gender).Where(gender => gender is not null).Distinct().Count() > 1)
        {
            others.Add(EvaluationSystem.GenderOracle());
        }

        if (Manifest is not null)
        {
            AddOfCorpus(ManifestReader.Read(Manifest), others, cancellationToken);
        }

        if (Against is not null)
        {
            EmbeddingSet against = EmbeddingFile.Read(Against);
            EmbeddingGuard.Check(against, Metric);
            others.Add(EvaluationSystem.OfEmbeddings(SystemKind.Against, against, Metric));
        }

        return Evaluator.Evaluate(
            own, new RankingOptions { Metric = Metric }, Clustering, Protocol, [.. others.OrderBy(other => other.Kind)], cancellationToken);
    }

    // The protocol is quadratic in clips and retrieval figures depend on the gallery's size, so of the people met in training as many are
    // drawn as make the test split's number of clips.
    private EmbeddingSet TestAndAsManyMet(EmbeddingSet embeddings)
    {
        int wanted = ClipsOf(row => row.Split == CorpusSplit.Test).Sum(person => person.Value);
        Dictionary<string, int> met = ClipsOf(row => row.Split == CorpusSplit.Train);
        string[] people = [.. met.Keys.Order(StringComparer.Ordinal)];
        if (wanted == 0 || met.Values.Sum() <= wanted)
        {
            return embeddings.Where(row => row.Split != CorpusSplit.Validation);
        }

        SeededRandom.For(Protocol.Seed, "people met").Shuffle(people.AsSpan());
        var drawn = new HashSet<string>(StringComparer.Ordinal);
        for (int clips = 0; clips < wanted; clips += met[people[drawn.Count - 1]])
        {
            drawn.Add(people[drawn.Count]);
        }

        Error.WriteLine(
            $"seen-heard: {drawn.Count} of the {people.Length} people of the training split, drawn by the seed to have as many clips "
            + "as the test split; --split train scores all.");
        return embeddings.Where(row => row.Split == CorpusSplit.Test || drawn.Contains(row.Identity));

        Dictionary<string, int> ClipsOf(Func<EmbeddingRow, bool> chosen) =>
            embeddings.Rows.Where(chosen).DistinctBy(row => (row.Identity, row.Clip)).CountBy(row => row.Identity).ToDictionary(
                StringComparer.Ordinal);
    }

    private void AddOfCorpus(Manifest manifest, List<EvaluationSystem> others, CancellationToken cancellationToken)
    {
        CorpusGuard.RequireSeparateSplits(manifest.Clips.Select(clip => (clip.Identity, clip.Split)));
        if (SyntheticTruth.Exists(manifest.Folder))
        {
            others.Add(Ceiling(SyntheticTruth.Read(manifest.Folder)));
        }

        if (Recipe is not null)
        {
            using FeatureStore? store = Features is null ? null : FeatureStore.Open(Features);
            FeatureTable all = CorpusFeatures.Get(manifest, RecipeReader.Read(Recipe), store, _ => true, Error, cancellationToken);
            LinearBaseline linear = LinearBaseline.Fit(
                all.Where(clip => clip.Split == CorpusSplit.Train),
                all.Where(clip => clip.Split == CorpusSplit.Validation),
                cancellationToken);
            others.Add(EvaluationSystem.OfEmbeddings(SystemKind.Linear, linear.Embed(all), RankingMetric.Cosine));
        }
    }

    /// <summary>The ideal matcher of a synthetic corpus.</summary>
    internal static EvaluationSystem Ceiling(SyntheticTruth truth) =>
        EvaluationSystem.OfIdentities(SystemKind.Ceiling, (voice, face) => truth.Score(voice.Identity, face.Identity));
}
