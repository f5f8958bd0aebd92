using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Numerics;

namespace CrossModalVae.Tests.Evaluation;

/// <summary>Embeddings of people drawn from a standard normal distribution, with noise around each in every voice and face.</summary>
internal static class NormalPeople
{
    /// <summary>Draws them.</summary>
    /// <param name="people">Identities p00, p01, ...</param>
    /// <param name="clips">Clips c0, c1, ... of each: a voice and a face, in this order.</param>
    /// <param name="noise">The standard deviation around a person.</param>
    /// <param name="dimension">Numbers of a row.</param>
    /// <param name="traits">Gives a row of a person, by number, what else is known; null for nothing.</param>
    public static EmbeddingSet Draw(
        int people, int clips, double noise = 1, int dimension = 12, Func<int, EmbeddingRow, EmbeddingRow>? traits = null)
    {
        var values = new List<float>();
        var rows = new List<EmbeddingRow>();
        for (int p = 0; p < people; p++)
        {
            var person = SeededRandom.For(1, $"person {p}");
            double[] centre = [.. Enumerable.Range(0, dimension).Select(_ => person.NextGaussian())];
            for (int c = 0; c < clips; c++)
            {
                foreach (Modality modality in (Modality[])[Modality.Voice, Modality.Face])
                {
                    values.AddRange(centre.Select(x => (float)(x + (noise * person.NextGaussian()))));
                    var row = new EmbeddingRow { Identity = $"p{p:D2}", Clip = $"c{c}", Modality = modality, Split = CorpusSplit.Test };
                    rows.Add(traits is null ? row : traits(p, row));
                }
            }
        }

        return new EmbeddingSet([.. values], dimension, rows);
    }
}
