namespace CrossModalVae.Projection;

/// <summary>A sparse square matrix by rows, columns ascending.</summary>
/// <param name="Starts">[N + 1] where each row starts.</param>
/// <param name="Columns">[entries].</param>
/// <param name="Values">[entries].</param>
internal sealed record SparseRows(int[] Starts, int[] Columns, float[] Values)
{
    public int Count => Starts.Length - 1;
}
