namespace CrossModalVae.Projection;

/// <summary>Where points lie on the grid.</summary>
internal readonly struct GridPlaces(int size, double spacing, double centreX, double centreY)
{
    private readonly float _scale = (float)(1 / spacing);
    private readonly float _centreX = (float)centreX;
    private readonly float _centreY = (float)centreY;

    public int Size => size;

    /// <summary>The first of a point's 4 x 4 nodes, and their weights.</summary>
    public int Weights(float x, float y, Span<float> wx, Span<float> wy)
    {
        float u = ((x - _centreX) * _scale) + (size / 2);
        float v = ((y - _centreY) * _scale) + (size / 2);
        int row = (int)u, column = (int)v;
        Spline(u - row, wx);
        Spline(v - column, wy);
        return ((row - 1) * size) + column - 1;
    }

    private static void Spline(float t, Span<float> w)
    {
        const float Sixth = 1f / 6;
        float s = 1 - t, t2 = t * t, s2 = s * s;
        w[0] = Sixth * s2 * s;
        w[1] = (2f / 3) - (t2 * (1 - (0.5f * t)));
        w[2] = (2f / 3) - (s2 * (1 - (0.5f * s)));
        w[3] = Sixth * t2 * t;
    }
}
