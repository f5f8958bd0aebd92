using System.CommandLine;
using CrossModalVae.Cli.Workflows;
using CrossModalVae.Clustering;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;
using CrossModalVae.Evaluation.Trials;
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
        Option<string?> list = new("--trials")
        {
            Description = "Score exactly the trials of this list ('cmvae corpus trials') and nothing else; writes trial scores instead of metrics.",
            HelpName = "FILE",
        };
        Option<bool> allowMissing = new("--allow-missing") { Description = "With --trials: leave out, and count, trials whose clips the embeddings lack." };
        Option<bool> json = Options.Json();

        var command = new Command(
            "evaluate", "Verification, matching and retrieval in both directions, and clustering, each figure with its chance level.")
        {
            embeddings, output, split, manifest, metric, eps, minSamples, trials, seed, pictures, list, allowMissing, json,
        };
        command.Validators.Add(result =>
        {
            bool listed = result.GetResult(list) is not null;
            Option[] drawn = [split, manifest, eps, minSamples, trials, pictures];
            if (!listed && result.GetValue(allowMissing))
            {
                result.AddError("--allow-missing goes with --trials only.");
            }
            else if (listed && drawn.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is Option other)
            {
                result.AddError($"{other.Name} does not go with --trials: the list says what is scored.");
            }
        });
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                EmbeddingSet all = EmbeddingFile.Read(parsed.GetValue(embeddings)!);
                TextWriter writer = parsed.InvocationConfiguration.Output;
                if (parsed.GetValue(list) is string path)
                {
                    var listed = new TrialOptions
                    {
                        Metric = parsed.GetValue(metric) ?? DistanceMetric.Cosine,
                        AllowMissing = parsed.GetValue(allowMissing),
                        Seed = parsed.GetValue(seed),
                    };
                    TrialReport scores = TrialEvaluator.Evaluate(all, TrialReader.Read(path), listed, cancellationToken);
                    TrialReportFile.Write(parsed.GetValue(output)!, scores);
                    if (parsed.GetValue(json))
                    {
                        writer.Write(TrialReportFile.Text(scores));
                    }
                    else
                    {
                        Terminal.TrialTables.Print(writer, scores);
                    }

                    return CommandLine.Done;
                }

                CorpusSplit part = parsed.GetValue(split) ?? CorpusSplit.Test;
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
