using System.Diagnostics;
using CrossModalVae.Augmentation;
using CrossModalVae.Baselines;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Clusters;
using CrossModalVae.Evaluation;
using CrossModalVae.Manifolds;
using CrossModalVae.Pictures;
using CrossModalVae.Projection;
using CrossModalVae.Scoring;
using CrossModalVae.Synthesis;
using CrossModalVae.Training;

namespace CrossModalVae.Cli.Workflows;

/// <summary>The options of the demo; a null manifest of the real clips takes those that ship beside this program.</summary>
internal sealed record DemoOptions(
    string Folder, SyntheticCorpusOptions Corpus, int? Epochs, string? GridManifest, string? ReferenceFolder, string Device);

/// <summary>
/// Every step with one command: corpus, training, export, embeddings, clusters, rankings, evaluation; the baselines beside it; and the
/// same steps on real clips. Every step is the one that its own verb takes.
/// </summary>
internal sealed class Demo(DemoOptions options, TextWriter error, CancellationToken cancellationToken)
{
    private const string Licence = "none: computed, no real person";

    /// <summary>The file that says which options a demo's folder was made with.</summary>
    internal const string OptionsFile = "options.txt";

    /// <summary>Where the demo's pictures lie, in its folder.</summary>
    internal const string PictureFolder = "pictures";

    /// <summary>Everything of it on one page, in its folder.</summary>
    internal const string ReportFile = "report.html";

    // Of the picture of generated faces.
    private const int GeneratedPeople = 20;

    // What pictures call the corpus.
    private const string Data = "synthetic corpus";

    private static readonly ProtocolOptions Protocol = new();

    internal DemoSummary Run()
    {
        var watch = Stopwatch.StartNew();
        DeviceChoice.Resolve(options.Device);
        RequireSameOptions();

        Step(1, "the synthetic corpus");
        Manifest corpus = Synthesis.Run(options.Corpus, In("corpus"), error, cancellationToken);
        SyntheticTruth truth = SyntheticTruth.Read(corpus.Folder);

        Step(2, "the demo recipe: train, export, embed, evaluate");
        FeatureTable features = Features("demo", corpus); // of every split: training and the linear baseline share them
        EmbeddingSet embeddings = TrainAndEmbed("demo", corpus, features, stopOnCollapse: true, out Recipe recipe);
        StatusWriter.Say(error, "evaluating");
        EvaluationReport evaluation = Evaluator.Evaluate(
            embeddings,
            recipe.Ranking,
            recipe.Clustering,
            Protocol,
            [EvaluationSystem.GenderOracle(), EvaluationSystem.RandomScores(Protocol.Seed), SplitEvaluation.Ceiling(truth)],
            progress: null,
            cancellationToken: cancellationToken);
        EvaluationFile.Write(In("demo-metrics.json"), evaluation);
        StatusWriter.Say(error, "clustering");
        ClusteringRecord clusters = WriteClusters(
            embeddings, recipe.Clustering, In("demo-clusters.json"), In(PictureFolder), "demo-", Data, cancellationToken);
        ClusteringOptions anyDensity = recipe.Clustering with { Method = ClusteringMethod.Hdbscan, Eps = null };
        ClusteringRecord hierarchical = WriteClusters(
            embeddings, anyDensity, In("demo-clusters-hdbscan.json"), In(PictureFolder), "demo-hdbscan-", Data, cancellationToken);
        StatusWriter.Say(error, "ranking and drawing");
        WriteRanking(embeddings, recipe, In("demo-ranking.json"), cancellationToken);
        ResultPictures.WriteEvaluation(evaluation, In(PictureFolder), "demo-", Data);
        DrawManifold(embeddings, recipe);
        RankingPictures.Extremes(embeddings, RetrievalDirection.VoiceToFace, recipe.Ranking, corpus, Data, cancellationToken)
            ?.SaveBoth(In(PictureFolder), "demo-ranking");
        DrawGenerated(embeddings, corpus);
        if (options.ReferenceFolder is string reference)
        {
            Export.Run(In("demo-run"), reference, Description, Licence, Scores(evaluation), cancellationToken);
        }

        Step(3, "the linear baseline: canonical correlation analysis on the same features");
        LinearBaseline baseline = SplitEvaluation.FitLinear(features, cancellationToken);
        DemoRow linear = Score(baseline.Embed(features.Where(clip => clip.Split == CorpusSplit.Test)));

        Step(4, "the report's recipe as it is");
        DemoRow report = Score(TrainAndEmbed("report", corpus, Features("report", corpus), stopOnCollapse: false, out _));

        Step(5, "real clips");
        IReadOnlyList<string> real = new RealClips(options, In, error, cancellationToken).Run(recipe);

        var summary = new DemoSummary
        {
            Linear = linear,
            Report = report,
            Model = new DemoRow(evaluation.VoiceToFace, evaluation.FaceToVoice),
            Ceiling = new DemoRow(
                evaluation.Find(SystemKind.Ceiling, RetrievalDirection.VoiceToFace)!,
                evaluation.Find(SystemKind.Ceiling, RetrievalDirection.FaceToVoice)!),
            Clusters = clusters,
            HierarchicalClusters = hierarchical,
            Seconds = watch.Elapsed.TotalSeconds,
            RealClips = real,
        };
        summary.Write(options.Folder);
        StatusWriter.Say(error, "putting the report together");
        Report.Write(
            In(ReportFile),
            new ReportSources
            {
                Title = "The demo: faces and voices of made-up people",
                Run = In("demo-run"),
                Model = In("demo-model"),
                Evaluations = [In("demo-metrics.json")],
                Embeddings = In("demo-embeddings"),
                Clusters = In("demo-clusters-hdbscan.json"),
                Manifest = corpus.FilePath,
            },
            error,
            cancellationToken);
        return summary;
    }

    // What takes long without a bar of its own then says what it is.
    private void Step(int number, string what)
    {
        error.WriteLine($"{number}/5 {what}");
        StatusWriter.Say(error, what);
    }

    /// <summary>A recipe that ships beside this program.</summary>
    internal static Recipe ShippedRecipe(string name) =>
        RecipeReader.Read(ShippedRecipes.FileOf(name));

    internal static ClusteringRecord WriteClusters(
        EmbeddingSet embeddings,
        ClusteringOptions options,
        string file,
        string pictureFolder,
        string prefix,
        string data,
        CancellationToken cancellationToken)
    {
        EmbeddingSet joint = embeddings.Where(row => row.Modality == Modality.Joint);
        return EmbeddingSteps.WriteClusters(
            joint, Modality.Joint, options, Protocol.Seed, file, pictureFolder, prefix, data, cancellationToken);
    }

    internal static void WriteRanking(EmbeddingSet embeddings, Recipe recipe, string file, CancellationToken cancellationToken)
    {
        int query = Enumerable.Range(0, embeddings.Count).First(i => embeddings.Rows[i].Modality == Modality.Voice);
        EmbeddingSet faces = embeddings.Where(row => row.Modality == Modality.Face);
        IReadOnlyList<RankedMatch> matches = EmbeddingSteps.Rank(embeddings, query, faces, recipe.Ranking);
        var probe = new RankingProbe(embeddings.Rows[query].Identity, embeddings.Rows[query].Clip);
        RankingFile.Write(
            file,
            new Ranking(RetrievalDirection.VoiceToFace, recipe.Ranking.Metric, probe, faces.Count, matches)
            {
                Place = EmbeddingSteps.Places(embeddings, [query], faces, recipe.Ranking, cancellationToken)[0],
            });
    }

    private void DrawManifold(EmbeddingSet embeddings, Recipe recipe)
    {
        EmbeddingSet rows = embeddings.Where(row => row.Modality != Modality.Joint);
        var standard = new TSneOptions();
        var layout = new TSneOptions
        {
            Metric = recipe.Ranking.Metric.ToDistance(),
            Perplexity = Math.Min(standard.Perplexity, rows.Count / 3.0),
        };
        ResultPictures.WriteManifold(
            Projector.Tsne(rows, layout, cancellationToken: cancellationToken), rows, In(PictureFolder), "demo-", Data);
    }

    // Faces that the decoder makes of the voices of people it never met, and the way from a voice to another person's face.
    private void DrawGenerated(EmbeddingSet embeddings, Manifest corpus)
    {
        using ScoringModel loaded = ScoringModel.Load(In("demo-model"));
        var generator = new Generator(loaded);
        var tiles = new GenerationTiles(loaded, generator);
        Dictionary<(string, string), Clip> clips = corpus.Clips.ToDictionary(clip => (clip.Identity, clip.Name));
        int[] people =
        [
            .. Enumerable.Range(0, embeddings.Count).Where(row => embeddings.Rows[row].Modality == Modality.Voice)
                .DistinctBy(row => embeddings.Rows[row].Identity),
        ];
        int[] voices = [.. Enumerable.Range(0, Math.Min(GeneratedPeople, people.Length)).Select(
            i => people[i * people.Length / Math.Min(GeneratedPeople, people.Length)])];
        IReadOnlyList<GeneratedFeatures> decoded = generator.Decode(
            [.. voices.Select(row => embeddings[row].ToArray())], cancellationToken);
        string about = ResultPictures.About(Data, "people never met in training", "posterior means of one voice each");
        TileSheet.Draw(
            [
                .. voices.Zip(decoded, (row, features) => new SheetGroup(
                    embeddings.Rows[row].Identity,
                    [
                        new SheetTile("true face", Face: tiles.Face(corpus, ClipOf(row))) { IsReal = true },
                        tiles.Decoded(features, Modality.Face, "from the voice"),
                    ])),
            ],
            new PictureOptions { Title = "Faces generated from voices", Subtitle = about }).SaveBoth(In(PictureFolder), "demo-generated");

        int from = voices[0], to = Enumerable.Range(0, embeddings.Count).Where(row => embeddings.Rows[row].Modality == Modality.Face)
            .MaxBy(row => embeddings.Rows[row].Gender == embeddings.Rows[from].Gender ? 0 : 1); // of the other gender, where there is one
        IReadOnlyList<SheetGroup> strips = tiles.Strips(
            embeddings[from].ToArray(), embeddings[to].ToArray(), GenerationTiles.StandardSteps, cancellationToken);
        TileSheet.Draw(
            [.. strips],
            new PictureOptions
            {
                Title = $"From the voice of {embeddings.Rows[from].Identity} to the face of {embeddings.Rows[to].Identity}",
                Subtitle = ResultPictures.About(Data, "posterior means, 0 the voice, 1 the face"),
            },
            rowPerGroup: true).SaveBoth(In(PictureFolder), "demo-interpolation");

        Clip ClipOf(int row) => clips[(embeddings.Rows[row].Identity, embeddings.Rows[row].Clip)];
    }

    private string Description =>
        $"the training split of the synthetic corpus of {options.Corpus.Identities} identities x {options.Corpus.ClipsPerIdentity} clips, "
        + $"seed {options.Corpus.Seed} (cmvae corpus synth)";

    private EmbeddingSet TrainAndEmbed(string name, Manifest corpus, FeatureTable features, bool stopOnCollapse, out Recipe used)
    {
        Recipe recipe = ShippedRecipe(name);
        string run = In($"{name}-run");
        var folder = new RunFolder(run);
        bool stopped = !folder.IsFinished && Directory.Exists(folder.CheckpointPath);
        if (!stopped && Directory.Exists(run))
        {
            Directory.Delete(run, recursive: true); // of an earlier demo; an unfinished one is resumed
        }

        (FeatureSource train, FeatureSource validation) = CorpusFeatures.Split(
            features,
            corpus,
            recipe,
            AugmentationSources.Generated,
            store: null,
            skipBroken: false,
            seed: null,
            reading: null,
            FrozenEncoders.None,
            error,
            cancellationToken);
        var trainer = new TrainerOptions
        {
            Device = options.Device,
            Epochs = options.Epochs,
            Resume = stopped,
            StopOnCollapse = stopOnCollapse,
        };
        used = TrainingRun.Run(recipe, train, validation, run, trainer, error, cancellationToken).Recipe;

        string model = In($"{name}-model");
        Export.Run(run, model, Description, Licence, scores: null, cancellationToken);
        return Embed(model, corpus, CorpusSplit.Test, In($"{name}-embeddings"), error, cancellationToken);
    }

    internal static EmbeddingSet Embed(
        string model, Manifest corpus, CorpusSplit? split, string folder, TextWriter error, CancellationToken cancellationToken)
    {
        using ScoringModel loaded = ScoringModel.Load(model);
        var options = new EmbeddingOptions { Split = split, Modalities = [Modality.Voice, Modality.Face, Modality.Joint] };
        return Embedding.Run(loaded, corpus, features: null, options, folder, error, cancellationToken);
    }

    private static Dictionary<string, double> Scores(EvaluationReport evaluation) => new()
    {
        ["test.voice_to_face.auc"] = evaluation.VoiceToFace.Auc.Value,
        ["test.voice_to_face.mrr"] = evaluation.VoiceToFace.MeanReciprocalRank.Value,
        ["test.face_to_voice.auc"] = evaluation.FaceToVoice.Auc.Value,
        ["test.face_to_voice.mrr"] = evaluation.FaceToVoice.MeanReciprocalRank.Value,
    };

    private FeatureTable Features(string name, Manifest corpus) =>
        CorpusFeatures.Get(
            corpus,
            ShippedRecipe(name),
            store: null,
            _ => true,
            skipBroken: false,
            reading: null,
            FrozenEncoders.None,
            error,
            cancellationToken);

    // Without the guard against collapse: a recipe that learns nothing is shown at chance level.
    private DemoRow Score(EmbeddingSet embeddings) => new(
        CrossModalProtocol.Evaluate(embeddings, RetrievalDirection.VoiceToFace, RankingMetric.Cosine, Protocol, cancellationToken),
        CrossModalProtocol.Evaluate(embeddings, RetrievalDirection.FaceToVoice, RankingMetric.Cosine, Protocol, cancellationToken));

    private void RequireSameOptions()
    {
        string file = In(OptionsFile);
        string now =
            $"identities {options.Corpus.Identities}, clips per identity {options.Corpus.ClipsPerIdentity}, seed {options.Corpus.Seed}, "
            + $"epochs {options.Epochs?.ToString(CultureInfo.InvariantCulture) ?? "of the recipes"}";
        if (File.Exists(file) && File.ReadAllText(file) is string before && before != now)
        {
            throw new UserErrorException(
                $"{options.Folder}: holds a demo with other options ({before}); choose another --out, or delete it.");
        }

        AtomicFile.WriteAllText(file, now);
    }

    private string In(string name) => Path.Combine(options.Folder, name);
}
