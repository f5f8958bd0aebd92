using System.Runtime.CompilerServices;

namespace CrossModalVae.Numerics;

/// <summary>
/// Disjoint sets that several threads may join at once; which sets come out does not depend on the order of the
/// joins. A set's root is its smallest member.
/// </summary>
internal sealed class DisjointSets
{
    private readonly int[] _parents;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public DisjointSets(int count)
    {
        _parents = new int[count];
        for (int i = 0; i < count; i++)
        {
            _parents[i] = i;
        }
    }

    /// <summary>The root of an item's set, the smallest member joined so far.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(int item)
    {
        while (true)
        {
            int parent = Volatile.Read(ref _parents[item]);
            if (parent == item)
            {
                return item;
            }

            int grandparent = Volatile.Read(ref _parents[parent]);
            if (grandparent != parent)
            {
                // Halves the path for who comes next; if another thread was faster, its path is as good.
                Interlocked.CompareExchange(ref _parents[item], grandparent, parent);
            }

            item = parent;
        }
    }

    /// <summary>Joins two sets.</summary>
    /// <returns>Whether they were two.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Join(int one, int other)
    {
        while (true)
        {
            one = Find(one);
            other = Find(other);
            if (one == other)
            {
                return false;
            }

            (int small, int large) = one < other ? (one, other) : (other, one);
            if (Interlocked.CompareExchange(ref _parents[large], small, large) == large)
            {
                return true;
            }
        }
    }
}
