using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CrossModalVae.Metrics;

/// <summary>
/// Numbers as keys whose unsigned order is the numbers' own, sorted by radix: three passes of 11 bits, whatever the numbers are.
/// </summary>
internal static class OrderedKeys
{
    private const int Bits = 11;
    private const int Buckets = 1 << Bits;
    private const int Passes = 3;

    /// <summary>The key of a number that is not NaN; both zeros have one.</summary>
    public static uint Of(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value + 0f); // -0 + 0 is +0
        return (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
    }

    /// <summary>Sorts keys ascending. O(n), with room for as many keys again.</summary>
    public static void Sort(ref uint[] keys)
    {
        var counts = new int[Passes * Buckets];
        foreach (uint key in keys)
        {
            for (int pass = 0; pass < Passes; pass++)
            {
                counts[(pass * Buckets) + Digit(key, pass)]++;
            }
        }

        uint[] from = keys, to = new uint[keys.Length];
        for (int pass = 0; pass < Passes; pass++)
        {
            Span<int> starts = counts.AsSpan(pass * Buckets, Buckets);
            if (starts.Contains(keys.Length))
            {
                continue; // one value only
            }

            int sum = 0;
            foreach (ref int start in starts)
            {
                (start, sum) = (sum, sum + start);
            }

            ref uint target = ref MemoryMarshal.GetArrayDataReference(to);
            foreach (uint key in from)
            {
                Unsafe.Add(ref target, starts[Digit(key, pass)]++) = key;
            }

            (from, to) = (to, from);
        }

        keys = from;
    }

    private static int Digit(uint key, int pass) => (int)(key >> (pass * Bits)) & (Buckets - 1);
}
