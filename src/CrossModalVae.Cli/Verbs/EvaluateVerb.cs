using System.CommandLine;
using CrossModalVae.Cli.Workflows;
using CrossModalVae.Clustering;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae evaluate</c>: the field's protocol on embeddings.</summary>
internal static class EvaluateVerb
{
    internal static Command Create()
    {
        Option<string> embeddings = Options.Embeddings();
        Option<string> output = Options.Out("The figures to write (JSON).", "FILE");
        Option<CorpusSplit?> split = Options.Choice<CorpusSplit>("--split", "Which identities to score. Default test.");
        Option<string?> manifest = new("--manifest")
        {
            Description = "The corpus: adds the ceiling where it is a synthetic one, and checks that its splits share no identity.",
            HelpName = "FILE",
        };
        Option<DistanceMetric?> metric = Options.Choice<DistanceMetric>("--metric", "What nearness means. Default cosine.");
        Option<double?> eps = Options.Eps();
        Option<int> minSamples = Options.Count("--min-samples", "DBSCAN's minimum samples.", 5, 1);
        Option<int> trials = Options.Count("--trials-per-identity", "Verification and matching trials drawn for every identity.", 100, 1);
        Option<long> seed = Options.Seed("Seed of the drawn trials. Default 1.");
        Option<string?> pictures = Options.Pictures("the ROC, DET and 1:N matching curves");
        Option<bool> json = Options.Json();

        var command = new Command(
            "evaluate", "Verification, matching and retrieval in both directions, and clustering, each figure with its chance level.")
        {
            embeddings, output, split, manifest, metric, eps, minSamples, trials, seed, pictures, json,
        };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                CorpusSplit part = parsed.GetValue(split) ?? CorpusSplit.Test;
                EmbeddingSet all = EmbeddingFile.Read(parsed.GetValue(embeddings)!);
                EvaluationReport report = SplitEvaluation.Evaluate(
                    all,
                    part,
                    parsed.GetValue(manifest),
                    new RankingOptions { Metric = parsed.GetValue(metric) ?? DistanceMetric.Cosine },
                    new ClusteringOptions
                    {
                        Eps = parsed.GetValue(eps),
                        MinSamples = parsed.GetValue(minSamples),
                        Metric = parsed.GetValue(metric) ?? DistanceMetric.Cosine,
                    },
                    new ProtocolOptions { Seed = parsed.GetValue(seed), TrialsPerIdentity = parsed.GetValue(trials) },
                    cancellationToken);
                EvaluationFile.Write(parsed.GetValue(output)!, report);
                if (parsed.GetValue(pictures) is string folder)
                {
                    EvaluationPictures.Write(report, folder);
                }

                TextWriter writer = parsed.InvocationConfiguration.Output;
                if (parsed.GetValue(json))
                {
                    writer.Write(EvaluationFile.Text(report));
                }
                else
                {
                    Terminal.EvaluationTables.Print(writer, report);
                }

                return CommandLine.Done;
            },
            CancellationToken.None));
        return command;
    }
}
