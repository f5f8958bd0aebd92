using CrossModalVae.Clustering;
using CrossModalVae.Clusters;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;
using CrossModalVae.Metrics;
using CrossModalVae.Numerics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Tests.Evaluation;

public sealed class ResultFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EvaluationFile_WrittenAndRead_IsTheSame()
    {
        EmbeddingSet set = Make();
        var moved = new EmbeddingSet([.. set.Values.Select((value, i) => value + (i % 7 / 5f))], set.Dimension, set.Rows);
        EvaluationReport report = Evaluator.Evaluate(
            set,
            new RankingOptions(),
            new ClusteringOptions { Eps = 0.2, MinSamples = 2 },
            new ProtocolOptions { DrawCount = 50 },
            [
                EvaluationSystem.OfEmbeddings(SystemKind.Against, moved, RankingMetric.Cosine),
                EvaluationSystem.OfIdentities(SystemKind.Ceiling, (voice, face) => voice.Identity == face.Identity ? 1 : 0),
            ]);
        string file = _folder["metrics.json"];

        EvaluationFile.Write(file, report);
        EvaluationReport read = EvaluationFile.Read(file);

        Assert.Equal(report.Options, read.Options);
        Assert.Equal(report.VoiceToFace.Metrics, read.VoiceToFace.Metrics);
        Assert.Equal(report.FaceToVoice.Metrics, read.FaceToVoice.Metrics);
        Assert.Equal(
            report.Populations[0].Differences.Select(difference => difference.Metrics),
            read.Populations[0].Differences.Select(difference => difference.Metrics));
        Assert.Equal(2, read.Populations[0].Differences.Count);
        Assert.Equal(1, read.Find(SystemKind.Ceiling, RetrievalDirection.VoiceToFace)!.Auc.Value);
        RocCurve curve = report.VoiceToFace.Verification!, found = read.VoiceToFace.Verification!;
        Assert.Equal(77, found.FalseAcceptanceRate.Count);
        Assert.Equal(curve.AreaScore, found.AreaScore, 0.005);
        Assert.Equal(report.VoiceToFace.VerificationBand, read.VoiceToFace.VerificationBand);
        Assert.Equal(report.Clustering, read.Clustering);
        Assert.Equal(report.Nearest.Select(n => (n.Probe, n.OwnRank)), read.Nearest.Select(n => (n.Probe, n.OwnRank)));
        Assert.Equal(EvaluationFile.Text(report), EvaluationFile.Text(read));
    }

    [Theory]
    [InlineData("\"low\": [", "\"low\": [0,", "low", "75 rates, as false_acceptance has, not 76")]
    [InlineData("\"true_acceptance\": [", "\"true_acceptance\": [1,", "true_acceptance", "not 76")]
    public void EvaluationFile_CurveOfOtherLength_IsRefused(string before, string after, string place, string expected)
    {
        EvaluationReport report = Evaluator.Evaluate(
            Make(), new RankingOptions(), new ClusteringOptions { Eps = 0.2 }, new ProtocolOptions { DrawCount = 20 });
        EvaluationFile.Write(_folder["m.json"], report);
        string text = File.ReadAllText(_folder["m.json"]);
        int at = text.IndexOf(before, StringComparison.Ordinal);
        File.WriteAllText(_folder["m.json"], string.Concat(text.AsSpan(0, at), after, text.AsSpan(at + before.Length)));

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => EvaluationFile.Read(_folder["m.json"]));

        Assert.Contains(place, e.Message, StringComparison.Ordinal);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EvaluationFile_BandThatFalls_IsReadAsWritten()
    {
        EvaluationReport report = Evaluator.Evaluate(
            Make(), new RankingOptions(), new ClusteringOptions { Eps = 0.2 }, new ProtocolOptions { DrawCount = 0 });
        RocInterval[] band = [new(0.1, 0.5, 0.6), new(0.2, 0.4, 0.7)]; // quantiles at each rate by itself
        PopulationScores population = report.Populations[0];
        DirectionScores[] scores = [population.Systems[0].Scores[0] with { VerificationBand = band }];
        var fallen = report with { Populations = [population with { Systems = [population.Systems[0] with { Scores = scores }] }] };

        EvaluationFile.Write(_folder["m.json"], fallen);

        Assert.Equal(band, EvaluationFile.Read(_folder["m.json"]).Populations[0].Systems[0].Scores[0].VerificationBand);
    }

    [Fact]
    public void RankingFile_WrittenAndRead_IsTheSame()
    {
        EmbeddingSet set = Make();
        IReadOnlyList<RankedMatch> matches = new Ranker(set, RankingMetric.Euclidean).Rank(set[0], 4);
        var ranking = new Ranking(
            RetrievalDirection.FaceToVoice, RankingMetric.Euclidean, new RankingProbe("p0", "c0"), set.Count, matches);
        string file = _folder["ranking.json"];

        RankingFile.Write(file, ranking);
        Ranking read = RankingFile.Read(file);

        Assert.Equal(matches, read.Matches);
        Assert.Equal(ranking with { Matches = [] }, read with { Matches = [] });
    }

    [Fact]
    public void RankingFile_EveryField_IsReadAsWritten()
    {
        var ranking = new Ranking(
            RetrievalDirection.VoiceToFace,
            RankingMetric.GaussianWasserstein,
            new RankingProbe("a", null) { ClipCount = 3, Combination = ProbeCombination.BestScore },
            7,
            [new RankedMatch(1, "b", "1", -0.5) { ClipCount = 4, Probability = 0.75 }])
        {
            Identities = IdentityAggregation.ShrunkenMean with { Shrinkage = 2.5 },
            Place = new RankingPlace(4, 7, 2, 5),
            Calibration = new ScoreCalibration { Slope = 2, Intercept = -1, Prior = 0.1 },
            Filter = new RankingFilter
            {
                Modality = Modality.Face,
                Gender = "f",
                Split = CorpusSplit.Test,
                Nationality = "Peru",
                LeastAge = 20,
                LargestAge = 40,
                Exclude = QueryExclusion.Video,
            },
        };
        string file = _folder["ranking.json"];

        RankingFile.Write(file, ranking);
        Ranking read = RankingFile.Read(file);

        Assert.Equal(ranking.Matches, read.Matches);
        Assert.Equal(ranking with { Matches = [] }, read with { Matches = [] });
    }

    [Fact]
    public void RankingFile_QueryOfNoClipAndNoCombination_IsRefused()
    {
        string file = _folder["ranking.json"];
        RankingFile.Write(file, new Ranking(RetrievalDirection.VoiceToFace, RankingMetric.Cosine, new RankingProbe("a", null), 2, []));

        var e = Assert.Throws<InvalidDataException>(() => RankingFile.Read(file));

        Assert.EndsWith(
            "'query.identity' is \"a\"; expected either 'clip' beside it, or 'combined', as all clips of an identity are probes.",
            e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void RankingFile_RankOutOfOrder_NamesLineAndExpected()
    {
        string file = _folder["ranking.json"];
        RankingFile.Write(
            file,
            new Ranking(
                RetrievalDirection.VoiceToFace,
                RankingMetric.Cosine,
                new RankingProbe("a", "1"),
                2,
                [new RankedMatch(1, "a", "1", 0.5), new RankedMatch(2, "b", "1", 0.25)]));
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"rank\": 2", "\"rank\": 7", StringComparison.Ordinal));

        var e = Assert.Throws<InvalidDataException>(() => RankingFile.Read(file));

        Assert.Equal($"{file}: line 19: 'matches[1].rank' is 7; expected 2, as ranks count from 1.", e.Message);
    }

    [Theory]
    [InlineData(ClusteringMethod.Dbscan)]
    [InlineData(ClusteringMethod.Hdbscan)]
    public void ClustersFile_WrittenAndRead_IsTheSame(ClusteringMethod method)
    {
        ClusteringRecord record = Cluster(method);
        string file = _folder["clusters.json"];

        ClustersFile.Write(file, record);
        ClusteringRecord read = ClustersFile.Read(file);

        Assert.Equal(record.Rows, read.Rows);
        Assert.Equal(record with { Rows = [] }, read with { Rows = [] });
        Assert.All(read.Rows, row =>
            Assert.Equal(method == ClusteringMethod.Hdbscan, row is { IsCore: null, Probability: not null, OutlierScore: not null }));
        Assert.Equal(method == ClusteringMethod.Hdbscan, read.Options.Eps is null);
    }

    [Fact]
    public void ClustersFile_CountThatRowsDoNotHave_IsRefused()
    {
        string file = _folder["clusters.json"];
        ClusteringRecord record = Cluster(ClusteringMethod.Dbscan);
        ClustersFile.Write(file, record with { Scores = record.Scores with { ClusterCount = 77 } });

        var e = Assert.Throws<InvalidDataException>(() => ClustersFile.Read(file));

        Assert.Contains("cluster_count", e.Message, StringComparison.Ordinal);
        Assert.Contains("77", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ClusteringScores_NoiseCountedAndLeftOut_AreBoth()
    {
        // Two people in two clusters, and one point of each that is noise.
        float[] values = [0, 1, 2, 10, 11, 12, 100, 200];
        var set = new EmbeddingSet(values, 1, [.. values.Select((_, i) => new EmbeddingRow
        {
            Identity = i is < 3 or 6 ? "one" : "other",
            Clip = $"c{i}",
            Modality = Modality.Voice,
            Split = CorpusSplit.Test,
        })]);
        var options = new ClusteringOptions { Eps = 1, MinSamples = 2, Metric = DistanceMetric.Euclidean };

        ClusteringScores scores = ClusteringScores.Compute(set, options.Fit(values, 8, 1), options.Metric, seed: 1);

        Assert.Equal((2, 2, 0.25), (scores.IdentityCount, scores.ClusterCount, scores.NoiseShare));
        Assert.Equal(7 / 8.0, scores.NoiseAsCluster.Agreement.PurityScore);
        Assert.Equal(1, scores.NoiseLeftOut!.Agreement.AdjustedRandScore);
        Assert.InRange(scores.NoiseLeftOut.SilhouetteScore!.Value, 0.8, 1);
        Assert.True(scores.NoiseAsCluster.SilhouetteScore < scores.NoiseLeftOut.SilhouetteScore);
    }

    [Fact]
    public void ClusteringScores_AllNoise_HasNoneWithoutIt()
    {
        EmbeddingSet set = Make().Where(row => row.Modality == Modality.Voice);
        var options = new ClusteringOptions { Method = ClusteringMethod.Hdbscan, MinClusterSize = 1000 };

        ClusteringScores scores = ClusteringScores.Compute(set, options.Fit(set.Values, set.Count, set.Dimension), options.Metric, seed: 1);

        Assert.Null(scores.NoiseLeftOut);
        Assert.Null(scores.NoiseAsCluster.SilhouetteScore);
        Assert.Equal(1, scores.NoiseShare);
    }

    private static ClusteringRecord Cluster(ClusteringMethod method)
    {
        EmbeddingSet set = Make().Where(row => row.Modality == Modality.Voice);
        var options = new ClusteringOptions
        {
            Method = method,
            Eps = method == ClusteringMethod.Dbscan ? 0.1 : null,
            MinSamples = 2,
            MinClusterSize = method == ClusteringMethod.Dbscan ? 5 : 3,
            Selection = method == ClusteringMethod.Dbscan ? ClusterSelection.Eom : ClusterSelection.Leaf,
        };
        return ClusteringRecord.Create(Modality.Voice, options, set, options.Fit(set.Values, set.Count, set.Dimension), seed: 1);
    }

    private static EmbeddingSet Make()
    {
        var values = new List<float>();
        var rows = new List<EmbeddingRow>();
        for (int p = 0; p < 12; p++)
        {
            var person = SeededRandom.For(3, $"person {p}");
            double[] centre = [.. Enumerable.Range(0, 6).Select(_ => person.NextGaussian())];
            for (int c = 0; c < 3; c++)
            {
                foreach (Modality modality in (Modality[])[Modality.Voice, Modality.Face, Modality.Joint])
                {
                    values.AddRange(centre.Select(x => (float)(x + (0.2 * person.NextGaussian()))));
                    rows.Add(new EmbeddingRow { Identity = $"p{p}", Clip = $"c{c}", Modality = modality, Split = CorpusSplit.Test });
                }
            }
        }

        return new EmbeddingSet([.. values], 6, rows);
    }
}
