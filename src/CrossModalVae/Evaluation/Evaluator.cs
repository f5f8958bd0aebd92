using CrossModalVae.Clusters;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation;

/// <summary>
/// The whole evaluation of embeddings: guards, the protocol in every stratum and both directions for each split separately, baselines on
/// the same trials, clustering, and the report's Figure 4 as a table.
/// </summary>
public static class Evaluator
{
    private const int NearestProbes = 5;
    private const int NearestMatches = 5;

    /// <summary>Evaluates embeddings.</summary>
    /// <param name="embeddings">Rows of the identities to score, one population a split; joint rows, if any, are used for
    /// clustering.</param>
    /// <param name="ranking">The metric that ranks.</param>
    /// <param name="clustering">The clustering.</param>
    /// <param name="options">Seed, number of trials and of draws.</param>
    /// <param name="others">Systems to compare with on the same trials; the paired difference is computed to those of kind
    /// <see cref="SystemKind.Against"/> and <see cref="SystemKind.Linear"/>.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidDataException">The guard refuses the embeddings, or another system lacks a clip.</exception>
    /// <exception cref="ArgumentException">A split has fewer than two identities with both modalities, or an option is out of
    /// range.</exception>
    public static EvaluationReport Evaluate(
        EmbeddingSet embeddings,
        RankingOptions ranking,
        ClusteringOptions clustering,
        ProtocolOptions options,
        IReadOnlyList<EvaluationSystem>? others = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(ranking);
        ArgumentNullException.ThrowIfNull(clustering);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        EmbeddingGuard.Check(embeddings, ranking.Metric);
        CorpusSplit[] splits = [.. embeddings.Rows.Select(row => row.Split).Distinct().OrderDescending()]; // test, validation, train
        EmbeddingSet[] parts = [.. splits.Select(split => embeddings.Where(row => row.Split == split))];
        foreach (EmbeddingSet part in parts.Skip(splits.Length == 1 ? 1 : 0))
        {
            EmbeddingGuard.Check(part, ranking.Metric); // one population may be constant where all together are not
        }

        return new EvaluationReport
        {
            Metric = ranking.Metric,
            Options = options,
            Populations = [.. parts.Select(part => Evaluate(part, ranking.Metric, options, others ?? [], cancellationToken))],
            Clustering = Cluster(parts[0], clustering, options.Seed, cancellationToken),
            Nearest =
            [
                .. NearestIdentities.Table(parts[0], RetrievalDirection.FaceToVoice, ranking.Metric, NearestProbes, NearestMatches),
                .. NearestIdentities.Table(parts[0], RetrievalDirection.VoiceToFace, ranking.Metric, NearestProbes, NearestMatches),
            ],
        };
    }

    private static PopulationScores Evaluate(
        EmbeddingSet part,
        RankingMetric metric,
        ProtocolOptions options,
        IReadOnlyList<EvaluationSystem> others,
        CancellationToken cancellationToken)
    {
        var plan = new ProtocolPlan(part.Rows, Strata.All, options, Enum.GetValues<RetrievalDirection>());
        IReadOnlyList<DirectionSample> model = plan.Score(EvaluationSystem.OfEmbeddings(SystemKind.Model, part, metric), cancellationToken);
        var systems = new List<SystemScores> { Scores(SystemKind.Model, model) };
        var differences = new List<DirectionDifference>();
        foreach (EvaluationSystem other in others)
        {
            IReadOnlyList<DirectionSample> samples = plan.Score(other, cancellationToken);
            systems.Add(Scores(other.Kind, samples));
            if (other.Kind is SystemKind.Against or SystemKind.Linear)
            {
                differences.AddRange(model.Zip(samples, (own, theirs) => new DirectionDifference(
                    other.Kind,
                    own.Plan.Stratum,
                    own.Direction,
                    own.Metrics.ToDictionary(pair => pair.Key, pair => pair.Value.Minus(theirs.Metrics[pair.Key], options.Confidence)))));
            }
        }

        return new PopulationScores
        {
            Split = part.Rows[0].Split,
            IdentityCount = model[0].Plan.IdentityCount,
            ClipCount = part.Rows.Select(row => (row.Identity, row.Clip)).Distinct().Count(),
            Systems = systems,
            Differences = differences,
        };

        SystemScores Scores(SystemKind kind, IReadOnlyList<DirectionSample> samples) =>
            new(kind, [.. samples.Select(sample => sample.ToScores(options.Confidence))]);
    }

    private static Dictionary<Modality, ClusteringScores> Cluster(
        EmbeddingSet embeddings, ClusteringOptions clustering, long seed, CancellationToken cancellationToken)
    {
        var scores = new Dictionary<Modality, ClusteringScores>();
        foreach (Modality modality in (Modality[])[Modality.Joint, Modality.Voice, Modality.Face])
        {
            EmbeddingSet own = embeddings.Where(row => row.Modality == modality);
            if (own.Count > 0)
            {
                ClusterAssignment result = clustering.Fit(own.Values, own.Count, own.Dimension, cancellationToken);
                scores[modality] = ClusteringScores.Compute(own, result, clustering.Metric, seed, cancellationToken);
            }
        }

        return scores;
    }
}
