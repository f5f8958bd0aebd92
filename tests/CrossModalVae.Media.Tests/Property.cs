using CsCheck;

namespace CrossModalVae.Media.Tests;

/// <summary>
/// Properties over generated cases, the same ones in every run. A failure is shrunk; its message has the smallest case found and the seed
/// that generates it.
/// </summary>
internal static class Property
{
    private const int CasesToShrink = 1_000;

    // 2^64 over the golden ratio: seeds of neighbouring cases share no bits.
    private const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15;

    public static void Holds<T>(Gen<T> cases, Action<T> property, int count = 200)
    {
        for (int i = 0; i < count; i++)
        {
            string seed = new PCG(0, unchecked((ulong)i * GoldenRatio)).ToString();
            try
            {
                cases.Sample(property, seed: seed, iter: 1, threads: 1);
            }
            catch (CsCheckException)
            {
                cases.Sample(property, seed: seed, iter: CasesToShrink, threads: 1);
                throw;
            }
        }
    }
}
