using CrossModalVae.Calibration;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Clusters;
using CrossModalVae.Evaluation;
using CrossModalVae.Faces;
using CrossModalVae.Manifolds;
using CrossModalVae.Models;
using CrossModalVae.Pictures;
using CrossModalVae.Training;
using Spectre.Console;

namespace CrossModalVae.Cli.Workflows;

/// <summary>What a report is made of: any of these, at least one.</summary>
internal sealed record ReportSources
{
    /// <summary>The page's name; null for one made of what was read.</summary>
    internal string? Title { get; init; }

    /// <summary>A run folder.</summary>
    internal string? Run { get; init; }

    /// <summary>A model folder.</summary>
    internal string? Model { get; init; }

    /// <summary>Files of metrics, in order.</summary>
    internal IReadOnlyList<string> Evaluations { get; init; } = [];

    /// <summary>A calibration file.</summary>
    internal string? Calibration { get; init; }

    /// <summary>An embedding folder.</summary>
    internal string? Embeddings { get; init; }

    /// <summary>Only this split's embeddings; null for all.</summary>
    internal CorpusSplit? Split { get; init; }

    /// <summary>A clusters file.</summary>
    internal string? Clusters { get; init; }

    /// <summary>The corpus, whose faces the page then shows.</summary>
    internal string? Manifest { get; init; }

    /// <summary>The folder of the manifest's paths; null for its own.</summary>
    internal string? Root { get; init; }
}

/// <summary>
/// Puts a run, a model, evaluations, clusters and rankings on one page. What the verbs print is what it says; pictures are drawn anew from
/// the files.
/// </summary>
internal sealed class Report(ReportSources sources, TextWriter error, CancellationToken cancellationToken)
{
    private const int ClustersShown = 12;
    private const int FacesOfCluster = 10;

    // An SVG of more is a picture of pixels instead: browsers take seconds over tens of thousands of shapes.
    private const int LargestSvg = 1 << 20;

    private readonly ModelCard? _card = sources.Model is string model ? ModelCardReader.Read(model) : null;

    /// <summary>Writes the page, whole or not at all.</summary>
    internal static void Write(string path, ReportSources sources, TextWriter error, CancellationToken cancellationToken) =>
        AtomicFile.WriteAllText(path, new Report(sources, error, cancellationToken).ToPage().ToHtml());

    private ReportPage ToPage()
    {
        EvaluationReport[] evaluations = [.. sources.Evaluations.Select(EvaluationFile.Read)];
        RunFolder? run = sources.Run is string folder ? new RunFolder(folder) : null;
        Manifest? manifest = sources.Manifest is string file ? ManifestReader.Read(file, sources.Root) : null;
        EmbeddingSet? rows = sources.Embeddings is string embeddings ? Rows(embeddings) : null;
        ClusteringRecord? clusters = sources.Clusters is string clustersFile ? ClustersFile.Read(clustersFile) : null;
        Recipe? recipe = _card?.Recipe ?? (run is not null && File.Exists(run.RecipePath) ? RecipeReader.Read(run.RecipePath) : null);

        var sections = new List<ReportSection>();
        Add("summary", "Summary", page => Summary(page, evaluations));
        Add("model", "The model", Model);
        Add("training", "Training", page => Training(page, run));
        for (int i = 0; i < evaluations.Length; i++)
        {
            EvaluationReport evaluation = evaluations[i];
            string name = evaluations.Length == 1 ? "" : $" {i + 1}: {sources.Evaluations[i]}";
            Add($"evaluation-{i + 1}", $"Evaluation{name}", page => Evaluation(page, evaluation));
        }

        Add("calibration", "Calibration", Calibration);
        Add("manifold", "Voices and faces in one plane", page => Manifold(page, rows, recipe));
        Add("clusters", "Clusters", page => Clusters(page, clusters, manifest));
        Add("rankings", "Best and worst rankings", page => Rankings(page, rows, manifest, recipe, evaluations));
        Add("making", "How it was made", page => Making(page, recipe, run));
        string subject = _card?.Name ?? recipe?.Name ?? "";
        string title = sources.Title ?? (subject.Length > 0 ? $"Faces and voices: {subject}" : "Faces and voices");
        return new ReportPage(title, About(manifest), sections, $"{CommandLine.ProgramName} {ProgramVersion.Own}");

        void Add(string id, string name, Action<PageWriter> write)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var page = new PageWriter();
            write(page);
            if (page.Items.Count > 0)
            {
                sections.Add(new ReportSection(id, name, page.Items));
            }
        }
    }

    private string About(Manifest? manifest)
    {
        IEnumerable<string?> read =
        [
            sources.Run, sources.Model, .. sources.Evaluations, sources.Calibration, sources.Embeddings, sources.Clusters, sources.Manifest,
        ];
        string people = manifest is null
            ? "It shows no face."
            : $"It shows faces of people of {Path.GetFileName(manifest.FilePath)}: hand it on only where these may be.";
        return $"Made of {string.Join(", ", read.OfType<string>())}. {people}";
    }

    private EmbeddingSet Rows(string folder)
    {
        EmbeddingSet rows = EmbeddingFile.Read(folder)
            .Where(row => row.Modality != Modality.Joint && (sources.Split is null || row.Split == sources.Split));
        string part = sources.Split is CorpusSplit split ? $" of split {EnumText.Of(split)}" : "";
        return rows.Count > 0
            ? rows
            : throw UserError.Mark(new InvalidDataException($"{folder}: has no voice or face rows{part}; expected some."));
    }

    private static void Summary(PageWriter page, EvaluationReport[] evaluations)
    {
        foreach (EvaluationReport evaluation in evaluations)
        {
            EvaluationTables.PrintSummary(page, evaluation);
            foreach (string warning in GenderOnly(evaluation))
            {
                page.WriteLine($"warning: {warning}");
            }
        }
    }

    // What the summary says of people of the same gender, where it is nothing.
    private static IEnumerable<string> GenderOnly(EvaluationReport evaluation)
    {
        const double Chance = 0.5;
        DirectionScores[] same =
        [
            .. Enum.GetValues<RetrievalDirection>()
                .Select(way => evaluation.Populations[0].Systems[0].Find(Stratum.Gender, way)).OfType<DirectionScores>(),
        ];
        if (same.Any(scores => scores.Auc.Interval is { Low: <= Chance }))
        {
            yield return "nothing beyond gender is shown: among people of the same gender an interval of the AUC reaches 0.5, which is "
                + "chance.";
        }
    }

    private void Model(PageWriter page)
    {
        if (_card is not ModelCard card)
        {
            return;
        }

        if (card.Description.Length > 0)
        {
            page.WriteLine(card.Description);
        }

        if (card.Collapse != PosteriorCollapse.None)
        {
            page.WriteLine($"warning: collapsed posteriors ({EnumText.Of(card.Collapse)}): such embeddings carry nothing.");
        }

        Table table = Tables.Start(["", ""]);
        table.Row("name", card.Name);
        table.Row("trained on", $"{card.Data.Description}; {card.Data.Identities} people, {card.Data.Clips} clips");
        table.Row("licence of the data", card.Data.Licence ?? "not stated");
        table.Row("recipe", $"{card.Recipe.Name}, SHA-256 {card.RecipeHash}");
        table.Row("weights", $"SHA-256 {card.WeightsHash}");
        table.Row("precision", card.Precision is { } less ? EnumText.Of(less.Kind) : "float32");
        table.Row(
            "graphs against the trainer",
            Invariant($"at most {card.Parity.Measured.Max(one => one.LargestError):0.0e+0} apart ")
            + Invariant($"(limit {card.Parity.Tolerance:0.0e+0}), {card.Parity.Runtime}"));
        foreach ((string name, double value) in card.Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal))
        {
            table.Row($"measured: {name}", Invariant($"{value:0.###}"));
        }

        table.Row("intended use", card.IntendedUse);
        table.Row("must not be used for", card.Misuse);
        Tables.Write(page, table);
        Table graphs = Tables.Start(["graph", "inputs", "outputs", "SHA-256"]);
        foreach (ModelCardFile file in card.Files)
        {
            graphs.Row(file.File, Shapes(file.Inputs), Shapes(file.Outputs), file.Sha256);
        }

        Tables.Write(page, graphs);
        foreach (string note in card.Notes)
        {
            page.WriteLine($"note: {note}");
        }

        static string Shapes(IReadOnlyList<ModelCardTensor> tensors) =>
            string.Join(", ", tensors.Select(tensor => $"{tensor.Name} [{string.Join(", ", tensor.Shape.Select(Size))}]"));

        static string Size(int? size) => size?.ToString(CultureInfo.InvariantCulture) ?? "N";
    }

    private static void Training(PageWriter page, RunFolder? run)
    {
        if (run is null)
        {
            return;
        }

        IReadOnlyList<EpochLog> log = RunLog.Read(run.LogPath);
        if (log.Count == 0)
        {
            throw UserError.Mark(new InvalidDataException($"{run.LogPath}: has no epoch; expected a run that has finished one."));
        }

        if (run.IsFinished)
        {
            RunSummary summary = RunSummary.Read(run.MetricsPath);
            page.WriteLine(
                $"{Counted.Of(summary.TrainingIdentities, "person")} and {Counted.Of(summary.TrainingClips, "clip")} in training; "
                + $"the weights of epoch {summary.BestEpoch} of {log.Count} were kept.");
            if (summary.ValidationAuc is double auc)
            {
                Interval? interval = summary.ValidationAucInterval is (double low, double high) ? new Interval(low, high) : null;
                string people = summary.ValidationIdentities is int count ? $", {Counted.Of(count, "person")}" : "";
                page.WriteLine($"Validation AUC {PopulationTables.Text(auc, interval)}, chance 0.500{people}.");
            }

            foreach (string note in summary.Notes)
            {
                page.WriteLine($"note: {note}");
            }
        }
        else
        {
            page.WriteLine($"warning: the run has not finished; it has {Counted.Of(log.Count, "epoch")}.");
        }

        page.Add(Drawn(ResultPictures.Losses(run), "Every term of the objective over the epochs, in training and validation."));
    }

    private void Evaluation(PageWriter page, EvaluationReport evaluation)
    {
        string data = sources.Embeddings is string folder ? ResultPictures.NameOf(folder) : "";
        foreach (PopulationScores population in evaluation.Populations)
        {
            PopulationTables.Print(page, population, evaluation.Options);
            foreach ((string name, Picture picture) in ResultPictures.Evaluation(evaluation, population, data))
            {
                page.Add(Drawn(picture, Caption(name)));
            }
        }

        if (evaluation.Clustering.Count > 0)
        {
            ClusteringTables.Print(page, evaluation.Clustering);
        }
    }

    private static string Caption(string name) => name.Split('-')[^1] switch
    {
        "roc" => "Verification: receiver operating characteristic, voices against faces.",
        "det" => "Verification: detection error tradeoff, on normal deviate scales.",
        "matching" => "Matching: the share of trials whose right one of N scores highest, with chance.",
        _ => "Confidence: the error among the most confident answers, over the share of answers that are kept.",
    };

    private void Calibration(PageWriter page)
    {
        if (sources.Calibration is not string file)
        {
            return;
        }

        CalibrationReport calibration = CalibrationFile.Read(file);
        CalibrationTables.Print(page, calibration);
        CalibrationTables.Warn(page, calibration);
        page.Add(Drawn(ResultPictures.Reliability(calibration), "Reliability: how often pairs given a probability are the same person."));
    }

    private void Manifold(PageWriter page, EmbeddingSet? rows, Recipe? recipe)
    {
        if (rows is null || rows.Count < 2 || Numerics.Rows.AllEqual(rows.Values, rows.Dimension))
        {
            return;
        }

        DistanceMetric metric = (recipe?.Ranking.Metric ?? RankingMetric.Cosine).ToDistance();
        StatusWriter.Say(error, $"placing {Counted.Of(rows.Count, "row")}");
        ProjectionRecord plane = ClusterPictures.Plane(rows, metric, cancellationToken);
        bool hasGender = rows.Rows.Any(row => row.Gender is not null);
        ProjectionColour colour = hasGender ? ProjectionColour.Gender : ProjectionColour.Identity;
        plane = Projector.Classify(plane, rows, colour, null, cancellationToken);
        string data = ResultPictures.NameOf(sources.Embeddings!);
        page.Add(Drawn(
            ResultPictures.Manifold(plane, rows, data),
            $"Voices and faces by {(plane.Method == ProjectionMethod.Tsne ? "t-SNE" : "principal components")}"
            + (hasGender ? ", coloured by gender." : ", coloured by person.")));
    }

    private static void Clusters(PageWriter page, ClusteringRecord? clusters, Manifest? manifest)
    {
        if (clusters is null)
        {
            return;
        }

        ClusteringTables.Print(page, clusters);
        IGrouping<int, ClusteredRow>[] largest =
        [
            .. clusters.Rows.Where(row => row.Cluster >= 0).GroupBy(row => row.Cluster)
                .OrderByDescending(cluster => cluster.Count()).ThenBy(cluster => cluster.Key).Take(ClustersShown),
        ];
        if (largest.Length == 0)
        {
            page.WriteLine("note: every row is noise; there is no cluster to show.");
            return;
        }

        Table table = Tables.Start(["cluster", "most often"], "rows", "people", "share of the most frequent person");
        foreach (IGrouping<int, ClusteredRow> cluster in largest)
        {
            IGrouping<string, ClusteredRow> most = MostOften(cluster);
            table.Row(
                Tables.Number(cluster.Key),
                most.Key,
                Tables.Number(cluster.Count()),
                Tables.Number(cluster.Select(row => row.Identity).Distinct(StringComparer.Ordinal).Count()),
                Tables.Percent((double)most.Count() / cluster.Count()));
        }

        page.Add(new PageItem("heading") { Text = $"The largest of {Counted.Of(clusters.Scores.ClusterCount, "cluster")}" });
        Tables.Write(page, table);
        if (manifest is not null && ClusterFaces(largest, manifest) is Picture faces)
        {
            page.Add(Drawn(faces, "Faces of the clips in the largest clusters; the caption is the person."));
        }
    }

    private static IGrouping<string, ClusteredRow> MostOften(IEnumerable<ClusteredRow> cluster) => cluster
        .GroupBy(row => row.Identity, StringComparer.Ordinal)
        .OrderByDescending(person => person.Count()).ThenBy(person => person.Key, StringComparer.Ordinal).First();

    private static Picture? ClusterFaces(IEnumerable<IGrouping<int, ClusteredRow>> clusters, Manifest manifest)
    {
        var faces = new ClipFaces(manifest);
        SheetGroup[] groups =
        [
            .. clusters.Select(cluster => new SheetGroup(
                    $"cluster {cluster.Key}, {Counted.Of(cluster.Count(), "row")}",
                    [.. Spread([.. cluster]).Select(Tile).OfType<SheetTile>()]))
                .Where(group => group.Tiles.Count > 0),
        ];
        return groups.Length == 0 ? null : TileSheet.Draw(groups, new PictureOptions { Title = "" }, rowPerGroup: true);

        SheetTile? Tile(ClusteredRow row) => faces.Middle(row.Identity, row.Clip) is string path
            ? new SheetTile(row.Identity, Face: FaceImage.Load(path))
            : null;

        // Evenly over a cluster's rows, so that its people are seen as they are mixed.
        static IEnumerable<ClusteredRow> Spread(ClusteredRow[] rows)
        {
            int shown = Math.Min(FacesOfCluster, rows.Length);
            return Enumerable.Range(0, shown).Select(i => rows[i * rows.Length / shown]);
        }
    }

    private void Rankings(
        PageWriter page, EmbeddingSet? rows, Manifest? manifest, Recipe? recipe, EvaluationReport[] evaluations)
    {
        if (rows is null || manifest is null)
        {
            return;
        }

        StatusWriter.Say(error, "ranking");
        RankingOptions options = recipe?.Ranking
            ?? new RankingOptions { Metric = evaluations.FirstOrDefault()?.Metric ?? RankingMetric.Cosine };
        foreach (RetrievalDirection direction in Enum.GetValues<RetrievalDirection>())
        {
            string data = ResultPictures.NameOf(sources.Embeddings!);
            if (RankingPictures.Extremes(rows, direction, options, manifest, data, cancellationToken) is Picture picture)
            {
                string asking = direction == RetrievalDirection.VoiceToFace
                    ? "voices and the faces"
                    : "faces and the voices (shown as their people)";
                page.Add(Drawn(picture, $"Three {asking} nearest to them: where the right person stands best, in the middle, and worst."));
            }
        }
    }

    private void Making(PageWriter page, Recipe? recipe, RunFolder? run)
    {
        Table table = Tables.Start(["", "version"]);
        foreach ((string name, string version) in ProgramVersion.All)
        {
            table.Row(name, version);
        }

        Tables.Write(page, table);
        if (recipe is not null)
        {
            page.Add(new PageItem("fold") { Source = $"The recipe '{recipe.Name}', as used", Text = RecipeWriter.Text(recipe) });
        }

        string manifest = Quoted(sources.Manifest ?? "MANIFEST"), folder = Quoted(sources.Run ?? "RUN");
        string model = Quoted(sources.Model ?? "MODEL"), embeddings = Quoted(sources.Embeddings ?? "EMBEDDINGS");
        string used = Quoted(run is null ? "recipe.json" : Path.Combine(sources.Run!, Path.GetFileName(run.RecipePath)));
        string[] commands =
        [
            .. recipe is null ? [] : new[]
            {
                $"cmvae train --manifest {manifest} --recipe {used} --out {folder}",
                $"cmvae export --run {folder} --out {model}",
            },
            .. recipe is null && sources.Embeddings is null
                ? []
                : new[] { $"cmvae embed --manifest {manifest} --model {model} --out {embeddings}" },
            .. sources.Evaluations.Select(file => $"cmvae evaluate --embeddings {embeddings} --manifest {manifest} --out {Quoted(file)}"),
            .. sources.Clusters is string clusters ? new[] { $"cmvae cluster --embeddings {embeddings} --out {Quoted(clusters)}" } : [],
            .. sources.Calibration is string calibration
                ? new[] { $"cmvae calibrate --embeddings {embeddings} --out {Quoted(calibration)}" }
                : [],
        ];
        if (commands.Length > 0)
        {
            page.WriteLine("To make it again (options that were given beside these are in the files' own fields):");
            page.Add(new PageItem("code") { Text = string.Join('\n', commands) });
        }
    }

    // For a shell, where a name needs it.
    private static string Quoted(string path) =>
        path.All(letter => char.IsAsciiLetterOrDigit(letter) || "/._-+:@%".Contains(letter, StringComparison.Ordinal))
            ? path
            : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static PageItem Drawn(Picture picture, string caption)
    {
        byte[] svg = System.Text.Encoding.UTF8.GetBytes(picture.ToSvg());
        byte[]? png = svg.Length > LargestSvg ? picture.ToPng() : null;
        bool isSvg = png is null || png.Length > svg.Length;
        string data = Convert.ToBase64String(isSvg ? svg : png!);
        return new PageItem("picture")
        {
            Text = caption,
            Source = $"data:image/{(isSvg ? "svg+xml" : "png")};base64,{data}",
            Width = (int)Math.Round(picture.Width),
        };
    }
}
