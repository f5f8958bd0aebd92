namespace CrossModalVae.Numerics;

/// <summary>
/// Numbers from 0 on, the nearest to one of them first: a search that begins where it will find much can leave out much of the rest.
/// </summary>
internal struct Outwards
{
    private readonly int _middle;
    private readonly int _count;
    private int _below; // the last one handed out on that side
    private int _above; // the next one on that side

    /// <param name="middle">Where to begin, 0 to <paramref name="count"/>.</param>
    /// <param name="count">How many there are.</param>
    public Outwards(int middle, int count)
    {
        _middle = _below = _above = middle;
        _count = count;
    }

    /// <summary>The next number; false where all have been.</summary>
    public bool TryNext(out int number)
    {
        bool isAbove = _above < _count && (_below == 0 || _above - _middle <= _middle - _below);
        number = isAbove ? _above++ : _below > 0 ? --_below : -1;
        return number >= 0;
    }
}
