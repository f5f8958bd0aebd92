using System.Numerics;
using System.Text;

namespace CrossModalVae.Numerics;

/// <summary>
/// A random generator whose stream is part of this library's contract: the same seed gives the same numbers on every machine and .NET
/// version. xoshiro256** (Blackman, Vigna 2018) seeded by SplitMix64. Not thread-safe: give each worker its own from <see cref="For"/>.
/// </summary>
public sealed class SeededRandom
{
    private const double DoubleUnit = 1.0 / (1UL << 53);

    private ulong _s0, _s1, _s2, _s3;
    private double? _spareGaussian;

    /// <summary>A generator for a seed.</summary>
    /// <param name="seed">Any number.</param>
    public SeededRandom(long seed)
    {
        ulong state = unchecked((ulong)seed);
        _s0 = SplitMix64(ref state);
        _s1 = SplitMix64(ref state);
        _s2 = SplitMix64(ref state);
        _s3 = SplitMix64(ref state);
    }

    /// <summary>
    /// An independent generator for a named part of a seeded whole (a clip, an epoch), so that results do not depend on order or threads.
    /// </summary>
    /// <param name="seed">The seed of the whole.</param>
    /// <param name="key">The part's name.</param>
    public static SeededRandom For(long seed, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ulong hash = 14695981039346656037UL; // FNV-1a, 64 bits
        foreach (byte b in Encoding.UTF8.GetBytes(key))
        {
            hash = unchecked((hash ^ b) * 1099511628211UL);
        }

        ulong mixed = unchecked((ulong)seed * 0x9E3779B97F4A7C15UL);
        return new SeededRandom(unchecked((long)(mixed ^ hash)));
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * DoubleUnit;

    /// <summary>Uniform in [low, high).</summary>
    /// <param name="low">Lower end, included.</param>
    /// <param name="high">Upper end, excluded.</param>
    public double NextDouble(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Laplace with mean 0 and variance 1 (scale 1/sqrt(2)), by inversion of its distribution function.</summary>
    public double NextLaplace()
    {
        double u = NextDouble() - 0.5; // [-1/2, 1/2)
        return -Math.Sign(u) * Math.Log(Math.Max(1.0 - (2.0 * Math.Abs(u)), DoubleUnit)) / Math.Sqrt(2.0);
    }

    /// <summary>Uniform in 0 .. count - 1, without modulo bias (Lemire 2019).</summary>
    /// <param name="count">Above 0.</param>
    public int NextInt32(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ulong bound = (ulong)count;
        ulong threshold = unchecked(0UL - bound) % bound;
        while (true)
        {
            ulong high = Math.BigMul(NextUInt64(), bound, out ulong low);
            if (low >= threshold)
            {
                return (int)high;
            }
        }
    }

    /// <summary>Standard normal (Box-Muller).</summary>
    public double NextGaussian()
    {
        if (_spareGaussian is double spare)
        {
            _spareGaussian = null;
            return spare;
        }

        double radius = Math.Sqrt(-2.0 * Math.Log(1.0 - NextDouble()));
        (double sin, double cos) = Math.SinCos(2.0 * Math.PI * NextDouble());
        _spareGaussian = radius * sin;
        return radius * cos;
    }

    /// <summary>Puts the items in a random order in place (Fisher-Yates).</summary>
    /// <param name="items">What to shuffle.</param>
    /// <typeparam name="T">Any type.</typeparam>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>Indexes 0 to count - 1 in order, or so many of them at random where the sample is smaller.</summary>
    internal int[] Sample(int count, int sampleCount)
    {
        int[] all = [.. Enumerable.Range(0, count)];
        if (sampleCount >= count)
        {
            return all;
        }

        Shuffle(all.AsSpan());
        return all[..sampleCount];
    }

    private static ulong SplitMix64(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
