using System.Numerics;

namespace CrossModalVae.Synthesis.Faces;

/// <summary>What differs between two clips of one face: light, place, camera, clothes, mood. Drawn without a look at the person.</summary>
internal sealed record FaceTake
{
    public required Vector3 LightDirection { get; init; }

    public required Vector3 LightColour { get; init; }

    public required Vector3 AmbientColour { get; init; }

    public required Vector3 BackgroundTop { get; init; }

    public required Vector3 BackgroundBottom { get; init; }

    /// <summary>Things behind the head: centre and radius in units of the frame, colour.</summary>
    public required IReadOnlyList<(Vector2 Centre, float Radius, Vector3 Colour)> BackgroundBlobs { get; init; }

    public required Vector3 Clothes { get; init; }

    /// <summary>Head size and place in the frame beyond the person's own, in units of the frame.</summary>
    public required float Zoom { get; init; }

    public required Vector2 Shift { get; init; }

    /// <summary>Yaw, pitch and roll about which the frames of the clip vary, in radians.</summary>
    public required Vector3 Pose { get; init; }

    public required float Smile { get; init; }

    /// <summary>Weight of a neighbouring pixel in the lens's blur, 0 for sharp.</summary>
    public required float Blur { get; init; }

    /// <summary>Standard deviation of the sensor's noise on a scale of 0 to 1.</summary>
    public required float SensorNoise { get; init; }

    public required int JpegQuality { get; init; }

    /// <summary>Differs from clip to clip; where the blotches of the skin lie.</summary>
    public required uint TextureSeed { get; init; }

    public static FaceTake Draw(SeededRandom random)
    {
        float azimuth = Gaussian(random, 0.6f);
        float elevation = 0.45f + Gaussian(random, 0.3f);
        float warmth = Gaussian(random, 0.08f);
        float key = 0.85f * MathF.Exp(Gaussian(random, 0.2f));
        float ambient = 0.30f * MathF.Exp(Gaussian(random, 0.25f));
        return new FaceTake
        {
            LightDirection = Vector3.Normalize(new Vector3(MathF.Sin(azimuth), MathF.Sin(elevation), MathF.Cos(azimuth))),
            LightColour = key * new Vector3(1 + warmth, 1, 1 - warmth),
            AmbientColour = ambient * new Vector3(1 - (0.5f * warmth), 1, 1 + (0.5f * warmth)),
            BackgroundTop = Colour(random),
            BackgroundBottom = Colour(random),
            BackgroundBlobs = [.. Enumerable.Range(0, 3).Select(_ =>
                (new Vector2(Uniform(random, 0, 1), Uniform(random, 0, 1)), Uniform(random, 0.08f, 0.35f), Colour(random)))],
            Clothes = Colour(random),
            Zoom = MathF.Exp(Gaussian(random, 0.04f)),
            Shift = new Vector2(Gaussian(random, 0.02f), Gaussian(random, 0.02f)),
            Pose = new Vector3(Gaussian(random, 0.20f), Gaussian(random, 0.09f), Gaussian(random, 0.06f)),
            Smile = Gaussian(random, 0.6f),
            Blur = Uniform(random, 0.05f, 0.28f),
            SensorNoise = Uniform(random, 0.004f, 0.03f),
            JpegQuality = 60 + random.NextInt32(36),
            TextureSeed = (uint)random.NextUInt64(),
        };
    }

    private static Vector3 Colour(SeededRandom random) =>
        Uniform(random, 0.03f, 0.7f) * new Vector3(Uniform(random, 0.6f, 1), Uniform(random, 0.6f, 1), Uniform(random, 0.6f, 1));

    private static float Uniform(SeededRandom random, float low, float high) => (float)random.NextDouble(low, high);

    private static float Gaussian(SeededRandom random, float deviation) => deviation * (float)Math.Clamp(random.NextGaussian(), -2.5, 2.5);
}
