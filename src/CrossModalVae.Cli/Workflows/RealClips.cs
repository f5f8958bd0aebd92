using CrossModalVae.Evaluation;
using CrossModalVae.Training;

namespace CrossModalVae.Cli.Workflows;

/// <summary>
/// Carries the real clips of the GRID corpus through every step: check, features, a short training of their own, export,
/// embeddings, clusters, ranking, evaluation. Ten identities are far too few to train on or to evaluate: this shows that every step takes
/// real files, not how good a model is.
/// </summary>
internal sealed class RealClips(DemoOptions options, Func<string, string> place, TextWriter error, CancellationToken cancellationToken)
{
    private const int Epochs = 3;

    // What pictures call the clips.
    private const string Data = "GRID corpus";

    internal IReadOnlyList<string> Run(Recipe recipe)
    {
        string path = options.GridManifest ?? Path.Combine(AppContext.BaseDirectory, "fixtures", "grid", "manifest.jsonl");
        Manifest manifest = ManifestReader.Read(path);
        CorpusReport check = CorpusCheck.Run(manifest, cancellationToken: cancellationToken);
        if (!check.IsSound)
        {
            throw new InvalidDataException(check.Faults[0]);
        }

        string run = place("grid-run");
        if (Directory.Exists(run))
        {
            Directory.Delete(run, recursive: true);
        }

        Recipe own = recipe with { Name = "grid", Statistics = null };
        (FeatureTable train, FeatureTable validation) = ValidationSplit.ByIdentity(
            CorpusFeatures.Get(
                manifest, own, store: null, _ => true, skipBroken: false, reading: null, FrozenEncoders.None, error, cancellationToken),
            0.3,
            seed: 1);
        var trainer = new TrainerOptions { Device = options.Device, Epochs = Epochs, StopOnCollapse = false };
        TrainingRun.Run(own, train, validation, run, trainer, error, cancellationToken);
        Export.Run(
            run, place("grid-model"), "27 clips of 10 people, GRID corpus: a smoke test", "CC BY 4.0", scores: null, cancellationToken);

        var lines = new List<string>();
        foreach ((string model, string name) in new[]
        {
            ("demo-model", "the demo's model, which has met synthetic people only"),
            ("grid-model", "a model of 3 epochs on most of these clips, which has met these people"),
        })
        {
            string prefix = model == "grid-model" ? "grid" : "grid-by-demo";
            EmbeddingSet embeddings = Demo.Embed(
                place(model), manifest, split: null, place($"{prefix}-embeddings"), error, cancellationToken);
            string pictures = place(Demo.PictureFolder);
            Demo.WriteClusters(
                embeddings, recipe.Clustering, place($"{prefix}-clusters.json"), pictures, $"{prefix}-", Data, cancellationToken);
            Demo.WriteRanking(embeddings, recipe, place($"{prefix}-ranking.json"), cancellationToken);
            RankingPictures.Extremes(embeddings, RetrievalDirection.VoiceToFace, recipe.Ranking, manifest, Data, cancellationToken)
                ?.SaveBoth(pictures, $"{prefix}-ranking");
            // All of them as one population, whatever the split: they are too few to divide.
            var together = new EmbeddingSet(
                embeddings.Values, embeddings.Dimension, [.. embeddings.Rows.Select(row => row with { Split = CorpusSplit.Test })]);
            EvaluationReport report = Evaluator.Evaluate(
                together,
                recipe.Ranking,
                recipe.Clustering,
                new ProtocolOptions { Positives = PositiveClips.Any }, // eight of the ten have one clip
                others: null,
                progress: null,
                cancellationToken: cancellationToken);
            EvaluationFile.Write(place($"{prefix}-metrics.json"), report);
            lines.Add(
                $"real clips: {manifest.Clips.Count} of {report.IdentityCount} people (GRID) through every step; {name}: "
                + Invariant($"AUC {report.VoiceToFace.Auc.Value:0.00} / {report.FaceToVoice.Auc.Value:0.00} ")
                + "(chance 0.50; ten people, which says nothing about quality)");
        }

        return lines;
    }
}
