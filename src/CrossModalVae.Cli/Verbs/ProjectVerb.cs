using CrossModalVae.Cli.Terminal;
using CrossModalVae.Cli.Workflows;
using CrossModalVae.Clusters;
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
        Output output = Options.Out(
            $"The folder for {FileName}, {ResultPictures.ManifoldName}.svg and {ResultPictures.ManifoldName}.png.",
            "DIR",
            FileName,
            $"{ResultPictures.ManifoldName}.svg",
            $"{ResultPictures.ManifoldName}.png");
        Choice<ProjectionMethod> method = new("--method", "t-SNE or principal components.", ProjectionMethod.Tsne);
        Choice<CorpusSplit> split = new("--split", "Only this split's rows. Default: all.");
        Choice<Modality> modality = new("--modality", "Only this modality's rows. Default: voices and faces together.");
        Choice<DistanceMetric> metric = Options.Distance();
        Option<double?> perplexity = Options.OptionalNumber(
            "--perplexity",
            "t-SNE's effective number of neighbours of a point, at most a third of the rows. "
            + Invariant($"Default: {standard.Perplexity}, or where there are fewer rows a third of them."),
            "X",
            new NumberRange(Whole: false, 1, Above: true));
        Option<int> iterations = Options.Count(
            "--iterations", "Steps of t-SNE.", standard.IterationCount, standard.ExaggeratedIterationCount, Options.MostDraws);
        Option<long> seed = Options.Seed("Seed of t-SNE's initial layout.");
        Choice<ProjectionColour> colour = new("--colour", "What the picture colours.", ProjectionColour.Identity);
        Option<string?> clusters = Options.File(
            "--clusters", "With --colour cluster: the clustering that 'cmvae cluster' wrote. Default: HDBSCAN on the rows projected.");
        Option<bool> json = Options.Json();

        var command = new Verb(
            "project",
            "Project voices and faces into one plane, by t-SNE or principal components, and draw it.",
            ("the test people, by t-SNE", "cmvae project --embeddings embeddings/first --split test --out plane"),
            ("by principal components, whose axes mean something", "cmvae project --embeddings embeddings/first --out plane --method pca"))
        {
            embeddings, output, method, split, modality, metric, perplexity, iterations, seed, colour, clusters, json,
        };
        command.RefuseIf(
            result => result.IsGiven(clusters) && result.GetValue(colour) != ProjectionColour.Cluster,
            "--clusters goes with --colour cluster only.");
        return command.Runs((parsed, cancellationToken) =>
        {
            ClusteringRecord? clustering = parsed.GetValue(clusters) is string file ? ClustersFile.Read(file) : null;
            EmbeddingSet rows = Select(parsed.GetValue(embeddings)!, parsed.GetValue(split), parsed.GetValue(modality));
            bool isTsne = method.ValueOrDefault(parsed) == ProjectionMethod.Tsne;
            var options = new TSneOptions
            {
                Perplexity = isTsne
                    ? Perplexity.For(rows.Count, parsed.GetValue(perplexity), parsed.InvocationConfiguration.Error)
                    : standard.Perplexity,
                IterationCount = parsed.GetValue(iterations),
                Seed = parsed.GetValue(seed),
                Metric = metric.ValueOrDefault(parsed),
            };
            parsed.Say($"placing {Counted.Of(rows.Count, "row")}");
            ProjectionRecord projection = isTsne
                ? Tsne(rows, options, parsed.InvocationConfiguration.Error, cancellationToken)
                : Projector.Pca(rows, options.Metric, cancellationToken);
            projection = Projector.Classify(projection, rows, colour.ValueOrDefault(parsed), clustering, cancellationToken);
            string folder = parsed.GetValue(output)!;
            ProjectionFile.Write(Path.Combine(folder, FileName), projection);
            ResultPictures.WriteManifold(projection, rows, folder, data: ResultPictures.NameOf(parsed.GetValue(embeddings)!));
            parsed.Print(json, () => ProjectionFile.Text(projection), writer =>
            {
                writer.WriteLine(Sentence(projection));
                if (projection is { ModalityGapDistance: double gap, RelativeModalityGap: double relative })
                {
                    writer.WriteLine(
                        Invariant($"modality gap: the means of voices and faces are {gap:g3} apart, {relative:0.00} times the spread ")
                        + "within a modality (0: the clouds coincide)");
                }
            });
        });
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
            " and ",
            projection.Rows.GroupBy(row => row.Modality)
                .OrderBy(group => group.Key)
                .Select(group => Counted.Of(group.Count(), $"{EnumText.Of(group.Key)} row")));
        string quality = projection.Method == ProjectionMethod.Tsne
            ? Invariant($"perplexity {projection.Perplexity:0.##}, KL divergence {projection.KullbackLeiblerLoss:0.000}")
            : Invariant($"{projection.ExplainedVarianceRatio:0.0%} of the variance");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{EnumText.Of(projection.Method)} of {counts} of "
            + $"{Counted.Of(projection.Rows.Select(row => row.Identity).Distinct().Count(), "identity")}: "
            + $"{quality}, trustworthiness {projection.TrustworthinessScore:0.000} (random layout 0.5)");
    }
}
