using CrossModalVae.Clustering;
using CrossModalVae.Corpora;
using CrossModalVae.Corpora.Synthetic;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Evaluates one split of an embedding set, with the ceiling where the corpus is a synthetic one.</summary>
internal static class SplitEvaluation
{
    internal static EvaluationReport Evaluate(
        EmbeddingSet embeddings,
        CorpusSplit split,
        string? manifestPath,
        RankingOptions ranking,
        ClusteringOptions clustering,
        ProtocolOptions options,
        CancellationToken cancellationToken)
    {
        CorpusGuard.RequireSeparateSplits(embeddings.Rows.Select(row => (row.Identity, row.Split)));
        SyntheticTruth? truth = null;
        if (manifestPath is not null)
        {
            Manifest manifest = ManifestReader.Read(manifestPath);
            CorpusGuard.RequireSeparateSplits(manifest.Clips.Select(clip => (clip.Identity, clip.Split)));
            truth = SyntheticTruth.Exists(manifest.Folder) ? SyntheticTruth.Read(manifest.Folder) : null;
        }

        EmbeddingSet own = embeddings.Where(row => row.Split == split);
        if (own.Count == 0)
        {
            throw new InvalidDataException($"The embeddings have no row of the {Files.EnumText.Of(split)} split; expected some (cmvae embed --split).");
        }

        return Evaluator.Evaluate(own, ranking, clustering, options, truth is null ? null : truth.Score, cancellationToken);
    }
}
