using CrossModalVae.Clustering;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Tests.Evaluation;

public sealed class ResultFileTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("cmvae-results-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void EvaluationFile_WrittenAndRead_IsTheSame()
    {
        EvaluationReport report = Evaluator.Evaluate(
            Make(), new RankingOptions(), new ClusteringOptions { Eps = 0.2, MinSamples = 2 }, new ProtocolOptions(), (voice, face) => voice == face ? 1 : 0);
        string file = Path.Combine(_root, "metrics.json");

        EvaluationFile.Write(file, report);
        EvaluationReport read = EvaluationFile.Read(file);

        Assert.Equal(report.VoiceToFace with { Curves = null }, read.VoiceToFace);
        Assert.Equal(report.FaceToVoice with { Curves = null }, read.FaceToVoice);
        Assert.Equal(1, read.VoiceToFaceCeiling!.Auc.Value);
        Assert.Equal(report.Clustering, read.Clustering);
        Assert.Equal(report.Nearest.Select(n => (n.Probe, n.OwnRank)), read.Nearest.Select(n => (n.Probe, n.OwnRank)));
        Assert.Equal(EvaluationFile.Text(report), EvaluationFile.Text(read));
    }

    [Fact]
    public void RankingFile_WrittenAndRead_IsTheSame()
    {
        EmbeddingSet set = Make();
        IReadOnlyList<RankedMatch> matches = new Ranker(set, DistanceMetric.Euclidean).Rank(set[0], 4);
        var ranking = new Ranking(RetrievalDirection.FaceToVoice, DistanceMetric.Euclidean, new ClipKey("p0", "c0"), set.Count, matches);
        string file = Path.Combine(_root, "ranking.json");

        RankingFile.Write(file, ranking);
        Ranking read = RankingFile.Read(file);

        Assert.Equal(matches, read.Matches);
        Assert.Equal(ranking with { Matches = [] }, read with { Matches = [] });
    }

    [Fact]
    public void RankingFile_RankOutOfOrder_NamesLineAndExpected()
    {
        string file = Path.Combine(_root, "ranking.json");
        RankingFile.Write(
            file,
            new Ranking(RetrievalDirection.VoiceToFace, DistanceMetric.Cosine, new ClipKey("a", "1"), 2, [new RankedMatch(1, "a", "1", 0.5), new RankedMatch(2, "b", "1", 0.25)]));
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"rank\": 2", "\"rank\": 7", StringComparison.Ordinal));

        var e = Assert.Throws<InvalidDataException>(() => RankingFile.Read(file));

        Assert.Equal($"{file}: line 18: 'matches[1].rank' is 7; expected 2, as ranks count from 1.", e.Message);
    }

    [Fact]
    public void ClustersFile_WrittenAndRead_IsTheSame()
    {
        EmbeddingSet set = Make().Where(row => row.Modality == Modality.Voice);
        var options = new DbscanOptions { Eps = 0.1, MinSamples = 2 };
        var record = ClusteringRecord.Create(Modality.Voice, options, set.Rows, new Dbscan(options).Fit(set.Values, set.Count, set.Dimension));
        string file = Path.Combine(_root, "clusters.json");

        ClustersFile.Write(file, record);
        ClusteringRecord read = ClustersFile.Read(file);

        Assert.Equal(record.Rows, read.Rows);
        Assert.Equal(record with { Rows = [] }, read with { Rows = [] });
    }

    [Fact]
    public void ClustersFile_CountThatRowsDoNotHave_IsRefused()
    {
        EmbeddingSet set = Make().Where(row => row.Modality == Modality.Voice);
        var options = new DbscanOptions { Eps = 0.1, MinSamples = 2 };
        string file = Path.Combine(_root, "clusters.json");
        ClustersFile.Write(file, ClusteringRecord.Create(Modality.Voice, options, set.Rows, new Dbscan(options).Fit(set.Values, set.Count, set.Dimension)) with { ClusterCount = 77 });

        var e = Assert.Throws<InvalidDataException>(() => ClustersFile.Read(file));

        Assert.Contains("cluster_count", e.Message, StringComparison.Ordinal);
        Assert.Contains("77", e.Message, StringComparison.Ordinal);
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
