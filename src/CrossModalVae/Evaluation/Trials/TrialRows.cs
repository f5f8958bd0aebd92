using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;
using CrossModalVae.Retrieval.Search;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>The rows of an embedding set by what they stand for, and the score of any two.</summary>
internal sealed class TrialRows
{
    private readonly PairScores _scores;
    private readonly Dictionary<(Modality, ClipKey), int> _rows = [];

    /// <exception cref="InvalidDataException">A row is there twice.</exception>
    public TrialRows(EmbeddingSet embeddings, RankingMetric metric)
    {
        Embeddings = embeddings;
        Rows.Check(embeddings.Values, embeddings.Count, embeddings.Dimension);
        _scores = new PairScores(embeddings, metric);
        for (int row = 0; row < embeddings.Count; row++)
        {
            EmbeddingRow own = embeddings.Rows[row];
            if (!_rows.TryAdd((own.Modality, new ClipKey(own.Identity, own.Clip)), row))
            {
                throw new InvalidDataException(
                    $"The embeddings have the {EnumText.Of(own.Modality)} of '{own.Identity}/{own.Clip}' twice; "
                    + "expected once, so that a trial's score is one.");
            }
        }
    }

    public EmbeddingSet Embeddings { get; }

    /// <summary>What was asked for first and not there.</summary>
    public (Modality Modality, ClipKey Clip)? FirstMissing { get; private set; }

    /// <summary>The row of a clip's modality, or null.</summary>
    public int? Find(Modality modality, ClipKey clip)
    {
        if (_rows.TryGetValue((modality, clip), out int row))
        {
            return row;
        }

        FirstMissing ??= (modality, clip);
        return null;
    }

    /// <summary>The similarity of two rows, higher is nearer; as <see cref="Retrieval.Ranker"/> has it.</summary>
    public float Score(int a, int b) => (float)_scores.Of(a, b);
}
