using System.Text.Json.Nodes;
using CrossModalVae.Calibration;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Evaluation;
using CrossModalVae.Manifolds;
using CrossModalVae.Metrics;
using CrossModalVae.Pictures;
using CrossModalVae.Sweeps;
using CrossModalVae.Training;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Draws results, each picture as SVG and PNG in a folder; file names begin with the prefix.</summary>
internal static class ResultPictures
{
    internal const string ManifoldName = "manifold";

    // A distance between curves, of an axis from 0 to 1, that nobody sees.
    private const double Invisible = 1e-6;

    private static readonly SystemKind[] Drawn =
    [
        SystemKind.Model, SystemKind.Transductive, SystemKind.Against, SystemKind.Linear, SystemKind.GenderOracle, SystemKind.Ceiling,
    ];

    /// <summary>loss, in the run's folder.</summary>
    internal static void WriteLosses(RunFolder run) => Losses(run).SaveBoth(run.FolderPath, "loss");

    /// <summary>Every term of the objective over a run's epochs, and the validation AUC.</summary>
    internal static Picture Losses(RunFolder run)
    {
        IReadOnlyList<EpochLog> log = RunLog.Read(run.LogPath);
        LossCurve[] curves =
        [
            Term("loss", terms => terms.TotalLoss),
            .. Encoder("from voice", terms => terms.FromVoice),
            .. Encoder("from face", terms => terms.FromFace),
            Term("alignment", terms => terms.AlignmentTerm),
            Term("contrast", terms => terms.ContrastTerm),
            .. log.SelectMany(line => line.Train.Terms?.Keys ?? []).Distinct(StringComparer.Ordinal)
                .Select(name => Term(name, terms => terms.Terms?.GetValueOrDefault(name))),
            new LossCurve("validation AUC, chance 0.5", [], [.. log.Select(line => line.ValidationAuc)]),
        ];
        int? kept = log.LastOrDefault(line => line.Best)?.Epoch;
        return LossPicture.Draw(
            [.. curves.Where(curve => curve.Train.Concat(curve.Validation).Any(value => value is not null))], kept, Options());

        PictureOptions Options() => new() { Subtitle = Training(run) };

        LossCurve Term(string name, Func<LossTerms, double?> term) =>
            new(name, [.. log.Select(line => term(line.Train))], [.. log.Select(line => term(line.Validation))]);

        // The two modalities' reconstructions where the log has them, else their sum.
        IEnumerable<LossCurve> Encoder(string name, Func<LossTerms, EncoderTerms> encoder) =>
        [
            Term($"{name}: face reconstruction", terms => encoder(terms).FaceReconstruction),
            Term($"{name}: voice reconstruction", terms => encoder(terms).VoiceReconstruction),
            .. log.Any(line => encoder(line.Train).FaceReconstruction is not null || encoder(line.Train).VoiceReconstruction is not null)
                ? Array.Empty<LossCurve>()
                : [Term($"{name}: reconstruction", terms => encoder(terms).Reconstruction)],
            Term($"{name}: KL", terms => encoder(terms).Kl),
        ];
    }

    /// <summary>sweep: the score of every trial over the values of each option.</summary>
    internal static void WriteSweep(SweepResults results, string folder, string data)
    {
        SweepLine[] lines = [.. results.Lines.Where(line => line is { Fault: null, Last.Score: not null })];
        int whole = lines.Max(line => line.Last!.Epochs);
        SweepMark[] marks =
            [.. lines.Select(line => new SweepMark(line.Last!.Score!.Value, line.Last.StandardError, line.Last.Epochs == whole))];
        SweepPanel[] panels = [.. lines[0].Trial.Options.Index().Select(option => Panel(option.Item, option.Index))];
        int failed = results.Lines.Count - lines.Length;
        string about = About(
            data,
            Counted.Of(results.Lines.Count, "trial"),
            failed == 0 ? "" : $"{failed} without a score",
            "score: AUC by identity, smoothed over epochs");
        int best = Array.FindIndex(lines, line => line.Trial == results.Best?.Trial);
        SweepPicture.Draw(panels, marks, best < 0 ? null : best, new PictureOptions { Subtitle = about }).SaveBoth(folder, "sweep");

        SweepPanel Panel(SweepOption option, int index)
        {
            JsonNode?[] values = [.. lines.Select(line => line.Trial.Values[index])];
            if (values.All(value => value?.GetValueKind() == System.Text.Json.JsonValueKind.Number))
            {
                double[] numbers = [.. values.Select(value => value!.GetValue<double>())];
                bool isLog = option.Values is null
                    ? option.Scale == SweepScale.Log
                    : numbers.Min() > 0 && numbers.Max() > 20 * numbers.Min();
                return new SweepPanel(option.Path, isLog ? SweepAxis.Log : SweepAxis.Linear, numbers, []);
            }

            string[] words = [.. (option.Values ?? []).Select(SweepTrial.Shown)];
            return new SweepPanel(
                option.Path, SweepAxis.Words, [.. values.Select(value => (double)Array.IndexOf(words, SweepTrial.Shown(value)))], words);
        }
    }

    /// <summary>Parts of a subtitle; empty ones are left out.</summary>
    internal static string About(params IEnumerable<string> parts) => string.Join(" · ", parts.Where(part => part.Length > 0));

    /// <summary>What a subtitle calls the data in a folder: its name, and that of the folder around it where it says no more.</summary>
    internal static string NameOf(string folder)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string name = Path.GetFileName(full);
        return name == "embeddings" && Path.GetFileName(Path.GetDirectoryName(full)) is { Length: > 0 } parent
            ? $"{parent}/{name}"
            : name;
    }

    /// <summary>People, clips and splits of some rows, for a subtitle.</summary>
    internal static string Describe(EmbeddingSet rows) => Describe(
        rows.Rows.Select(row => row.Identity).Distinct(StringComparer.Ordinal).Count(),
        rows.Rows.Select(row => (row.Identity, row.Clip)).Distinct().Count(),
        [.. rows.Rows.Select(row => row.Split).Distinct().Order()]);

    private static string Describe(int people, int clips, params CorpusSplit[] splits) => About(
        $"{Counted.Of(people, "person")}, {Counted.Of(clips, "clip")}",
        splits.Length == Enum.GetValues<CorpusSplit>().Length
            ? "all splits"
            : $"{string.Join(" and ", splits.Select(EnumText.Of))} {(splits.Length == 1 ? "split" : "splits")}");

    private static string Training(RunFolder run)
    {
        string recipe = File.Exists(run.RecipePath) ? $"recipe '{RecipeReader.Read(run.RecipePath).Name}'" : "";
        if (!File.Exists(run.MetricsPath))
        {
            return recipe;
        }

        RunSummary summary = RunSummary.Read(run.MetricsPath);
        return About(recipe, $"{summary.TrainingClips} training clips of {summary.TrainingIdentities} people");
    }

    /// <summary>roc, det and matching; of identities seen in training in files of their own.</summary>
    /// <returns>Whether there was a metric to draw.</returns>
    internal static bool WriteEvaluation(EvaluationReport report, string folder, string prefix = "", string data = "")
    {
        bool hasDrawn = false;
        foreach ((string name, Picture picture) in report.Populations.SelectMany(population => Evaluation(report, population, data)))
        {
            picture.SaveBoth(folder, prefix + name);
            hasDrawn = true;
        }

        return hasDrawn;
    }

    /// <summary>
    /// The curves of one population, by name; none where it has too few people for a metric, and no curve of trials where an older file of
    /// metrics has none.
    /// </summary>
    internal static IEnumerable<(string Name, Picture Picture)> Evaluation(
        EvaluationReport report, PopulationScores population, string data)
    {
        bool seen = population.Population == Population.SeenHeard && report.Populations.Count > 1;
        string name = seen ? $"{EnumText.Of(population.Population)}-" : "";
        (string Name, DirectionScores Scores)[] systems =
        [
            .. Drawn.Select(population.Find).OfType<SystemScores>().SelectMany(system => Enum.GetValues<RetrievalDirection>()
                .Select(direction => (Name: Name(system, direction, population), Scores: system.Find(Stratum.Everybody, direction)))
                .Where(system => system.Scores is not null)
                .Select(system => (system.Name, system.Scores!))),
        ];
        if (systems.Length == 0)
        {
            yield break;
        }

        RocSeries[] trials = [.. Drawn.Select(population.Find).OfType<SystemScores>().SelectMany(system => Curves(system, population))];
        string about = About(
            data, Describe(population.IdentityCount, population.ClipCount, population.Split), EnumText.Of(report.Metric));
        var options = new PictureOptions { Subtitle = seen ? About(about, "seen in training") : about };
        if (trials.Length > 0)
        {
            yield return (name + "roc", RocPicture.Draw(trials, options));
            yield return (name + "det", DetPicture.Draw(trials, options));
        }

        yield return (
            name + "matching",
            MatchingPicture.Draw([.. systems.Select(system => new MatchingSeries(system.Name, Points(system.Scores)))], options));
        foreach (UncertaintyScores scores in population.Uncertainty.Where(scores => scores.Confidences.All(one => one.Curve.Count > 0)))
        {
            string task = scores.Task == SelectiveTask.OneOfTwo ? "matching 1 of 2" : "nearest neighbour";
            string arrow = scores.Direction == RetrievalDirection.VoiceToFace ? "voice → face" : "face → voice";
            yield return (
                $"{name}risk-{EnumText.Of(scores.Task)}-{EnumText.Of(scores.Direction)}",
                RiskCoveragePicture.Draw(
                    [
                        .. scores.Confidences.Select(
                            one => new RiskCoverageSeries(EnumText.Of(one.Kind).Replace('-', ' '), one.Curve, one.Area)),
                    ],
                    scores.Risk,
                    options with { Subtitle = About(task, arrow, options.Subtitle) }));
        }

        // Where every pair is scored, both directions have the same trials, and one curve would hide the other.
        static IEnumerable<RocSeries> Curves(SystemScores system, PopulationScores population)
        {
            (RetrievalDirection? Direction, DirectionScores Scores)[] curves =
            [
                .. Enum.GetValues<RetrievalDirection>()
                    .Select(direction => ((RetrievalDirection?)direction, system.Find(Stratum.Everybody, direction)!))
                    .Where(curve => curve.Item2 is { Verification: not null }),
            ];
            if (curves is [var first, var second] && Coincide(first.Scores.Verification!, second.Scores.Verification!))
            {
                curves = [(null, first.Scores)];
            }

            return curves.Select(curve => new RocSeries(Name(system, curve.Direction, population), curve.Scores.Verification!)
            {
                Band =
                [
                    .. curve.Scores.VerificationBand.Select(at => new RocBandPoint(at.FalseAcceptanceRate, at.Low, at.High)),
                ],
                Auc = curve.Scores.Auc.Value,
                AucInterval = curve.Scores.Auc.Interval is (double low, double high) ? (low, high) : null,
                EqualErrorRate = curve.Scores.EqualErrorRate.Value,
            });
        }

        static bool Coincide(RocCurve one, RocCurve other) =>
            one.FalseAcceptanceRate.Count == other.FalseAcceptanceRate.Count
            && Near(one.FalseAcceptanceRate, other.FalseAcceptanceRate)
            && Near(one.TrueAcceptanceRate, other.TrueAcceptanceRate);

        static bool Near(IReadOnlyList<double> one, IReadOnlyList<double> other) =>
            one.Zip(other).All(pair => Math.Abs(pair.First - pair.Second) < Invisible);

        static string Name(SystemScores system, RetrievalDirection? direction, PopulationScores population)
        {
            string arrow = direction switch
            {
                RetrievalDirection.VoiceToFace => "voice → face",
                RetrievalDirection.FaceToVoice => "face → voice",
                _ => "voice ↔ face",
            };
            string people = system.IdentityCount == population.IdentityCount ? "" : $" ({system.IdentityCount} people)";
            return system.Kind == SystemKind.Model ? arrow : $"{PopulationTables.Name(system.Kind)}{people}, {arrow}";
        }

        static MatchingPoint[] Points(DirectionScores scores) =>
        [
            .. Enumerable.Range(
                    EvaluationMetrics.SmallestMatching, EvaluationMetrics.LargestMatching - EvaluationMetrics.SmallestMatching + 1)
                .Select(n => (Count: n, Accuracy: scores.MatchingAccuracy(n)))
                .Where(point => point.Accuracy is not null)
                .Select(point =>
                    new MatchingPoint(point.Count, point.Accuracy!.Value, point.Accuracy.Interval?.Low, point.Accuracy.Interval?.High)),
        ];
    }

    /// <summary>How often pairs that a calibration gives a probability are the same person.</summary>
    internal static Picture Reliability(CalibrationReport report, string data = "")
    {
        string about = About(
            data,
            $"{report.People.Count} people",
            $"{report.TargetCount} target and {report.TrialCount - report.TargetCount} non-target pairs",
            $"{EnumText.Of(report.Split)} split",
            $"{EnumText.Of(report.Direction)}, {EnumText.Of(report.Metric)}",
            Invariant($"ECE {report.After.ExpectedCalibrationError:0.000}{(report.IsHeldOut ? ", people held out" : "")}"));
        return ReliabilityPicture.Draw(report.Reliability, new PictureOptions { Subtitle = about });
    }

    /// <summary>manifold: voices and faces in one plane, in the colours of the projection's classes.</summary>
    internal static void WriteManifold(
        ProjectionRecord projection, EmbeddingSet rows, string folder, string prefix = "", string data = "") =>
        Manifold(projection, rows, data).SaveBoth(folder, prefix + ManifoldName);

    /// <summary>The same, not saved.</summary>
    internal static Picture Manifold(ProjectionRecord projection, EmbeddingSet rows, string data)
    {
        string gap = projection.RelativeModalityGap is double relative ? Invariant($"modality gap {relative:0.00} spreads") : "";
        Modality[] kinds = [.. projection.Rows.Select(row => row.Modality).Distinct().Order()];
        string title = string.Join(" and ", kinds.Select(kind => kind == Modality.Joint ? "joint embeddings" : $"{EnumText.Of(kind)}s"));
        return Manifold(
            projection, char.ToUpperInvariant(title[0]) + title[1..], About(data, Describe(rows), Layout(projection), gap));
    }

    /// <summary>A projection's rows in the colours of their classes.</summary>
    internal static Picture Manifold(ProjectionRecord projection, string title, string about)
    {
        bool named = projection.Method == ProjectionMethod.Pca; // t-SNE's axes have no meaning
        bool classed = projection.Colour != ProjectionColour.Identity;
        string none = projection.Colour == ProjectionColour.Cluster ? "in no cluster" : "not known";
        return ManifoldPicture.Draw(
            [
                .. projection.Rows.Select(row => new ManifoldPoint(row.X, row.Y, classed ? row.Class ?? none : row.Identity, row.Modality)
                {
                    IsUnclassed = classed && row.Class is null,
                }),
            ],
            xLabel: named ? "first principal component" : "",
            yLabel: named ? "second principal component" : "",
            options: new PictureOptions { Title = title, Subtitle = about },
            noun: projection.Colour switch
            {
                ProjectionColour.Gender => ("gender", "genders"),
                ProjectionColour.Split => ("split", "splits"),
                ProjectionColour.Cluster => ("cluster", "clusters"),
                _ => null,
            });
    }

    /// <summary>How rows were laid out, for a subtitle.</summary>
    internal static string Layout(ProjectionRecord projection) => projection.Method == ProjectionMethod.Tsne
        ? Invariant($"t-SNE, {EnumText.Of(projection.Metric)}, perplexity {projection.Perplexity:0.##}")
        : Invariant($"principal components, {EnumText.Of(projection.Metric)}, {projection.ExplainedVarianceRatio:0.0%} of the variance");
}
