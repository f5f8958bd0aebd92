using CrossModalVae.Audio;
using CrossModalVae.Baselines;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Clusters;
using CrossModalVae.Evaluation;
using CrossModalVae.Synthesis;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Evaluates the splits of an embedding set, each by itself, beside baselines and ceiling.</summary>
internal sealed class SplitEvaluation
{
    private IReadOnlyList<SkippedClip> _skipped = [];

    /// <summary>
    /// The split to score; null: test as identities not seen in training and, drawn from train, identities with as many clips, where
    /// the embeddings have them.
    /// </summary>
    public CorpusSplit? Split { get; init; }

    /// <summary>The corpus: for the ceiling, the linear baseline and the check of its splits.</summary>
    public string? Manifest { get; init; }

    /// <summary>Where the manifest's files are; null: where it says itself.</summary>
    public string? Root { get; init; }

    /// <summary>The front ends for the linear baseline; needs the manifest.</summary>
    public Recipe? Recipe { get; init; }

    /// <summary>The recipe's pretrained encoders.</summary>
    public FrozenEncoders Encoders { get; init; } = FrozenEncoders.None;

    /// <summary>A feature store to take them from.</summary>
    public string? Features { get; init; }

    /// <summary>Whether the linear baseline leaves out clips with a missing or broken file.</summary>
    public bool SkipBroken { get; init; }

    /// <summary>How the linear baseline's sound files are read.</summary>
    public SoundReading? Reading { get; init; }

    /// <summary>Whether the model is also scored transductively.</summary>
    public bool Transductive { get; init; }

    /// <summary>What to examine in addition.</summary>
    public EvaluationExtras Extras { get; init; }

    /// <summary>Another system's embedding folder.</summary>
    public string? Against { get; init; }

    public required RankingMetric Metric { get; init; }

    public required ClusteringOptions Clustering { get; init; }

    public required ProtocolOptions Protocol { get; init; }

    /// <summary>Whether a probe's own clip is its positive where a population has no other.</summary>
    public bool ChoosesPositives { get; init; }

    public required TextWriter Error { get; init; }

    public EvaluationReport Evaluate(EmbeddingSet embeddings, CancellationToken cancellationToken)
    {
        CorpusGuard.RequireSeparateSplits(embeddings.Rows.Select(row => (row.Identity, row.Split)));
        EmbeddingSet own = Split is null ? TestAndAsManySeen(embeddings) : embeddings.Where(row => row.Split == Split);
        if (own.Count == 0)
        {
            throw new InvalidDataException(
                $"The embeddings have no row of the {(Split is CorpusSplit split ? EnumText.Of(split) : "test or train")} split; "
                + "expected some (cmvae embed --split).");
        }

        ProtocolOptions protocol = Protocol;
        if (ChoosesPositives && own.Rows.GroupBy(row => row.Split).FirstOrDefault(rows => !HasOtherClips(rows)) is { } alone)
        {
            Error.WriteLine(
                $"note: nobody in the {EnumText.Of(alone.Key)} split has a voice and a face of two clips, so a probe's own clip is "
                + "its positive (--positives own): figures are higher than those of other clips.");
            protocol = protocol with { Positives = PositiveClips.Own };
        }

        var others = new List<EvaluationSystem> { EvaluationSystem.RandomScores(Protocol.Seed), EvaluationSystem.GenderOracle() };
        FeatureTable? features = Manifest is null ? null : AddOfCorpus(ManifestReader.Read(Manifest, Root), others, cancellationToken);
        if (Transductive)
        {
            others.Add(EvaluationSystem.Transductive(
                own,
                Metric,
                Recipe?.Voice.Encoder is null ? null : Vectors(features!, Modality.Voice),
                Recipe?.Face.Encoder is null ? null : Vectors(features!, Modality.Face)));
        }

        if (Against is not null)
        {
            EmbeddingSet against = EmbeddingFile.Read(Against);
            EmbeddingGuard.Check(against, Metric);
            others.Add(EvaluationSystem.OfEmbeddings(SystemKind.Against, against, Metric));
        }

        ProgressBar? bar = null;
        try
        {
            EvaluationReport report = Evaluator.Evaluate(
                own,
                new RankingOptions { Metric = Metric },
                Clustering,
                protocol,
                [.. others.OrderBy(other => other.Kind)],
                new Relay<EvaluationStep>(step =>
                    (bar ??= ProgressBar.Start("evaluate", step.TotalCount, Error)).Report(step.DoneCount)),
                Extras,
                cancellationToken);
            return report with { Skipped = _skipped };
        }
        finally
        {
            bar?.Dispose();
        }
    }

    private static bool HasOtherClips(IEnumerable<EmbeddingRow> rows) => rows.GroupBy(row => row.Identity).Any(person =>
    {
        string[] voices = [.. person.Where(row => row.Modality == Modality.Voice).Select(row => row.Clip)];
        string[] faces = [.. person.Where(row => row.Modality == Modality.Face).Select(row => row.Clip)];
        return voices.Any(voice => faces.Any(face => face != voice));
    });

    // The protocol is quadratic in clips, and retrieval metrics depend on the gallery's size, so identities seen in training are drawn
    // until they have as many clips as the test split.
    private EmbeddingSet TestAndAsManySeen(EmbeddingSet embeddings)
    {
        int wanted = ClipsOf(row => row.Split == CorpusSplit.Test).Sum(person => person.Value);
        Dictionary<string, int> seen = ClipsOf(row => row.Split == CorpusSplit.Train);
        string[] identities = [.. seen.Keys.Order(StringComparer.Ordinal)];
        if (wanted == 0 || seen.Values.Sum() <= wanted)
        {
            return embeddings.Where(row => row.Split != CorpusSplit.Validation);
        }

        SeededRandom.For(Protocol.Seed, "people met").Shuffle(identities.AsSpan());
        var drawn = new HashSet<string>(StringComparer.Ordinal);
        for (int clips = 0; clips < wanted; clips += seen[identities[drawn.Count - 1]])
        {
            drawn.Add(identities[drawn.Count]);
        }

        Error.WriteLine(
            $"note: seen-heard: {drawn.Count} of the {Counted.Of(identities.Length, "identity")} of the training split, drawn "
            + "by the seed to have as many clips as the test split; --split train scores all.");
        return embeddings.Where(row => row.Split == CorpusSplit.Test || drawn.Contains(row.Identity));

        Dictionary<string, int> ClipsOf(Func<EmbeddingRow, bool> chosen) =>
            embeddings.Rows.Where(chosen).DistinctBy(row => (row.Identity, row.Clip)).CountBy(row => row.Identity).ToDictionary(
                StringComparer.Ordinal);
    }

    // A pretrained encoder's vectors tell clips of one person from others far better than embeddings trained to match voices with faces.
    private static EmbeddingSet Vectors(FeatureTable table, Modality modality)
    {
        int[] clips = [.. Enumerable.Range(0, table.Clips.Count).Where(
                i => modality == Modality.Voice ? table.Clips[i].Voice is not null : table.Clips[i].Faces.Count > 0)];
        return new EmbeddingSet(
            [.. clips.SelectMany(i => table.Row(modality, i).ToArray())],
            table.Length(modality),
            [.. clips.Select(i => EmbeddingRow.Of(table.Clips[i], modality))]);
    }

    private FeatureTable? AddOfCorpus(Manifest manifest, List<EvaluationSystem> others, CancellationToken cancellationToken)
    {
        CorpusGuard.RequireSeparateSplits(manifest.Clips.Select(clip => (clip.Identity, clip.Split)));
        if (SyntheticTruth.Exists(manifest.Folder))
        {
            others.Add(Ceiling(SyntheticTruth.Read(manifest.Folder)));
        }

        if (Recipe is not null)
        {
            using FeatureStore? store = Features is null ? null : FeatureStore.Open(Features);
            FeatureTable all = CorpusFeatures.Get(
                manifest, Recipe, store, _ => true, SkipBroken, Reading, Encoders, Error, cancellationToken);
            _skipped = all.Skipped;
            FeatureTable pooled = PooledFeatures.Of(all, Recipe);
            EmbeddingSet linear = FitLinear(pooled, cancellationToken).Embed(pooled);
            others.Add(EvaluationSystem.OfEmbeddings(SystemKind.Linear, linear, RankingMetric.Cosine));
            return pooled;
        }

        return null;
    }

    /// <summary>The linear baseline, fitted to the training split and tuned on the validation split.</summary>
    internal static LinearBaseline FitLinear(FeatureTable table, CancellationToken cancellationToken) => LinearBaseline.Fit(
        table.Where(clip => clip.Split == CorpusSplit.Train), table.Where(clip => clip.Split == CorpusSplit.Validation), cancellationToken);

    /// <summary>The ideal matcher of a synthetic corpus.</summary>
    internal static EvaluationSystem Ceiling(SyntheticTruth truth) =>
        EvaluationSystem.OfIdentities(SystemKind.Ceiling, (voice, face) => truth.Score(voice.Identity, face.Identity));
}
