using CrossModalVae.Cli.Terminal;
using CrossModalVae.Cli.Workflows;
using CrossModalVae.Manifolds;
using CrossModalVae.Projection;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae project</c>: voices and faces in one plane.</summary>
internal static class ProjectVerb
{
    private const string FileName = "projection.json";

    internal static Command Create()
    {
        var standard = new TSneOptions();
        Option<string> embeddings = Options.Embeddings();
        Option<string> output = Options.Out(
            $"The folder for {FileName}, {ManifoldPictures.Name}.svg and {ManifoldPictures.Name}.png.", "DIR");
        Option<ProjectionMethod?> method = Options.Choice<ProjectionMethod>("--method", "t-SNE or principal components. Default tsne.");
        Option<CorpusSplit?> split = Options.Choice<CorpusSplit>("--split", "Only this split's rows. Default all.");
        Option<Modality?> modality = Options.Choice<Modality>(
            "--modality", "Only this modality's rows. Default voices and faces together.");
        Option<DistanceMetric?> metric = Options.Choice<DistanceMetric>("--metric", "What nearness means. Default cosine.");
        Option<double> perplexity = Options.Checked(
            new Option<double>("--perplexity")
            {
                Description = $"About how many neighbours each point attends to (t-SNE). Default {standard.Perplexity}.",
                DefaultValueFactory = _ => standard.Perplexity,
                HelpName = "X",
            },
            value => value > 1 && double.IsFinite(value)
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"--perplexity is {value}; must be above 1."));
        Option<int> iterations = Options.Count(
            "--iterations", "Steps of t-SNE.", standard.IterationCount, standard.ExaggeratedIterationCount);
        Option<long> seed = Options.Seed("Seed of t-SNE's start. Default 1.");
        Option<bool> json = Options.Json();

        var command = new Command("project", "Lay voices and faces out in one plane, by t-SNE or principal components.")
        {
            embeddings, output, method, split, modality, metric, perplexity, iterations, seed, json,
        };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                EmbeddingSet rows = Select(parsed.GetValue(embeddings)!, parsed.GetValue(split), parsed.GetValue(modality));
                var options = new TSneOptions
                {
                    Perplexity = parsed.GetValue(perplexity),
                    IterationCount = parsed.GetValue(iterations),
                    Seed = parsed.GetValue(seed),
                    Metric = parsed.GetValue(metric) ?? DistanceMetric.Cosine,
                };
                ProjectionRecord projection = (parsed.GetValue(method) ?? ProjectionMethod.Tsne) == ProjectionMethod.Tsne
                    ? Tsne(rows, options, parsed.InvocationConfiguration.Error, cancellationToken)
                    : Projector.Pca(rows, options.Metric, cancellationToken);
                string folder = parsed.GetValue(output)!;
                ProjectionFile.Write(Path.Combine(folder, FileName), projection);
                ManifoldPictures.Write(projection, folder);
                TextWriter writer = parsed.InvocationConfiguration.Output;
                if (parsed.GetValue(json))
                {
                    writer.Write(ProjectionFile.Text(projection));
                }
                else
                {
                    writer.WriteLine(Sentence(projection));
                }

                return CommandLine.Done;
            },
            CancellationToken.None));
        return command;
    }

    private static ProjectionRecord Tsne(EmbeddingSet rows, TSneOptions options, TextWriter error, CancellationToken cancellationToken)
    {
        using ProgressBar progress = ProgressBar.Start("t-sne", options.IterationCount, error);
        return Projector.Tsne(rows, options, progress, cancellationToken);
    }

    private static EmbeddingSet Select(string folder, CorpusSplit? split, Modality? modality)
    {
        EmbeddingSet rows = EmbeddingFile.Read(folder).Where(row =>
            (split is null || row.Split == split) && (modality is null ? row.Modality != Modality.Joint : row.Modality == modality));
        if (rows.Count == 0)
        {
            string kind = modality is Modality one ? EnumText.Of(one) : "voice or face";
            string part = split is CorpusSplit some ? $" of split {EnumText.Of(some)}" : "";
            throw new InvalidDataException($"{folder}: has no {kind} rows{part}; expected some.");
        }

        return rows;
    }

    private static string Sentence(ProjectionRecord projection)
    {
        string counts = string.Join(
            ", ",
            projection.Rows.GroupBy(row => row.Modality)
                .OrderBy(group => group.Key)
                .Select(group => $"{group.Count()} {EnumText.Of(group.Key)}"));
        string quality = projection.Method == ProjectionMethod.Tsne
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"perplexity {projection.Perplexity:0.##}, KL divergence {projection.KullbackLeiblerLoss:0.000}")
            : string.Create(CultureInfo.InvariantCulture, $"{projection.ExplainedVarianceRatio:0.0%} of the variance");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{EnumText.Of(projection.Method)} of {counts} rows of {projection.Rows.Select(row => row.Identity).Distinct().Count()} "
            + $"identities: {quality}, trustworthiness {projection.TrustworthinessScore:0.000} (random layout 0.5)");
    }
}
