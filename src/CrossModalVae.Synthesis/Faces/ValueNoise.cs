namespace CrossModalVae.Synthesis.Faces;

/// <summary>Smooth noise over the plane: hashed values at the integer lattice, smoothly interpolated.</summary>
internal static class ValueNoise
{
    /// <summary>The noise at a place, in [-1, 1].</summary>
    public static float At(float x, float y, uint seed)
    {
        float fx = MathF.Floor(x);
        float fy = MathF.Floor(y);
        int ix = (int)fx;
        int iy = (int)fy;
        float tx = Fade(x - fx);
        float ty = Fade(y - fy);
        float top = Mix(Lattice(ix, iy, seed), Lattice(ix + 1, iy, seed), tx);
        float bottom = Mix(Lattice(ix, iy + 1, seed), Lattice(ix + 1, iy + 1, seed), tx);
        return Mix(top, bottom, ty);
    }

    private static float Lattice(int x, int y, uint seed)
    {
        uint h = unchecked(((uint)x * 0x8DA6B343u) ^ ((uint)y * 0xD8163841u) ^ (seed * 0xCB1AB31Fu));
        h = unchecked((h ^ (h >> 15)) * 0x2C1B3C6Du);
        h = unchecked((h ^ (h >> 12)) * 0x297A2D39u);
        h ^= h >> 15;
        return (h * (2f / uint.MaxValue)) - 1;
    }

    private static float Fade(float t) => t * t * (3 - (2 * t));

    private static float Mix(float a, float b, float t) => a + ((b - a) * t);
}
