using CrossModalVae.Cli.Terminal;
using CrossModalVae.Clustering;
using CrossModalVae.Clusters;
using CrossModalVae.Evaluation;
using CrossModalVae.Manifolds;
using CrossModalVae.Pictures;
using CrossModalVae.Training;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Draws results, each picture as SVG and PNG in a folder; file names begin with the prefix.</summary>
internal static class ResultPictures
{
    internal const string ManifoldName = "manifold";

    private static readonly SystemKind[] Drawn =
        [SystemKind.Model, SystemKind.Against, SystemKind.Linear, SystemKind.GenderOracle, SystemKind.Ceiling];

    /// <summary>loss: every term of the objective over a run's epochs, and the validation AUC, in the run's folder.</summary>
    internal static void WriteLosses(RunFolder run)
    {
        IReadOnlyList<EpochLog> log = RunLog.Read(run.LogPath);
        LossCurve[] curves =
        [
            Term("loss", terms => terms.TotalLoss),
            .. Encoder("from voice", terms => terms.FromVoice),
            .. Encoder("from face", terms => terms.FromFace),
            Term("alignment", terms => terms.AlignmentTerm),
            Term("contrast", terms => terms.ContrastTerm),
            new LossCurve("validation AUC, chance 0.5", [], [.. log.Select(line => line.ValidationAuc)]),
        ];
        int? kept = log.LastOrDefault(line => line.Best)?.Epoch;
        LossPicture.Draw([.. curves.Where(curve => curve.Train.Concat(curve.Validation).Any(value => value is not null))], kept)
            .SaveBoth(run.FolderPath, "loss");

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

    /// <summary>k-distance: the curve of DBSCAN's rows with the eps in use; HDBSCAN has none, and nothing is written.</summary>
    internal static void WriteKDistance(
        EmbeddingSet rows, ClusteringOptions options, string folder, string prefix, CancellationToken cancellationToken)
    {
        if (options.Eps is double eps)
        {
            double[] curve = KDistance.Curve(
                rows.Values, rows.Count, rows.Dimension, options.MinSamples, options.Metric, cancellationToken);
            KDistancePicture.Draw(curve, options.MinSamples, eps).SaveBoth(folder, prefix + "k-distance");
        }
    }

    /// <summary>roc, det and matching; of identities seen in training in files of their own.</summary>
    internal static void WriteEvaluation(EvaluationReport report, string folder, string prefix = "")
    {
        foreach (PopulationScores population in report.Populations)
        {
            bool seen = population.Population == Population.SeenHeard && report.Populations.Count > 1;
            string name = seen ? $"{prefix}{EnumText.Of(population.Population)}-" : prefix;
            (string Name, DirectionScores Scores)[] systems =
            [
                .. Drawn.Select(population.Find).OfType<SystemScores>().SelectMany(system => Enum.GetValues<RetrievalDirection>()
                    .Select(direction => (Name: Name(system, direction, population), Scores: system.Find(Stratum.Everybody, direction)))
                    .Where(system => system.Scores is not null)
                    .Select(system => (system.Name, system.Scores!))),
            ];
            if (systems.Length == 0)
            {
                continue; // too few people for a metric
            }

            RocSeries[] trials =
            [
                .. systems.Select(system => new RocSeries(system.Name, system.Scores.Verification!)
                {
                    Band = [.. system.Scores.VerificationBand.Select(at => new RocBandPoint(at.FalseAcceptanceRate, at.Low, at.High))],
                    AucInterval = system.Scores.Auc.Interval is (double low, double high) ? (low, high) : null,
                }),
            ];
            RocPicture.Draw(trials).SaveBoth(folder, name + "roc");
            DetPicture.Draw(trials).SaveBoth(folder, name + "det");
            MatchingPicture.Draw([.. systems.Select(system => new MatchingSeries(system.Name, Points(system.Scores)))])
                .SaveBoth(folder, name + "matching");
        }

        static string Name(SystemScores system, RetrievalDirection direction, PopulationScores population)
        {
            string arrow = direction == RetrievalDirection.VoiceToFace ? "voice → face" : "face → voice";
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

    /// <summary>manifold: voices and faces in one plane.</summary>
    internal static void WriteManifold(ProjectionRecord projection, string folder, string prefix = "")
    {
        bool named = projection.Method == ProjectionMethod.Pca; // t-SNE's axes have no meaning
        ManifoldPicture.Draw(
            [.. projection.Rows.Select(row => new ManifoldPoint(row.X, row.Y, row.Identity, row.Modality))],
            xLabel: named ? "first principal component" : "",
            yLabel: named ? "second principal component" : "").SaveBoth(folder, prefix + ManifoldName);
    }

    /// <summary>ranking: the contact sheet of rankings; its photographs are the middle frames of the clips.</summary>
    internal static void WriteRankings(
        Manifest manifest,
        RetrievalDirection direction,
        IReadOnlyList<(ClipKey Query, IReadOnlyList<RankedMatch> Matches)> rankings,
        int galleryCount,
        string folder,
        string prefix = "")
    {
        Dictionary<(string, string), Clip> clips = manifest.Clips.ToDictionary(clip => (clip.Identity, clip.Name));
        (Modality modality, string arrow) = direction == RetrievalDirection.VoiceToFace
            ? (Modality.Voice, "Voice → face")
            : (Modality.Face, "Face → voice");
        RankingSheetRow[] rows =
        [
            .. rankings.Select(ranking => new RankingSheetRow(
                new RankingSheetProbe(ranking.Query.Identity, modality, Face(ranking.Query.Identity, ranking.Query.Clip)),
                [
                    .. ranking.Matches.Select(
                        match => new RankingSheetMatch(match.Rank, match.Identity, match.Score, Face(match.Identity, match.Clip))),
                ])),
        ];
        string of = rankings.Any(ranking => ranking.Matches.Any(match => match.ClipCount is not null)) ? "identities among" : "of";
        string title = $"{arrow}: the nearest {rows.Max(row => row.Matches.Count)} {of} {Counted.Of(galleryCount, "clip")}";
        RankingSheet.Draw(rows, new PictureOptions { Title = title }).SaveBoth(folder, prefix + "ranking");

        string? Face(string identity, string name)
        {
            if (!clips.TryGetValue((identity, name), out Clip? clip))
            {
                throw new InvalidDataException(
                    $"{manifest.FilePath}: has no clip '{identity}/{name}'; expected every clip of the embeddings.");
            }

            IReadOnlyList<string> faces = manifest.FacePaths(clip);
            return faces.Count == 0 ? null : faces[faces.Count / 2];
        }
    }
}
