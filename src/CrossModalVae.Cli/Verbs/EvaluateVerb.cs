using CrossModalVae.Audio;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Cli.Workflows;
using CrossModalVae.Clusters;
using CrossModalVae.Evaluation;
using CrossModalVae.Evaluation.Trials;
using CrossModalVae.Scoring.Encoders;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae evaluate</c>: the field's protocol on embeddings.</summary>
internal static class EvaluateVerb
{
    internal static Command Create()
    {
        Option<string> embeddings = Options.Embeddings();
        Output output = Options.Out("The metrics to write (JSON).", "FILE");
        Choice<CorpusSplit> split = new(
            "--split",
            "Which split to score. Default: test, and beside it identities drawn from train, seen in training, with as many clips.");
        Option<string?> manifest = Options.File(
            "--manifest", "The corpus: adds the ceiling where it is a synthetic one, and checks that its splits share no identity.");
        Option<string?> root = Options.Root();
        Choice<RankingMetric> metric = Options.Metric();
        Option<double?> eps = Options.Eps();
        Option<int> minSamples = Options.Count("--min-samples", "DBSCAN's minimum samples.", 5, 1);
        Choice<PositiveClips> positives = new(
            "--positives",
            "Which clips of a probe's person are positives, in every metric: clips other than the probe's own, its own alone, or any. "
            + "Where nobody has a second clip, own without being asked for.",
            PositiveClips.Other);
        Option<int> trials = Options.Count(
            "--trials-per-probe", "Verification trials of each class drawn for every probe, beyond 20 million pairs.", 25, 1);
        Option<int> draws = Options.Count("--draws", "Bootstrap draws of identities for the 95 % intervals; 0: no intervals.", 1000, 0);
        Option<long> seed = Options.Seed("Seed of the bootstrap draws, and of trials where they are drawn.");
        Option<string?> against = Options.Folder(
            "--against",
            "Another system's embeddings of the same clips: every metric's difference on the same trials and draws, with its interval.");
        Option<string?> recipe = Options.File(
            "--recipe", "With --manifest: also score the linear baseline (CCA) on the features that this recipe makes of the corpus; "
            + "a file, or the name of a recipe that comes with the program.").Completes(() => Workflows.ShippedRecipes.Names);
        Option<bool> transductive = new("--transductive")
        {
            Description = "Also score the model transductively: means over clusters of the evaluated voices and faces, found in the whole "
                + "set without labels (with --recipe, in a pretrained encoder's features). Beside the inductive figures, with the "
                + "difference.",
        };
        Option<bool> explain = new("--explain")
        {
            Description = "How much of the AUC is gender, age and nationality, as far as the embeddings' rows have them, and how much the "
                + "rest.",
        };
        Option<bool> uncertainty = new("--uncertainty")
        {
            Description = "Whether the posteriors' deviations ('embed --standard-deviations') predict errors: risk-coverage curves beside "
                + "the margin of scores.",
        };
        Option<string?> features = Options.Features();
        Choice<ToleratedFault> tolerate = Tolerance.Option();
        Option<bool> skipBroken = Options.SkipBroken();
        Output pictures = Options.Pictures(
            "the ROC, DET, 1:N matching and, with --uncertainty, risk-coverage curves",
            "*roc",
            "*det",
            "*matching",
            "*risk-*");
        Option<string?> list = Options.File(
            "--trials",
            "Score exactly the trials of this list ('cmvae corpus trials') and nothing else; writes trial scores instead of metrics.");
        Option<bool> allowMissing = new("--allow-missing")
        {
            Description = "With --trials: leave out, and count, trials whose clips the embeddings lack.",
        };
        Option<bool> full = new("--full") { Description = "Print every table after the summary." };
        Option<bool> json = Options.Json();
        var encoders = new EncoderOptions();
        var command = new Verb(
            "evaluate",
            "Score embeddings by the field's protocol: verification, matching and retrieval in both directions and in every stratum, with "
            + "chance levels, intervals and baselines; and clustering.",
            (
                "the test split, with ROC, DET and matching curves",
                "cmvae evaluate --embeddings embeddings/first --out metrics.json --pictures pictures"),
            (
                "beside the linear baseline on the same features",
                "cmvae evaluate --embeddings embeddings/first --out metrics.json --manifest corpus/manifest.jsonl --recipe recipe.json"),
            (
                "exactly the trials of a published list",
                "cmvae evaluate --embeddings embeddings/first --out scores.json --trials trials.jsonl"))
        {
            embeddings, output, split, positives, against, transductive, explain, uncertainty,
            manifest, root, recipe, encoders.Voice, encoders.Face, features, tolerate,
            skipBroken, metric, eps, minSamples,
            trials, draws, seed, pictures, list, allowMissing, full, json,
        };
        command.RefuseIf(
            result => result.GetValue(recipe) is not null && result.GetValue(manifest) is null,
            "--recipe needs --manifest, the corpus whose features it makes.");
        command.RefuseIf(
            result => result.GetValue(root) is not null && result.GetValue(manifest) is null, "--root goes with --manifest only.");
        command.RefuseIf(
            result => result.GetValue(features) is not null && result.GetValue(recipe) is null, "--features goes with --recipe only.");
        foreach (Option option in new Option[] { encoders.Voice, encoders.Face })
        {
            command.RefuseIf(
                result => result.IsGiven(option) && result.GetValue(recipe) is null, $"{option.Name} goes with --recipe only.");
        }

        foreach (Option option in new Option[] { tolerate, skipBroken })
        {
            command.RefuseIf(
                result => result.IsGiven(option) && result.GetValue(recipe) is null,
                $"{option.Name} goes with --recipe only: without it no sound or face file is read.");
        }

        command.RefuseIf(
            result => !result.IsGiven(list) && result.GetValue(allowMissing), "--allow-missing goes with --trials only.");
        foreach (Option option in new Option[]
        {
            split, positives, transductive, explain, uncertainty,
            manifest, root, recipe, encoders.Voice, encoders.Face, features, eps, minSamples, trials, pictures, full,
        })
        {
            command.RefuseIf(
                result => result.IsGiven(list) && result.IsGiven(option),
                $"{option.Name} does not go with --trials: the list says what is scored.");
        }

        return command.Runs((parsed, cancellationToken) =>
        {
            EmbeddingSet all = EmbeddingFile.Read(parsed.GetValue(embeddings)!);
            if (parsed.GetValue(list) is string path)
            {
                EvaluateTrials(parsed, all, path, cancellationToken);
            }
            else
            {
                EvaluateSplits(parsed, all, cancellationToken);
            }
        });

        void EvaluateTrials(ParseResult parsed, EmbeddingSet all, string path, CancellationToken cancellationToken)
        {
            var options = new TrialOptions
            {
                Metric = metric.ValueOrDefault(parsed),
                AllowMissing = parsed.GetValue(allowMissing),
                Seed = parsed.GetValue(seed),
                DrawCount = parsed.GetValue(draws),
            };
            EmbeddingSet? other = parsed.GetValue(against) is string folder ? EmbeddingFile.Read(folder) : null;
            parsed.Say($"scoring the trials of {path}");
            TrialReport report = TrialEvaluator.Evaluate(all, TrialReader.Read(path), options, other, cancellationToken);
            TrialReportFile.Write(parsed.GetValue(output)!, report);
            Warn(parsed, report.Warnings);
            parsed.Print(json, () => TrialReportFile.Text(report), writer => TrialTables.Print(writer, report));
        }

        void EvaluateSplits(ParseResult parsed, EmbeddingSet all, CancellationToken cancellationToken)
        {
            RankingMetric chosen = metric.ValueOrDefault(parsed);
            SoundReading reading = parsed.Reading(tolerate);
            using RecipeEncoders? opened = parsed.GetValue(recipe) is string named ? encoders.Open(parsed, named) : null;
            var evaluation = new SplitEvaluation
            {
                Split = parsed.GetValue(split),
                Manifest = parsed.GetValue(manifest),
                Root = parsed.GetValue(root),
                Recipe = opened?.Recipe,
                Encoders = opened?.Encoders ?? FrozenEncoders.None,
                Features = parsed.GetValue(features),
                SkipBroken = parsed.GetValue(skipBroken),
                Reading = reading,
                Against = parsed.GetValue(against),
                Transductive = parsed.GetValue(transductive),
                Extras = (parsed.GetValue(explain) ? EvaluationExtras.Explanation : 0)
                    | (parsed.GetValue(uncertainty) ? EvaluationExtras.Uncertainty : 0),
                Metric = chosen,
                Clustering = new ClusteringOptions
                {
                    Eps = parsed.GetValue(eps),
                    MinSamples = parsed.GetValue(minSamples),
                    Metric = chosen.ToDistance(),
                },
                Protocol = new ProtocolOptions
                {
                    Seed = parsed.GetValue(seed),
                    Positives = positives.ValueOrDefault(parsed),
                    TrialsPerProbe = parsed.GetValue(trials),
                    DrawCount = parsed.GetValue(draws),
                },
                ChoosesPositives = !parsed.CommandResult.IsGiven(positives),
                Error = parsed.InvocationConfiguration.Error,
            };
            EvaluationReport report = evaluation.Evaluate(all, cancellationToken);
            parsed.ListTolerated(reading);
            EvaluationFile.Write(parsed.GetValue(output)!, report);
            Warn(parsed, report.Populations.SelectMany(population => population.Warnings));
            if (parsed.GetValue(pictures) is string folder
                && !ResultPictures.WriteEvaluation(report, folder, data: ResultPictures.NameOf(parsed.GetValue(embeddings)!)))
            {
                parsed.InvocationConfiguration.Error.WriteLine("note: no pictures, as there is no metric to draw.");
            }

            parsed.Print(json, () => EvaluationFile.Text(report), writer =>
            {
                EvaluationTables.PrintSummary(writer, report);
                if (parsed.GetValue(full))
                {
                    writer.WriteLine();
                    EvaluationTables.Print(writer, report);
                }
                else
                {
                    writer.WriteLine("--full prints every table.");
                }
            });
        }
    }

    private static void Warn(ParseResult parsed, IEnumerable<string> warnings)
    {
        foreach (string warning in warnings)
        {
            parsed.InvocationConfiguration.Error.WriteLine($"warning: {warning}");
        }
    }
}
