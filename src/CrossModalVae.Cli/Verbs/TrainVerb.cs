using System.Text.Json.Nodes;
using CrossModalVae.Audio;
using CrossModalVae.Augmentation;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Cli.Workflows;
using CrossModalVae.Models;
using CrossModalVae.Onnx;
using CrossModalVae.Scoring;
using CrossModalVae.Scoring.Encoders;
using CrossModalVae.Training;
using CrossModalVae.Training.Folds;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae train</c>: a recipe on a corpus, into a run folder.</summary>
internal static class TrainVerb
{
    private const int MostFolds = 1000;

    internal static Command Create()
    {
        var corpusFiles = new CorpusOptions();
        Option<string> recipe = Options.Recipe();
        Output output = Options.Out(
            "The run folder: recipe as used, log, checkpoint, weights, metrics, loss curves.",
            "RUN",
            "recipe.json",
            "log.jsonl",
            "checkpoint*",
            "weights.safetensors",
            "metrics.json",
            "loss.svg",
            "loss.png",
            "fold-*",
            "pretraining",
            FoldSummary.FileName);
        Option<string?> store = Options.Features();
        Option<bool> resume = Options.Resume("Continue from the run folder's last finished epoch, to the same numbers.");
        CheckedText device = Options.TrainingDevice();
        Option<long?> seed = new NumberOption<long?>("--seed", new NumberRange(Whole: true, null))
        {
            Description = "Overrides the recipe's seed. Default: the recipe's.",
            HelpName = "N",
        };
        Option<int?> epochs = Options.OptionalCount(
            "--epochs", "Overrides the recipe's number of epochs. Default: the recipe's.", 1, Options.MostDraws);
        Option<int?> threads = Options.Workers("--threads", "CPU threads.");
        Option<int?> folds = Options.OptionalCount(
            "--folds",
            "Cross-validate instead: as many runs as this, in folders fold-1, fold-2, ... of RUN; each person of the training split "
            + "validates one of them. The manifest's validation split takes no part. Default: one run.",
            2,
            MostFolds);
        Option<string?> initial = new("--init-from")
        {
            Description = "What training starts from: the folder of a finished run or of an exported model, whose encoders must have the "
                + "recipe's architecture and front ends; one of a model's encoders (.onnx); or a face-api.onnx of 'cmvae encoder import' "
                + "for a dlib-resnet tower. Default: random weights, or the recipe's pretraining.",
            HelpName = "FROM",
        };
        Option<string?> voices = Options.File(
            "--pretrain-voices", "A manifest whose voices the recipe's pretraining learns from beside the training split. Default: none.");
        Option<string?> faces = Options.File("--pretrain-faces", "The same of faces. Default: none.");
        Choice<ToleratedFault> tolerate = Tolerance.Option();
        Option<bool> skipBroken = Options.SkipBroken();
        var encoders = new EncoderOptions();
        var folders = new AugmentationFolders();
        Option<bool> json = Options.Json();

        var command = new Verb(
            "train",
            "Train a multimodal variational autoencoder on a corpus's training split.",
            ("by a recipe", "cmvae train --manifest corpus/manifest.jsonl --recipe recipe.json --out runs/first"),
            (
                "on prepared features; continues a stopped run",
                "cmvae train --manifest corpus/manifest.jsonl --recipe recipe.json --features corpus.features --out runs/first --resume"),
            (
                "five runs, to compare recipes by more people than one validation split has",
                "cmvae train --manifest corpus/manifest.jsonl --recipe recipe.json --folds 5 --out runs/folds"))
        {
            corpusFiles.File, corpusFiles.Root, recipe, output, store, tolerate, skipBroken, resume, device, seed, epochs, threads, folds,
            initial, voices, faces,
            folders.Noise, folders.Responses, encoders.Voice, encoders.Face, json,
        };
        command.RefuseIf(
            result => result.IsGiven(folds) && result.IsGiven(initial),
            "--init-from is of one run: in folds, people that its run was trained on would validate; leave out --folds.");
        return command.Runs((parsed, cancellationToken) =>
        {
            TextWriter error = parsed.InvocationConfiguration.Error;
            string run = parsed.GetValue(output)!;
            var options = new TrainerOptions
            {
                Device = parsed.GetValue(device)!,
                Threads = parsed.GetValue(threads),
                Resume = parsed.GetValue(resume),
            };
            if (parsed.GetValue(initial) is string from)
            {
                options = ExportedEncoders.IsFor(from)
                    ? options with { StartEncoders = ExportedEncoders.Read(from) }
                    : options with { StartFrom = from };
            }

            DeviceChoice.Resolve(options.Device); // refuses before minutes of features
            string? prepared = parsed.GetValue(store);
            using RecipeEncoders opened = encoders.Open(
                parsed,
                parsed.GetValue(recipe)!,
                prepared is null ? ScoringDevice.Order(options.Device) : DeviceOrder.Cpu); // a store holds the vectors
            Recipe chosen = opened.Recipe with
            {
                Training = opened.Recipe.Training with
                {
                    Seed = parsed.GetValue(seed) ?? opened.Recipe.Training.Seed,
                    Epochs = parsed.GetValue(epochs) ?? opened.Recipe.Training.Epochs,
                },
            };
            if (options.StartEncoders is not null && chosen.Training.EncoderRateShare == 1)
            {
                error.WriteLine(
                    $"note: the layers of {options.StartEncoders.Place} learn at the whole learning rate; for encoders that were trained "
                    + "before, 'encoder_rate_share' 0.1 is usual.");
            }

            AugmentationSources sources = folders.Sources(parsed, chosen);
            Manifest corpus = corpusFiles.Read(parsed);
            SoundReading reading = parsed.Reading(tolerate);
            using FeatureStore? rows = prepared is null ? null : FeatureStore.Open(prepared);
            var features = new TrainingFeatures
            {
                Manifest = corpus,
                Sources = sources,
                Store = rows,
                SkipBroken = parsed.GetValue(skipBroken),
                Reading = reading,
                Encoders = opened.Encoders,
                Error = error,
            };
            if (parsed.GetValue(folds) is int count)
            {
                return CrossValidate(count);
            }

            (FeatureSource train, FeatureSource validation) = features.Splits(chosen, cancellationToken);
            options = options with { PretrainingCorpus = More(validation.Clips.Select(clip => clip.Identity)) };
            parsed.ListTolerated(reading);
            if (!options.Resume)
            {
                output.Clear(run); // --force, or nothing there
            }

            try
            {
                TrainingResult result = TrainingRun.Run(chosen, train, validation, run, options, error, cancellationToken);
                string interval = TrainingRun.Interval(result.Best);
                string brackets = interval.Length > 0 ? "in brackets the 95 % interval" : "too few people for an interval";
                string auc = result.Best.ValidationAuc is double score
                    ? Invariant($", validation AUC {score:0.000}{interval} ")
                        + $"over {Counted.Of(result.ValidationIdentities, "identity")} (chance 0.5; {brackets})"
                    : "";
                parsed.Print(json, Metrics, writer =>
                    writer.WriteLine(
                        $"{run}: kept epoch {result.BestEpoch} of {result.Log.Count}{auc}{Broken.Text(result.Skipped)}"));
                return CommandLine.Done;
            }
            catch (CollapsedPosteriorException e)
            {
                parsed.Print(json, Metrics, _ => { }); // the whole run is written, and its figures say that it has collapsed
                error.WriteLine($"cmvae: {e.Message}");
                return CommandLine.Failed;
            }

            // The clips of the other manifests, without people that the main corpus is validated or tested on.
            FeatureSource? More(IEnumerable<string> validating)
            {
                HashSet<string> keptBack =
                [
                    .. validating.Concat(corpus.Clips.Where(clip => clip.Split != CorpusSplit.Train).Select(clip => clip.Identity)),
                ];
                FeatureSource? all = null;
                foreach ((Modality modality, Option<string?> option) in new[] { (Modality.Face, faces), (Modality.Voice, voices) })
                {
                    if (parsed.GetValue(option) is string file)
                    {
                        FeatureSource own = Workflows.CorpusFeatures.ForPretraining(
                            ManifestReader.Read(file),
                            modality,
                            keptBack,
                            chosen,
                            parsed.GetValue(skipBroken),
                            reading,
                            opened.Encoders,
                            error,
                            cancellationToken);
                        all = all is null ? own : own.Join(all);
                    }
                }

                return all;
            }

            int CrossValidate(int count)
            {
                Func<int, (FeatureSource, FeatureSource)> splits = features.Folds(chosen, count, chosen.Training.Seed, cancellationToken);
                options = options with { PretrainingCorpus = More([]) }; // each fold leaves out its own
                parsed.ListTolerated(reading);
                if (!options.Resume)
                {
                    output.Clear(run);
                }

                IReadOnlyList<(string, FoldResult Result)> results =
                    CrossValidation.Run(chosen, splits, count, run, options, error, cancellationToken);
                var summary = FoldSummary.Of(chosen.Name, chosen.Training.Seed, results);
                string path = Path.Combine(run, FoldSummary.FileName);
                summary.Write(path);
                parsed.Print(json, () => File.ReadAllText(path), writer => FoldTables.Print(writer, summary));
                return results.Any(result => result.Result.Collapse != PosteriorCollapse.None) ? CommandLine.Failed : CommandLine.Done;
            }

            // What the run keeps says what was trained on; which files were tolerated, with their places on this machine, is of this call.
            string Metrics()
            {
                JsonNode metrics = JsonNode.Parse(File.ReadAllText(new RunFolder(run).MetricsPath))!;
                metrics["tolerated"] = new JsonArray([.. reading.Tolerated.Select(file => JsonValue.Create(file))]);
                return metrics.ToJsonString() + "\n";
            }
        });
    }
}
