namespace CrossModalVae.Explore;

/// <summary>
/// The rank of the right person for every row of the map. Every pair of a voice and a face is scored, so it is computed beside the serving;
/// where there are too many pairs, for evenly spaced rows only.
/// </summary>
internal sealed class ErrorRanks
{
    /// <summary>A row whose rank was not computed.</summary>
    internal const int Unknown = -1;

    private const long MostPairs = 5_000_000_000;

    private readonly Nearest _nearest;
    private readonly int[] _asking;
    private int _done;

    internal ErrorRanks(MapRows map, Nearest nearest, long mostPairs = MostPairs)
    {
        _nearest = nearest;
        long pairs = map.Set.Rows.Sum(row => (long)nearest.CountOf(row.Modality == Modality.Voice ? Modality.Face : Modality.Voice));
        int count = map.Set.Count, asking = pairs <= mostPairs ? count : (int)Math.Max(1, count * (double)mostPairs / pairs);
        _asking = [.. Enumerable.Range(0, asking).Select(i => (int)((long)i * count / asking))];
        Ranks = new int[count];
        Array.Fill(Ranks, Unknown);
    }

    /// <summary>How many rows ask.</summary>
    internal int Total => _asking.Length;

    /// <summary>How many of them are done.</summary>
    internal int Done => Volatile.Read(ref _done);

    /// <summary>[N]: ranks from 1; 0 where the person has no clip of the other modality, <see cref="Unknown"/> where none was
    /// computed.</summary>
    internal int[] Ranks { get; }

    internal void Compute(IProgress<int>? progress, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _done, 0);
        ParallelLoop.For(
            Total,
            () => new Nearest.Scratch(),
            (index, scratch) =>
            {
                Ranks[_asking[index]] = _nearest.RankOf(_asking[index], scratch);
                int done = Interlocked.Increment(ref _done);
                progress?.Report(done);
            },
            cancellationToken: cancellationToken);
    }
}
