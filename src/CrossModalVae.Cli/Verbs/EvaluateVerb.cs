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
        Option<string> eps = new("--eps") { Description = "DBSCAN's eps, or auto. Default auto.", DefaultValueFactory = _ => "auto", HelpName = "X|auto" };
        Options.Checked(
            eps, text => text == "auto" || ClusterVerb.ParseEps(text) > 0 ? null : $"--eps is '{text}'; must be a number above 0, or auto.");
        Option<int> minSamples = Options.Count("--min-samples", "DBSCAN's minimum samples.", 5, 1);
        Option<int> trials = Options.Count("--trials-per-identity", "Verification and matching trials drawn for every identity.", 100, 1);
        Option<long> seed = Options.Seed("Seed of the drawn trials. Default 1.");
        Option<bool> json = Options.Json();

        var command = new Command(
            "evaluate", "Verification, matching and retrieval in both directions, and clustering, each figure with its chance level.")
        {
            embeddings, output, split, manifest, metric, eps, minSamples, trials, seed, json,
        };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                CorpusSplit part = parsed.GetValue(split) ?? CorpusSplit.Test;
                EmbeddingSet all = EmbeddingFile.Read(parsed.GetValue(embeddings)!);
                string epsText = parsed.GetValue(eps)!;
                EvaluationReport report = SplitEvaluation.Evaluate(
                    all,
                    part,
                    parsed.GetValue(manifest),
                    new RankingOptions { Metric = parsed.GetValue(metric) ?? DistanceMetric.Cosine },
                    new ClusteringOptions
                    {
                        Eps = epsText == "auto" ? null : ClusterVerb.ParseEps(epsText),
                        MinSamples = parsed.GetValue(minSamples),
                        Metric = parsed.GetValue(metric) ?? DistanceMetric.Cosine,
                    },
                    new ProtocolOptions { Seed = parsed.GetValue(seed), TrialsPerIdentity = parsed.GetValue(trials) },
                    cancellationToken);
                EvaluationFile.Write(parsed.GetValue(output)!, report);
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
