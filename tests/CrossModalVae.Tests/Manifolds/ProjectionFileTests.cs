using CrossModalVae.Analysis.Tests.Projection;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Manifolds;
using CrossModalVae.Numerics;
using CrossModalVae.Projection;

namespace CrossModalVae.Tests.Manifolds;

public sealed class ProjectionFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        EmbeddingSet few = Few(60);
        foreach (ProjectionRecord record in new[]
        {
            Projector.Tsne(few, new TSneOptions { Perplexity = 5, IterationCount = 10, ExaggeratedIterationCount = 5, Seed = 9 }),
            Projector.Pca(few, DistanceMetric.Cosine),
        })
        {
            ProjectionFile.Write(_folder["p.json"], record);

            ProjectionRecord read = ProjectionFile.Read(_folder["p.json"]);

            Assert.Equal(record.Rows, read.Rows);
            Assert.Equal(record with { Rows = [] }, read with { Rows = [] });
            Assert.Equal(ProjectionFile.Text(record), ProjectionFile.Text(read));
        }
    }

    [Fact]
    public void Read_FiguresOfTheOtherMethod_Throws()
    {
        string path = _folder["p.json"];
        string text = ProjectionFile.Text(Projector.Pca(Few(10), DistanceMetric.Euclidean));
        File.WriteAllText(path, text.Replace("\"seed\": null", "\"seed\": 4", StringComparison.Ordinal));

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => ProjectionFile.Read(path));

        Assert.Equal($"{path}: line 6: 'seed' is 4; expected null, as the method is pca.", error.Message);
    }

    [Fact]
    public void Pca_ScikitLearnsCase_PlacesRowsAtTheirScores()
    {
        ProjectionRecord record = Projector.Pca(Few(GoldenProjection.FewCount), DistanceMetric.Euclidean);

        float[] scores = GoldenProjection.Read("pca.scores");
        for (int i = 0; i < GoldenProjection.FewCount; i++)
        {
            Assert.Equal(scores[4 * i], record.Rows[i].X, 1e-4);
            Assert.Equal(scores[(4 * i) + 1], record.Rows[i].Y, 1e-4);
        }
    }

    [Fact]
    public void Pca_EqualRows_Throws()
    {
        EmbeddingSet few = Few(4);
        var equal = new EmbeddingSet(new float[8], 2, few.Rows);

        ArgumentException error = Assert.Throws<ArgumentException>(() => Projector.Pca(equal, DistanceMetric.Euclidean));

        Assert.Equal("All 4 embeddings are equal; there is nothing to lay out. (Parameter 'embeddings')", error.Message);
    }

    private static EmbeddingSet Few(int count) => new(
        GoldenProjection.Points[..(count * GoldenProjection.Dimension)],
        GoldenProjection.Dimension,
        [
            .. Enumerable.Range(0, count).Select(i => new EmbeddingRow
            {
                Identity = $"{i % 7}", Clip = $"{i}", Modality = i % 2 == 0 ? Modality.Voice : Modality.Face, Split = CorpusSplit.Test,
            }),
        ]);
}
