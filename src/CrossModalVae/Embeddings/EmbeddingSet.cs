using CrossModalVae.Corpora;

namespace CrossModalVae.Embeddings;

/// <summary>
/// Embeddings of clips: a row-major matrix and a description of each row; optionally the posteriors' standard deviations and the decoder's
/// reconstructions.
/// </summary>
public sealed class EmbeddingSet
{
    /// <summary>Stores the matrix and its rows; nothing is copied.</summary>
    /// <param name="values">[N, dimension] row-major.</param>
    /// <param name="dimension">Values of one row, above 0.</param>
    /// <param name="rows">N rows.</param>
    /// <param name="standardDeviations">[N, dimension] row-major, each at least 0, or null: of the posteriors whose means
    /// <paramref name="values"/> are.</param>
    /// <param name="reconstructions">[N, F] row-major, or null: the shared decoder's output for each row, face and then voice, standardised
    /// as in training.</param>
    /// <exception cref="ArgumentException">The sizes do not fit each other.</exception>
    public EmbeddingSet(
        float[] values,
        int dimension,
        IReadOnlyList<EmbeddingRow> rows,
        float[]? standardDeviations = null,
        float[]? reconstructions = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (values.Length != (long)dimension * rows.Count)
        {
            throw new ArgumentException(
                $"'values' has {values.Length} numbers; must have {rows.Count} rows x {dimension} = {(long)dimension * rows.Count}.",
                nameof(values));
        }

        if (standardDeviations is not null && standardDeviations.Length != values.Length)
        {
            throw new ArgumentException(
                $"'standardDeviations' has {standardDeviations.Length} numbers; must have as many as 'values', {values.Length}.",
                nameof(standardDeviations));
        }

        if (reconstructions is not null
            && (rows.Count == 0 ? reconstructions.Length > 0 : reconstructions.Length == 0 || reconstructions.Length % rows.Count != 0))
        {
            throw new ArgumentException(
                $"'reconstructions' has {reconstructions.Length} numbers; must have as many for each of {rows.Count} rows, at least one.",
                nameof(reconstructions));
        }

        (Values, Dimension, Rows) = (values, dimension, rows);
        (StandardDeviations, Reconstructions) = (standardDeviations, reconstructions);
    }

    /// <summary>[N, Dimension] row-major.</summary>
    public float[] Values { get; }

    /// <summary>Values of one row.</summary>
    public int Dimension { get; }

    /// <summary>
    /// [N, Dimension] row-major: the posteriors' standard deviations, exp(log-variance / 2); null where they are not known.
    /// </summary>
    public float[]? StandardDeviations { get; }

    /// <summary>
    /// [N, ReconstructionLength] row-major: the shared decoder's outputs, face and then voice; null where they are not known.
    /// </summary>
    public float[]? Reconstructions { get; }

    /// <summary>Values of one reconstruction; 0 where there are none.</summary>
    public int ReconstructionLength => Reconstructions is null || Count == 0 ? 0 : Reconstructions.Length / Count;

    /// <summary>The description of each row.</summary>
    public IReadOnlyList<EmbeddingRow> Rows { get; }

    /// <summary>N.</summary>
    public int Count => Rows.Count;

    /// <summary>One row, [Dimension].</summary>
    /// <param name="index">Zero-based row.</param>
    public ReadOnlySpan<float> this[int index] => Values.AsSpan(index * Dimension, Dimension);

    /// <summary>The rows that satisfy a condition, in the same order; values are copied.</summary>
    /// <param name="condition">Which rows to keep.</param>
    public EmbeddingSet Where(Func<EmbeddingRow, bool> condition) =>
        Pick([.. Enumerable.Range(0, Count).Where(i => condition(Rows[i]))]);

    /// <summary>Rows in any order; values are copied.</summary>
    /// <param name="rows">Zero-based rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public EmbeddingSet Pick(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new EmbeddingSet(
            Keep(Values, Dimension, rows)!,
            Dimension,
            [.. rows.Select(row => Rows[row])],
            Keep(StandardDeviations, Dimension, rows),
            Keep(Reconstructions, ReconstructionLength, rows));
    }

    /// <summary>Neighbouring rows; values are copied.</summary>
    /// <param name="first">The first of them, zero-based.</param>
    /// <param name="count">How many, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no such rows.</exception>
    public EmbeddingSet Slice(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - first);
        return Pick([.. Enumerable.Range(first, count)]);
    }

    private static float[]? Keep(float[]? values, int length, IReadOnlyList<int> rows)
    {
        if (values is null)
        {
            return null;
        }

        var kept = new float[rows.Count * length];
        for (int r = 0; r < rows.Count; r++)
        {
            values.AsSpan(rows[r] * length, length).CopyTo(kept.AsSpan(r * length));
        }

        return kept;
    }
}

/// <summary>The description of one row of an embedding matrix.</summary>
public sealed record EmbeddingRow
{
    /// <summary>The identity of the clip.</summary>
    public required string Identity { get; init; }

    /// <summary>The clip's name within its identity.</summary>
    public required string Clip { get; init; }

    /// <summary>The modality it was computed from.</summary>
    public required Modality Modality { get; init; }

    /// <summary>The clip's split.</summary>
    public required CorpusSplit Split { get; init; }

    /// <summary>"m", "f" or null where unknown.</summary>
    public string? Gender { get; init; }

    /// <summary>The nationality as the corpus spells it, or null.</summary>
    public string? Nationality { get; init; }

    /// <summary>The age in years, or null.</summary>
    public double? Age { get; init; }

    /// <summary>The row of a clip's embedding.</summary>
    internal static EmbeddingRow Of(Clip clip, Modality modality) => new()
    {
        Identity = clip.Identity,
        Clip = clip.Name,
        Modality = modality,
        Split = clip.Split,
        Gender = clip.Gender,
        Nationality = clip.Nationality,
        Age = clip.Age,
    };

    internal ClipKey Key => new(Identity, Clip);

    /// <summary>The row's name in messages.</summary>
    internal string Label => $"{EnumText.Of(Modality)} of '{Identity}/{Clip}'";
}

/// <summary>What embeddings hold in addition to the means.</summary>
[Flags]
public enum EmbeddingParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The posteriors' standard deviations; joint embeddings have none.</summary>
    StandardDeviations = 1,

    /// <summary>
    /// The shared decoder's outputs of the means, face and then voice, standardised as in training; joint embeddings have none.
    /// </summary>
    Reconstructions = 2,
}
