using CrossModalVae.Embeddings;

namespace CrossModalVae.Evaluation;

/// <summary>Another system's embeddings of the same clips, row for row.</summary>
internal static class AlignedRows
{
    /// <summary>The embeddings of some rows, in their order.</summary>
    /// <param name="kind">Whose embeddings they are, for messages.</param>
    /// <param name="embeddings">Where they are looked up; more rows are left aside.</param>
    /// <param name="rows">What is wanted.</param>
    /// <exception cref="InvalidDataException">A row is not there, or twice.</exception>
    public static EmbeddingSet Of(SystemKind kind, EmbeddingSet embeddings, IReadOnlyList<EmbeddingRow> rows)
    {
        var places = new Dictionary<(Modality, string, string), int>();
        for (int i = 0; i < embeddings.Count; i++)
        {
            EmbeddingRow row = embeddings.Rows[i];
            if (!places.TryAdd(Key(row), i))
            {
                throw new InvalidDataException(
                    $"The {EnumText.Of(kind)} embeddings have the {Name(row)} twice; expected once, so that a trial's score is one.");
            }
        }

        EmbeddingSet found = embeddings.Pick(
        [
            .. rows.Select(row => places.TryGetValue(Key(row), out int place) ? place : throw new InvalidDataException(
                $"The {EnumText.Of(kind)} embeddings lack the {Name(row)}; expected all that are evaluated, "
                + "since scores on other trials compare with nothing.")),
        ]);
        return new EmbeddingSet(found.Values, found.Dimension, rows, found.StandardDeviations, found.Reconstructions);
    }

    private static (Modality, string, string) Key(EmbeddingRow row) => (row.Modality, row.Identity, row.Clip);

    private static string Name(EmbeddingRow row) => $"{EnumText.Of(row.Modality)} of '{row.Identity}/{row.Clip}'";
}
