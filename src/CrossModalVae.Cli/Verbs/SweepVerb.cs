using System.Text.Json.Nodes;
using CrossModalVae.Audio;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Cli.Workflows;
using CrossModalVae.Sweeps;
using CrossModalVae.Training;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae sweep</c>: many variants of a recipe, and which is the best.</summary>
internal static class SweepVerb
{
    private const int MostTrials = 100_000;
    private const int StandardTrials = 20;
    private const int StandardEta = 3;

    internal static Command Create()
    {
        Option<string> space = new("--space")
        {
            Description = "The search space (JSON): a recipe, and which of its options take which values.",
            Required = true,
            HelpName = "FILE",
        };
        var corpusFiles = new CorpusOptions();
        Output output = Options.Out(
            "The sweep's folder: results, best recipe, picture, and a run folder a trial.",
            "DIR",
            SweepResults.FileName,
            "recipe.json",
            "sweep.svg",
            "sweep.png",
            "trial-*",
            "features-*");
        Choice<SweepMethod> method = new(
            "--method",
            "Every combination; combinations at random; or these with successive halving: all are trained for few epochs, the best of "
            + "them for more, and so on.",
            SweepMethod.Random);
        Option<int?> trials = Options.OptionalCount(
            "--trials", $"Combinations that are drawn, unless all are tried. Default: {StandardTrials}.", 1, MostTrials);
        Option<int?> folds = Options.OptionalCount(
            "--folds", "Folds over identities for each trial, as in 'train'. Default: the manifest's validation split.", 2, 1000);
        Option<int> eta = Options.Count(
            "--eta", "By which epochs grow and trials shrink from round to round of halving.", StandardEta, 2, 1000);
        Option<int?> fewest = Options.OptionalCount(
            "--min-epochs", "Epochs of halving's first round. Default: the recipe's by the square of --eta.", 1, Options.MostDraws);
        Option<int?> epochs = Options.OptionalCount(
            "--epochs", "Overrides the recipe's number of epochs. Default: the recipe's.", 1, Options.MostDraws);
        Option<long> seed = Options.Seed("Seed of draws and folds; the recipe has that of training.");
        Option<string?> store = Options.File(
            "--features",
            "The feature store that 'cmvae prepare' made of the corpus. Default: one for each front end of the space, in DIR.");
        Option<bool> resume = Options.Resume("Continue where the sweep stopped, to the same results.");
        CheckedText device = Options.TrainingDevice();
        Option<int?> threads = Options.Workers("--threads", "CPU threads.");
        Choice<ToleratedFault> tolerate = Tolerance.Option();
        Option<bool> skipBroken = Options.SkipBroken();
        var encoders = new EncoderOptions();
        var folders = new AugmentationFolders();
        Option<bool> json = Options.Json();

        var command = new Verb(
            "sweep",
            "Train variants of a recipe and compare them on validation people.",
            ("twenty at random", "cmvae sweep --space space.json --manifest corpus/manifest.jsonl --out sweeps/first"),
            (
                "more of them in the same time, each on three folds",
                "cmvae sweep --space space.json --manifest corpus/manifest.jsonl --method halving --trials 40 --folds 3 "
                + "--out sweeps/second"))
        {
            space, corpusFiles.File, corpusFiles.Root, output, method, trials, folds, eta, fewest, epochs, seed, store, tolerate,
            skipBroken, resume, device, threads, folders.Noise, folders.Responses, encoders.Voice, encoders.Face, json,
        };
        command.RefuseIf(
            result => result.IsGiven(trials) && result.GetValue(method) == SweepMethod.Grid,
            "--trials is of drawn trials; --method grid tries every combination.");
        command.RefuseIf(
            result => (result.IsGiven(eta) || result.IsGiven(fewest)) && result.GetValue(method) != SweepMethod.Halving,
            "--eta and --min-epochs are of --method halving.");
        return command.Runs((parsed, cancellationToken) =>
        {
            TextWriter error = parsed.InvocationConfiguration.Error;
            string folder = parsed.GetValue(output)!;
            SweepSpace read = SweepSpace.Read(parsed.GetValue(space)!);
            string file = FileOf(read);
            string? recipeFolder = ShippedRecipes.Names.Contains(read.Recipe) && file == ShippedRecipes.FileOf(read.Recipe)
                ? null
                : Path.GetDirectoryName(Path.GetFullPath(file));
            Recipe start = RecipeReader.Read(file);
            JsonObject document = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
            SweepMethod how = method.ValueOrDefault(parsed);
            bool sweepsEpochs = read.Options.Any(option => option.Path == "training.epochs");
            if (sweepsEpochs && (how == SweepMethod.Halving || parsed.GetValue(epochs) is not null))
            {
                string setter = how == SweepMethod.Halving ? "--method halving" : "--epochs";
                throw new UserErrorException($"{read.FilePath}: has 'training.epochs', which {setter} sets.");
            }

            int whole = parsed.GetValue(epochs) ?? start.Training.Epochs, shrink = parsed.GetValue(eta);
            int first = parsed.GetValue(fewest) ?? Math.Max(1, whole / (shrink * shrink));
            if (how == SweepMethod.Halving && first >= whole)
            {
                throw new UserErrorException(
                    $"--min-epochs is {first}; must be below the {Counted.Of(whole, "epoch")} of a whole training.");
            }

            IReadOnlyList<SweepTrial> drawn = how == SweepMethod.Grid
                ? [.. read.Grid().Take(MostTrials)]
                : read.Draw(parsed.GetValue(trials) ?? StandardTrials, parsed.GetValue(seed));
            var plan = new SweepPlan(how, drawn.Count, whole, first, shrink, parsed.GetValue(folds), parsed.GetValue(seed));
            Recipe[] recipes = [.. drawn.Select(trial => Sweep.RecipeOf(read, document, trial, whole))];
            var options = new TrainerOptions { Device = parsed.GetValue(device)!, Threads = parsed.GetValue(threads) };
            DeviceChoice.Resolve(options.Device);
            SoundReading reading = parsed.Reading(tolerate);
            using FeatureStore? given = parsed.GetValue(store) is string path ? FeatureStore.Open(path) : null;
            foreach (Recipe recipe in recipes)
            {
                using Scoring.Encoders.RecipeEncoders opened = Open(recipe);
                given?.RequireRecipe(opened.Recipe);
            }

            if (!parsed.GetValue(resume))
            {
                output.Clear(folder);
            }

            var sweep = new Sweep
            {
                Space = read,
                Plan = plan,
                Folder = folder,
                Options = options,
                Features = new TrainingFeatures
                {
                    Manifest = corpusFiles.Read(parsed),
                    Sources = folders.Sources(parsed, recipes[0]),
                    SkipBroken = parsed.GetValue(skipBroken),
                    Reading = reading,
                    Encoders = FrozenEncoders.None,
                    Error = error,
                },
                Store = given,
                Open = Open,
            };
            SweepResults results = sweep.Run(drawn, recipes, cancellationToken);
            parsed.ListTolerated(reading);
            if (results.Best is SweepLine best)
            {
                RecipeWriter.Write(Path.Combine(folder, "recipe.json"), recipes[best.Trial.Number - 1]);
                ResultPictures.WriteSweep(results, folder, $"recipe '{start.Name}'");
            }

            string written = Path.Combine(folder, SweepResults.FileName);
            parsed.Print(json, () => File.ReadAllText(written), writer => SweepTables.Print(writer, results));
            return results.Best is null ? CommandLine.Failed : CommandLine.Done;

            Scoring.Encoders.RecipeEncoders Open(Recipe recipe) =>
                encoders.Open(parsed, recipe, recipeFolder, ScoringDevice.Order(options.Device));
        });
    }

    // What lies beside the space comes before a name.
    private static string FileOf(SweepSpace space)
    {
        string beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(space.FilePath))!, space.Recipe);
        return File.Exists(beside) ? beside : ShippedRecipes.Names.Contains(space.Recipe) ? ShippedRecipes.FileOf(space.Recipe)
            : throw new UserErrorException(
                $"{space.FilePath}: 'recipe' is \"{space.Recipe}\"; there is no such file beside it, nor a recipe of this name; the "
                + $"program has {string.Join(", ", ShippedRecipes.Names)}.");
    }
}
