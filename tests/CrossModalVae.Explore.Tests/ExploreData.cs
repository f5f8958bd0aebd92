namespace CrossModalVae.Explore.Tests;

/// <summary>Embeddings that tests look into.</summary>
internal static class ExploreData
{
    internal const int Dimension = 6;

    /// <summary>Rows of people with voices and faces near each other: noise decides who is confused with whom.</summary>
    internal static EmbeddingSet People(int people, int clips, double noise = 0.5, long seed = 1)
    {
        var random = new SeededRandom(seed);
        double[][] centres = [.. Enumerable.Range(0, people).Select(_ => Gaussians(random))];
        var rows = new List<EmbeddingRow>();
        var values = new List<float>();
        for (int person = 0; person < people; person++)
        {
            for (int clip = 0; clip < clips; clip++)
            {
                foreach (Modality modality in new[] { Modality.Voice, Modality.Face })
                {
                    rows.Add(Row($"p{person:00}", $"c{clip}", modality, (CorpusSplit)(person % 3), person % 2 == 0 ? "f" : "m"));
                    values.AddRange(centres[person].Select(centre => (float)(centre + (noise * random.NextGaussian()))));
                }
            }
        }

        return new EmbeddingSet([.. values], Dimension, rows);
    }

    internal static EmbeddingRow Row(
        string identity, string clip, Modality modality, CorpusSplit split = CorpusSplit.Test, string? gender = null) =>
        new() { Identity = identity, Clip = clip, Modality = modality, Split = split, Gender = gender };

    /// <summary>Writes embeddings and loads them.</summary>
    internal static Explorer Load(TemporaryFolder folder, EmbeddingSet set, Func<ExploreOptions, ExploreOptions>? change = null)
    {
        EmbeddingFile.Write(folder["embeddings"], set);
        var options = new ExploreOptions { Embeddings = folder["embeddings"] };
        return Explorer.Load(change is null ? options : change(options));
    }

    private static double[] Gaussians(SeededRandom random) => [.. Enumerable.Range(0, Dimension).Select(_ => random.NextGaussian())];
}
