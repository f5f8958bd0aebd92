using CrossModalVae.Clusters;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;
using CrossModalVae.Numerics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Tests.Evaluation;

/// <summary>Transductive scores: which clusters they take, and the means over them.</summary>
public sealed class TransductiveTests : IDisposable
{
    private const double FloatTolerance = 1e-6; // a mean of cosines, rounded to single precision once

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_TightGroups_AreTheClusters()
    {
        (float[] values, int[] people) = Groups(12, 4, spread: 0.05);

        SetClusters found = SetClusters.Find(values, 16, default);

        Assert.Equal((12, 48), found.Shared);
        Assert.All(
            from i in Enumerable.Range(0, 48) from j in Enumerable.Range(0, 48) select (i, j),
            pair => Assert.Equal(people[pair.i] == people[pair.j], found.Labels[pair.i] == found.Labels[pair.j]));
    }

    [Fact]
    public void Find_RowsInAnyOrder_AreInTheSameClusters()
    {
        (float[] values, _) = Groups(10, 3, spread: 0.25);
        int[] order = [.. Enumerable.Range(0, 30)];
        new SeededRandom(4).Shuffle(order.AsSpan());
        float[] shuffled = [.. order.SelectMany(row => values.AsSpan(row * 16, 16).ToArray())];

        int[] labels = SetClusters.Find(values, 16, default).Labels;
        int[] others = SetClusters.Find(shuffled, 16, default).Labels;

        Assert.Equal(order.Select(row => labels[row]), others); // the same numbers even: clusters are numbered by values
    }

    [Fact]
    public void Find_NothingNearerThanTheRest_LeavesEveryRowAlone()
    {
        float[] axes = [.. Enumerable.Range(0, 8 * 8).Select(i => i / 8 == i % 8 ? 1f : 0f)];

        SetClusters found = SetClusters.Find(axes, 8, default);

        Assert.Equal((0, 0), found.Shared);
        Assert.Equal(8, found.Labels.Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Find_FewRows_AreAlone(int count) => Assert.Equal(
        count, SetClusters.Find([.. Enumerable.Range(1, 4 * count).Select(i => (float)(i * i % 7))], 4, default).Labels.Distinct().Count());

    [Theory]
    [InlineData(RankingMetric.Cosine)]
    [InlineData(RankingMetric.Euclidean)]
    public void Scores_AreTheMeansOverPairsOfClusters(RankingMetric metric)
    {
        EmbeddingSet set = NormalPeople.Draw(15, 4, noise: 0.3);
        EmbeddingSet voices = set.Where(row => row.Modality == Modality.Voice), faces = set.Where(row => row.Modality == Modality.Face);
        SetClusters own = SetClusters.Find(voices.Values, voices.Dimension, default);
        SetClusters others = SetClusters.Find(faces.Values, faces.Dimension, default);
        Assert.InRange(own.Shared.ClusterCount, 2, 30); // else the oracle shows nothing

        float[][] scores = Scores(EvaluationSystem.Transductive(set, metric), voices, faces);

        for (int i = 0; i < voices.Count; i++)
        {
            for (int j = 0; j < faces.Count; j++)
            {
                double expected = (
                    from a in Enumerable.Range(0, voices.Count)
                    where own.Labels[a] == own.Labels[i]
                    from b in Enumerable.Range(0, faces.Count)
                    where others.Labels[b] == others.Labels[j]
                    select Score(metric, voices[a], faces[b])).Average();
                Assert.Equal(expected, scores[i][j], 10 * FloatTolerance);
            }
        }
    }

    [Fact]
    public void Scores_LabelsShuffled_AreTheSameBits()
    {
        EmbeddingSet set = NormalPeople.Draw(15, 4, noise: 0.4);
        int[] order = [.. Enumerable.Range(0, 60)];
        new SeededRandom(9).Shuffle(order.AsSpan());
        EmbeddingRow[] names =
        [
            .. set.Rows.Select((row, i) => row with { Identity = $"x{order[i / 2] % 15}", Clip = $"y{order[i / 2]}", Gender = null }),
        ];
        var other = new EmbeddingSet(set.Values, set.Dimension, names);

        float[][] scores = Scores(
            EvaluationSystem.Transductive(set, RankingMetric.Cosine), Of(set, Modality.Voice), Of(set, Modality.Face));
        float[][] again = Scores(
            EvaluationSystem.Transductive(other, RankingMetric.Cosine), Of(other, Modality.Voice), Of(other, Modality.Face));

        Assert.Equal(scores, again);

        static EmbeddingSet Of(EmbeddingSet set, Modality modality) => set.Where(row => row.Modality == modality);
    }

    [Fact]
    public void Evaluate_PeopleFormClusters_GivesBothAndTheirDifference()
    {
        EmbeddingSet set = NormalPeople.Draw(30, 5, noise: 0.5);
        // A bridge that blurs: the model sees the faces through noise of its own, the features are as they were.
        var random = new SeededRandom(3);
        var blurred = new EmbeddingSet(
            [
                .. set.Values.Select((x, i) => set.Rows[i / set.Dimension].Modality == Modality.Face
                    ? (float)(x + (2 * random.NextGaussian()))
                    : x),
            ],
            set.Dimension,
            set.Rows);

        EvaluationReport report = Evaluate(blurred, EvaluationSystem.Transductive(
            blurred, RankingMetric.Cosine, faces: set.Where(row => row.Modality == Modality.Face)));

        PopulationScores scores = report.Populations[0];
        Assert.True(scores.Transductive!.Face.FromFeatures);
        Assert.False(scores.Transductive.Voice.FromFeatures);
        Assert.InRange(scores.Transductive.Face.ClusteredCount, 100, 150);
        foreach (RetrievalDirection direction in Enum.GetValues<RetrievalDirection>())
        {
            MetricDifference difference = scores.Differences.Single(one => one.Against == SystemKind.Transductive
                && one.Stratum == Stratum.Everybody && one.Direction == direction).Metrics[EvaluationMetric.Auc];
            double inductive = scores.Systems[0].Find(Stratum.Everybody, direction)!.Auc.Value;
            double transductive = scores.Find(SystemKind.Transductive)!.Find(Stratum.Everybody, direction)!.Auc.Value;
            Assert.True(transductive > inductive + 0.03);
            Assert.Equal(inductive - transductive, difference.Value);
            Assert.True(difference.Interval!.Value.High < 0);
        }

        Assert.Contains(report.Summary, line => line.StartsWith("Transductive (means over clusters of this set's voices and faces, "));
        string path = _folder["metrics.json"];
        EvaluationFile.Write(path, report);
        Assert.Equal(scores.Transductive, EvaluationFile.Read(path).Populations[0].Transductive);
    }

    [Fact]
    public void Evaluate_NoClusters_GivesTheInductiveFiguresAndSaysSo()
    {
        // Every voice and every face on an axis of its own but for a little of each: one clip a person.
        var rows = new List<EmbeddingRow>();
        var values = new List<float>();
        for (int person = 0; person < 12; person++)
        {
            foreach (Modality modality in (Modality[])[Modality.Voice, Modality.Face])
            {
                rows.Add(new EmbeddingRow { Identity = $"p{person:D2}", Clip = "c", Modality = modality, Split = CorpusSplit.Test });
                values.AddRange(Enumerable.Range(0, 24).Select(d => d == person ? 0.3f : d == 12 + person && modality == Modality.Voice
                    ? 1f : d == (person + 1) % 12 && modality == Modality.Face ? 1f : 0f));
            }
        }

        var set = new EmbeddingSet([.. values], 24, rows);

        EvaluationReport report = Evaluate(set, EvaluationSystem.Transductive(set, RankingMetric.Cosine));

        PopulationScores scores = report.Populations[0];
        Assert.True(scores.Transductive!.AreNone);
        foreach (RetrievalDirection direction in Enum.GetValues<RetrievalDirection>())
        {
            Assert.Equal(
                scores.Systems[0].Find(Stratum.Everybody, direction)!.Metrics,
                scores.Find(SystemKind.Transductive)!.Find(Stratum.Everybody, direction)!.Metrics);
        }

        Assert.Contains(
            "Transductive (means over clusters of this set's voices and faces): no cluster stands out, so these are the inductive figures "
            + "above.",
            report.Summary);
    }

    private static EvaluationReport Evaluate(EmbeddingSet set, EvaluationSystem system) => Evaluator.Evaluate(
        set,
        new RankingOptions(),
        new ClusteringOptions { Eps = 0.2, MinSamples = 2 },
        new ProtocolOptions
        {
            DrawCount = 100,
            Positives = set.Rows.Select(row => row.Clip).Distinct().Count() == 1 ? PositiveClips.Own : PositiveClips.Other,
        },
        [system]);

    private static float[][] Scores(EvaluationSystem system, EmbeddingSet probes, EmbeddingSet gallery)
    {
        GalleryScorer scorer = system.Scorer(RetrievalDirection.VoiceToFace, probes.Rows, gallery.Rows);
        float[][] scores = [.. Enumerable.Range(0, probes.Count).Select(_ => new float[gallery.Count])];
        for (int probe = 0; probe < probes.Count; probe++)
        {
            scorer(probe, scores[probe]);
        }

        return scores;
    }

    private static double Score(RankingMetric metric, ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        double dot = 0, own = 0, theirs = 0, square = 0;
        for (int d = 0; d < one.Length; d++)
        {
            dot += (double)one[d] * other[d];
            own += (double)one[d] * one[d];
            theirs += (double)other[d] * other[d];
            square += ((double)one[d] - other[d]) * ((double)one[d] - other[d]);
        }

        return metric == RankingMetric.Cosine ? dot / Math.Sqrt(own * theirs) : -Math.Sqrt(square);
    }

    private static (float[] Values, int[] People) Groups(int count, int size, double spread)
    {
        var random = new SeededRandom(7);
        var values = new List<float>();
        var people = new List<int>();
        for (int person = 0; person < count; person++)
        {
            double[] centre = [.. Enumerable.Range(0, 16).Select(_ => random.NextGaussian())];
            for (int i = 0; i < size; i++)
            {
                values.AddRange(centre.Select(x => (float)(x + (spread * random.NextGaussian()))));
                people.Add(person);
            }
        }

        return ([.. values], [.. people]);
    }
}
