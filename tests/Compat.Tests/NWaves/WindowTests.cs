using System.Runtime.InteropServices;
using NWaves.Utils;
using NWaves.Windows;

namespace Compat.Tests.NWaves;

// Expected values come from the genuine sources, version 0.9.6, built as they are.
public class WindowTests
{
    // The series is summed in the same order; a few units in the last place are left to the compiler.
    private const double BesselTolerance = 1e-14;

    [Fact]
    public void Hamming_EightSamples_IsSymmetric()
    {
        float[] window = Window.Hamming(8);

        Assert.Equal([0.08f, 0.2531947f, 0.6423596f, 0.95444566f, 0.95444566f, 0.6423596f, 0.2531947f, 0.08f], window);
    }

    [Fact]
    public void Hann_SevenSamples_IsSymmetricAndZeroAtItsEnds()
    {
        float[] window = Window.Hann(7);

        Assert.Equal([0f, 0.25f, 0.75f, 1f, 0.75f, 0.25f, 0f], window.Select(x => MathF.Round(x, 6)));
    }

    [Fact]
    public void Kaiser_SevenSamples_GivesTheGenuineValues()
    {
        float[] window = Window.Kaiser(7, 8.96);

        Assert.Equal([0.0009495548f, 0.11894574f, 0.617536f, 1f, 0.617536f, 0.11894574f, 0.0009495548f], window);
    }

    [Fact]
    public void Windows_Long_HaveTheGenuineBits()
    {
        Assert.Equal(93_459_076u, Hash(Window.Hamming(401)));
        Assert.Equal(3_827_127_004u, Hash(Window.Kaiser(1_001, 8.96)));
        Assert.Equal(264_807_605u, Hash(Window.Kaiser(8)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 1.0634833707413236)]
    [InlineData(3.75, 9.118945860844565)]
    [InlineData(8.96, 1053.125122491171)]
    [InlineData(20, 43558282.55955353)]
    public void I0_Argument_IsTheBesselFunction(double x, double expected)
    {
        double actual = MathUtils.I0(x);

        Assert.InRange(actual / expected, 1 - BesselTolerance, 1 + BesselTolerance);
    }

    private static uint Hash(float[] values)
    {
        uint hash = 2_166_136_261; // FNV-1a of the little-endian bytes
        foreach (byte b in MemoryMarshal.AsBytes<float>(values))
        {
            hash = unchecked((hash ^ b) * 16_777_619);
        }

        return hash;
    }
}
