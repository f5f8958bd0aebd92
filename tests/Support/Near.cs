namespace CrossModalVae.TestSupport;

/// <summary>Comparisons of vectors that are computed in another order of sums.</summary>
internal static class Near
{
    /// <summary>Fails unless both have as many numbers, each within a tolerance of the other's.</summary>
    internal static void AssertEqual(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance);
        }
    }
}
