namespace CrossModalVae.Numerics;

/// <summary>A distance in the caller's metric, and the thresholds of squared distances in single precision around it.</summary>
internal readonly record struct Radius
{
    public Radius(PointTiles points, double distance)
    {
        Distance = distance;
        double square = points.Squared(distance);
        SurelyWithin = MathF.BitDecrement((float)square);
        PossiblyWithin = points.PossiblyWithin(distance);
        Euclidean = (float)((Math.Sqrt(square) * (1 + 1e-6)) + points.Slack);
    }

    /// <summary>The radius of a squared distance between prepared points, for whole tiles only.</summary>
    public static Radius OfSquare(PointTiles points, float square) => new()
    {
        Distance = double.NaN,
        Euclidean = (float)((Math.Sqrt(Math.Max(0, square)) * (1 + 1e-6)) + points.Slack),
    };

    /// <summary>The distance in the metric.</summary>
    public double Distance { get; private init; }

    /// <summary>A squared distance, its error bound included, up to here is within.</summary>
    public float SurelyWithin { get; private init; }

    /// <summary>A squared distance, its error bound taken off, beyond here is not within.</summary>
    public float PossiblyWithin { get; private init; }

    /// <summary>The Euclidean distance that prepared points may have at most; their rounding is allowed for.</summary>
    public float Euclidean { get; private init; }
}
