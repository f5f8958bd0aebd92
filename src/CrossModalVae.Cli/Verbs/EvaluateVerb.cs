using CrossModalVae.Cli.Workflows;
using CrossModalVae.Clusters;
using CrossModalVae.Evaluation;
using CrossModalVae.Evaluation.Trials;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae evaluate</c>: the field's protocol on embeddings.</summary>
internal static class EvaluateVerb
{
    internal static Command Create()
    {
        Option<string> embeddings = Options.Embeddings();
        Option<string> output = Options.Out("The figures to write (JSON).", "FILE");
        Option<CorpusSplit?> split = Options.Choice<CorpusSplit>(
            "--split",
            "Which people to score. Default: test, and beside it people drawn from train, whom training has met, with as many clips.");
        Option<string?> manifest = new("--manifest")
        {
            Description = "The corpus: adds the ceiling where it is a synthetic one, and checks that its splits share no identity.",
            HelpName = "FILE",
        };
        Option<RankingMetric?> metric = Options.Choice<RankingMetric>("--metric", "What nearness means. Default cosine.");
        Option<double?> eps = Options.Eps();
        Option<int> minSamples = Options.Count("--min-samples", "DBSCAN's minimum samples.", 5, 1);
        Option<int> trials = Options.Count("--trials-per-probe", "Verification and matching trials drawn for every probe.", 25, 1);
        Option<int> draws = Options.Count("--draws", "Bootstrap draws of identities for the 95 % intervals; 0: no intervals.", 1000, 0);
        Option<long> seed = Options.Seed("Seed of the drawn trials and identities. Default 1.");
        Option<string?> against = new("--against")
        {
            Description = "Another system's embeddings of the same clips: every figure's difference on "
                + "the same trials and draws, with its interval.",
            HelpName = "DIR",
        };
        Option<string?> recipe = new("--recipe")
        {
            Description = "With --manifest: also score the linear baseline (CCA) on the features that this recipe makes of the corpus.",
            HelpName = "FILE",
        };
        Option<string?> features = Options.Features();
        Option<string?> pictures = Options.Pictures("the ROC, DET and 1:N matching curves");
        Option<string?> list = new("--trials")
        {
            Description = "Score exactly the trials of this list ('cmvae corpus trials') and nothing else; "
                + "writes trial scores instead of metrics.",
            HelpName = "FILE",
        };
        Option<bool> allowMissing = new("--allow-missing")
        {
            Description = "With --trials: leave out, and count, trials whose clips the embeddings lack.",
        };
        Option<bool> json = Options.Json();

        var command = new Command(
            "evaluate",
            "Verification, matching and retrieval, both directions, every stratum, with chance levels, "
            + "intervals and baselines; and clustering.")
        {
            embeddings, output, split, against, manifest, recipe, features, metric, eps, minSamples, trials, draws, seed, pictures, list,
            allowMissing, json,
        };
        command.Validators.Add(result =>
        {
            bool listed = result.GetResult(list) is not null;
            Option[] drawn = [split, manifest, recipe, features, eps, minSamples, trials, pictures];
            if (result.GetValue(recipe) is not null && result.GetValue(manifest) is null)
            {
                result.AddError("--recipe needs --manifest, the corpus whose features it makes.");
            }

            if (result.GetValue(features) is not null && result.GetValue(recipe) is null)
            {
                result.AddError("--features goes with --recipe only.");
            }

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
                        Metric = parsed.GetValue(metric) ?? RankingMetric.Cosine,
                        AllowMissing = parsed.GetValue(allowMissing),
                        Seed = parsed.GetValue(seed),
                        DrawCount = parsed.GetValue(draws),
                    };
                    EmbeddingSet? other = parsed.GetValue(against) is string folderOfOther ? EmbeddingFile.Read(folderOfOther) : null;
                    TrialReport scores = TrialEvaluator.Evaluate(all, TrialReader.Read(path), listed, other, cancellationToken);
                    TrialReportFile.Write(parsed.GetValue(output)!, scores);
                    Warn(parsed, scores.Warnings);
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

                RankingMetric nearness = parsed.GetValue(metric) ?? RankingMetric.Cosine;
                var evaluation = new SplitEvaluation
                {
                    Split = parsed.GetValue(split),
                    Manifest = parsed.GetValue(manifest),
                    Recipe = parsed.GetValue(recipe),
                    Features = parsed.GetValue(features),
                    Against = parsed.GetValue(against),
                    Metric = nearness,
                    Clustering = new ClusteringOptions
                    {
                        Eps = parsed.GetValue(eps),
                        MinSamples = parsed.GetValue(minSamples),
                        Metric = nearness.ToDistance(),
                    },
                    Protocol = new ProtocolOptions
                    {
                        Seed = parsed.GetValue(seed),
                        TrialsPerProbe = parsed.GetValue(trials),
                        DrawCount = parsed.GetValue(draws),
                    },
                    Error = parsed.InvocationConfiguration.Error,
                };
                EvaluationReport report = evaluation.Evaluate(all, cancellationToken);
                EvaluationFile.Write(parsed.GetValue(output)!, report);
                Warn(parsed, report.Populations.SelectMany(population => population.Warnings));
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

    private static void Warn(ParseResult parsed, IEnumerable<string> warnings)
    {
        foreach (string warning in warnings)
        {
            parsed.InvocationConfiguration.Error.WriteLine($"warning: {warning}");
        }
    }
}
