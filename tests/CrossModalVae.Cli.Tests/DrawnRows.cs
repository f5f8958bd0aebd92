using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Numerics;

namespace CrossModalVae.Cli.Tests;

/// <summary>Embeddings of voices and faces that are drawn, for tests in which it does not matter what they are.</summary>
internal static class DrawnRows
{
    public static EmbeddingSet Of(int people, int clips, int dimension)
    {
        var random = new SeededRandom(1);
        EmbeddingRow[] rows =
        [
            .. from person in Enumerable.Range(0, people)
               from clip in Enumerable.Range(0, clips)
               from kind in new[] { Modality.Voice, Modality.Face }
               select new EmbeddingRow { Identity = $"p{person}", Clip = $"c{clip}", Modality = kind, Split = CorpusSplit.Test },
        ];
        float[] values = [.. rows.SelectMany(_ => Enumerable.Range(0, dimension).Select(_ => (float)random.NextGaussian()))];
        return new EmbeddingSet(values, dimension, rows);
    }
}
