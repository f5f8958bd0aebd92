using System.Numerics;
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
    /// <see cref="SystemKind.Against"/>, <see cref="SystemKind.Linear"/>, <see cref="SystemKind.Transductive"/> and
    /// <see cref="SystemKind.GenderOracle"/>, to the last on the identities with a known gender.</param>
    /// <param name="progress">Hears of each step before it begins, and of the end.</param>
    /// <param name="extras">What to examine in addition. Default nothing.</param>
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
        IProgress<EvaluationStep>? progress = null,
        EvaluationExtras extras = EvaluationExtras.None,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(ranking);
        ArgumentNullException.ThrowIfNull(clustering);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        embeddings = ByClip(embeddings);
        EmbeddingGuard.Check(embeddings, ranking.Metric);
        CorpusSplit[] splits = [.. embeddings.Rows.Select(row => row.Split).Distinct().OrderDescending()]; // test, validation, train
        EmbeddingSet[] parts = [.. splits.Select(split => embeddings.Where(row => row.Split == split))];
        foreach (EmbeddingSet part in parts.Skip(splits.Length == 1 ? 1 : 0))
        {
            EmbeddingGuard.Check(part, ranking.Metric); // one population may be constant where all together are not
        }

        var steps = new Steps(progress, (parts.Length * ((2 * (1 + (others?.Count ?? 0))) + BitOperations.PopCount((uint)extras))) + 1);
        PopulationScores[] populations =
        [
            .. parts.Select(part => new PopulationEvaluation(
                part, ranking.Metric, options, others ?? [], extras, steps.Begin, cancellationToken).Run()),
        ];
        steps.Begin("clusters");
        var report = new EvaluationReport
        {
            Metric = ranking.Metric,
            Options = options,
            Populations = populations,
            Clustering = Cluster(parts[0], clustering, options.Seed, cancellationToken),
            Nearest =
            [
                .. NearestIdentities.Table(parts[0], RetrievalDirection.FaceToVoice, ranking.Metric, NearestProbes, NearestMatches),
                .. NearestIdentities.Table(parts[0], RetrievalDirection.VoiceToFace, ranking.Metric, NearestProbes, NearestMatches),
            ],
        };
        steps.End();
        return report;
    }

    // By identity, clip and modality: nothing in a report depends on the order in which rows are stored.
    private static EmbeddingSet ByClip(EmbeddingSet embeddings)
    {
        int[] order =
        [
            .. Enumerable.Range(0, embeddings.Count)
                .OrderBy(i => embeddings.Rows[i].Identity, StringComparer.Ordinal)
                .ThenBy(i => embeddings.Rows[i].Clip, StringComparer.Ordinal)
                .ThenBy(i => embeddings.Rows[i].Modality),
        ];
        return order.Select((row, i) => row == i).All(inPlace => inPlace) ? embeddings : embeddings.Pick(order);
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

    private sealed class Steps(IProgress<EvaluationStep>? progress, int total)
    {
        private int _begun;

        public void Begin(string name)
        {
            progress?.Report(new EvaluationStep(name, Math.Min(_begun, total), total));
            _begun++;
        }

        public void End() => progress?.Report(new EvaluationStep("done", total, total));
    }
}
