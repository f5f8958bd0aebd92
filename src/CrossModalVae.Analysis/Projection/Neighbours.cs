namespace CrossModalVae.Projection;

/// <summary>The nearest fitted points of each query: exact, nearest first, ties by row.</summary>
/// <param name="Indices">[queries, Count] row-major.</param>
/// <param name="SquaredDistances">[queries, Count] row-major, in the points' own scale.</param>
/// <param name="Count">Neighbours of one query.</param>
internal sealed record Neighbours(int[] Indices, float[] SquaredDistances, int Count)
{
    /// <summary>Finds them.</summary>
    /// <param name="queries">Whose neighbours are sought; where they are the points themselves, no point is its own neighbour.</param>
    /// <param name="points">The fitted points.</param>
    /// <param name="count">How many, at most the points there are.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static Neighbours Find(PointTiles queries, PointTiles points, int count, CancellationToken cancellationToken)
    {
        NearestRows nearest = NearestRows.Find(queries, points, count, cancellationToken: cancellationToken);
        return new Neighbours(nearest.Rows, [.. nearest.Distances.Select(distance => (float)(distance * distance))], count);
    }
}
