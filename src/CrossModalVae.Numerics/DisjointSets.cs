using System.Runtime.CompilerServices;

namespace CrossModalVae.Numerics;

/// <summary>
/// Disjoint sets (union-find) that several threads may join at once; the resulting sets do not depend on the order of the unions. A set's
/// root is its smallest member.
/// </summary>
internal sealed class DisjointSets(int count)
{
    private readonly int[] _parents = [.. Enumerable.Range(0, count)];

    /// <summary>The root of an item's set.</summary>
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
                // Halves the path for later calls; where another thread was faster, its path is as good.
                Interlocked.CompareExchange(ref _parents[item], grandparent, parent);
            }

            item = parent;
        }
    }

    /// <summary>Unites two sets; returns whether they were different.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Union(int one, int other)
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
