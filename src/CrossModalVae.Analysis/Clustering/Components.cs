namespace CrossModalVae.Clustering;

/// <summary>The component of each point, and the components of each tile.</summary>
internal sealed class Components
{
    private readonly int[] _ofRow;
    private readonly int[] _ofPosition;
    private readonly int[] _starts; // [tiles + 1], into _inTiles
    private readonly int[] _inTiles;
    private readonly byte[] _placeOfPosition;

    public Components(PointTiles points, DisjointSets sets)
    {
        _ofRow = new int[points.Count];
        var sizes = new List<int>();
        for (int row = 0; row < points.Count; row++)
        {
            int root = sets.Find(row);
            if (root == row)
            {
                // A root is its set's smallest member, so it comes before the others.
                _ofRow[row] = sizes.Count;
                sizes.Add(0);
            }

            sizes[_ofRow[row] = _ofRow[root]]++;
        }

        Count = sizes.Count;
        Largest = sizes.IndexOf(sizes.Max());
        _ofPosition = [.. points.Order.Select(row => _ofRow[row])];
        _starts = new int[points.TileCount + 1];
        _placeOfPosition = new byte[points.Count];
        var inTiles = new List<int>();
        for (int tile = 0; tile < points.TileCount; tile++)
        {
            int first = tile * PointTiles.TileSize;
            inTiles.AddRange(_ofPosition.AsSpan(first, points.CountOf(tile)).ToArray().Distinct());
            for (int position = first; position < first + points.CountOf(tile); position++)
            {
                _placeOfPosition[position] = (byte)(inTiles.IndexOf(_ofPosition[position], _starts[tile]) - _starts[tile]);
            }

            _starts[tile + 1] = inTiles.Count;
        }

        _inTiles = [.. inTiles];
    }

    public int Count { get; }

    public int Largest { get; }

    public int OfRow(int row) => _ofRow[row];

    public int OfPosition(int position) => _ofPosition[position];

    /// <summary>The index of a point's component in <see cref="InTile"/> of its tile.</summary>
    public int PlaceInTile(int position) => _placeOfPosition[position];

    public ReadOnlySpan<int> InTile(int tile) => _inTiles.AsSpan(_starts[tile].._starts[tile + 1]);
}
