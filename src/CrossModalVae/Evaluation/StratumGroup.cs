using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;

namespace CrossModalVae.Evaluation;

/// <summary>The part of a gallery that the probes of one group are asked about.</summary>
internal sealed class StratumGroup
{
    private readonly int[] _rows; // in the whole gallery

    /// <param name="gallery">The whole gallery.</param>
    /// <param name="rows">Which of its rows are of the group.</param>
    /// <param name="tieOrder">Of the whole gallery: of equal scores the lower comes first.</param>
    public StratumGroup(IReadOnlyList<EmbeddingRow> gallery, int[] rows, int[] tieOrder)
    {
        _rows = rows;
        TieOrder = [.. rows.Select(row => tieOrder[row])];
        Index = new GalleryIndex([.. rows.Select(row => new ClipKey(gallery[row].Identity, gallery[row].Clip))]);
    }

    public int Count => _rows.Length;

    public int[] TieOrder { get; }

    public GalleryIndex Index { get; }

    /// <summary>The scores of the group's rows, [Count].</summary>
    public float[] ScoresOf(ReadOnlySpan<float> whole)
    {
        var own = new float[_rows.Length];
        for (int i = 0; i < own.Length; i++)
        {
            own[i] = whole[_rows[i]];
        }

        return own;
    }
}
