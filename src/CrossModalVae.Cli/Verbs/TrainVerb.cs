using System.Text.Json.Nodes;
using CrossModalVae.Audio;
using CrossModalVae.Augmentation;
using CrossModalVae.Cli.Workflows;
using CrossModalVae.Pipelines;
using CrossModalVae.Pipelines.Encoders;
using CrossModalVae.Training;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae train</c>: a recipe on a corpus, into a run folder.</summary>
internal static class TrainVerb
{
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
            "loss.png");
        Option<string?> features = Options.Features();
        Option<bool> resume = Options.Resume("Continue from the run folder's last finished epoch, to the same numbers.");
        CheckedText device = Options.Device();
        Option<long?> seed = new NumberOption<long?>("--seed", new NumberRange(Whole: true, null))
        {
            Description = "Overrides the recipe's seed. Default: the recipe's.",
            HelpName = "N",
        };
        Option<int?> epochs = Options.OptionalCount(
            "--epochs", "Overrides the recipe's number of epochs. Default: the recipe's.", 1, Options.MostDraws);
        Option<int?> threads = Options.Workers("--threads", "CPU threads.");
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
                "cmvae train --manifest corpus/manifest.jsonl --recipe recipe.json --features corpus.features --out runs/first --resume"))
        {
            corpusFiles.File, corpusFiles.Root, recipe, output, features, tolerate, skipBroken, resume, device, seed, epochs, threads,
            folders.Noise, folders.Responses, encoders.Voice, encoders.Face, json,
        };
        return command.Runs((parsed, cancellationToken) =>
        {
            TextWriter error = parsed.InvocationConfiguration.Error;
            string run = parsed.GetValue(output)!;
            var options = new TrainerOptions
            {
                Device = parsed.GetValue(device)!,
                Seed = parsed.GetValue(seed),
                Epochs = parsed.GetValue(epochs),
                Threads = parsed.GetValue(threads),
                Resume = parsed.GetValue(resume),
            };
            DeviceChoice.Resolve(options.Device); // refuses before minutes of features
            string? prepared = parsed.GetValue(features);
            using RecipeEncoders opened = encoders.Open(
                parsed,
                parsed.GetValue(recipe)!,
                prepared is null ? EncoderOptions.ScoringDevice(options.Device) : ExecutionDevice.Cpu); // a store holds the vectors
            Recipe chosen = opened.Recipe;
            AugmentationSources sources = folders.Sources(parsed, chosen);
            Manifest corpus = corpusFiles.Read(parsed);
            SoundReading reading = parsed.Reading(tolerate);
            using FeatureStore? store = prepared is null ? null : FeatureStore.Open(prepared);
            (FeatureSource train, FeatureSource validation) = Workflows.CorpusFeatures.ForTraining(
                corpus,
                chosen,
                sources,
                store,
                parsed.GetValue(skipBroken),
                options.Seed,
                reading,
                opened.Encoders,
                error,
                cancellationToken);
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
