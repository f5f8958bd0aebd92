using CrossModalVae.Numerics;

namespace CrossModalVae.Analysis.Tests.Projection;

/// <summary>What scikit-learn 1.2.1 gave; see make.py beside the files.</summary>
internal static class GoldenProjection
{
    public const int PointCount = 800;
    public const int Dimension = 20;
    public const int FewCount = 120;

    public static float[] Points => Read("points");

    /// <summary>The first 120 points.</summary>
    public static float[] Few => Points[..(FewCount * Dimension)];

    public static float[] Read(string name) =>
        NpyFile.Read(Path.Combine(AppContext.BaseDirectory, "Golden", "Projection", $"{name}.npy")).Values;
}
