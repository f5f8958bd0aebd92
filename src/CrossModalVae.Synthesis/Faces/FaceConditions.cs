using System.Numerics;

namespace CrossModalVae.Synthesis.Faces;

/// <summary>The nuisance factors of one clip: light, background, camera, clothes and mood, independent of the identity.</summary>
internal sealed record FaceConditions(
    Vector3 LightDirection,
    Vector3 LightColour,
    Vector3 AmbientColour,
    Vector3 BackgroundTop,
    Vector3 BackgroundBottom,
    IReadOnlyList<(Vector2 Centre, float Radius, Vector3 Colour)> BackgroundBlobs, // in units of the frame
    Vector3 Clothes,
    float Zoom, // head size beyond the identity's own
    Vector2 Shift, // in units of the frame
    Vector3 Pose, // mean yaw, pitch and roll of the clip's frames, in radians
    float Smile,
    float Blur, // weight of a neighbouring pixel; 0 for sharp
    float SensorNoise, // standard deviation on a scale of 0 to 1
    int JpegQuality,
    uint TextureSeed) // where the blotches of the skin are
{
    public static FaceConditions Draw(SeededRandom random)
    {
        float azimuth = Gaussian(random, 0.6f);
        float elevation = 0.45f + Gaussian(random, 0.3f);
        float warmth = Gaussian(random, 0.08f);
        float key = 0.85f * MathF.Exp(Gaussian(random, 0.2f));
        float ambient = 0.30f * MathF.Exp(Gaussian(random, 0.25f));
        return new FaceConditions(
            LightDirection: Vector3.Normalize(new Vector3(MathF.Sin(azimuth), MathF.Sin(elevation), MathF.Cos(azimuth))),
            LightColour: key * new Vector3(1 + warmth, 1, 1 - warmth),
            AmbientColour: ambient * new Vector3(1 - (0.5f * warmth), 1, 1 + (0.5f * warmth)),
            BackgroundTop: Colour(random),
            BackgroundBottom: Colour(random),
            BackgroundBlobs: [.. Enumerable.Range(0, 3).Select(_ =>
                (new Vector2(Uniform(random, 0, 1), Uniform(random, 0, 1)), Uniform(random, 0.08f, 0.35f), Colour(random)))],
            Clothes: Colour(random),
            Zoom: MathF.Exp(Gaussian(random, 0.04f)),
            Shift: new Vector2(Gaussian(random, 0.02f), Gaussian(random, 0.02f)),
            Pose: Gaussian(random, new Vector3(0.20f, 0.09f, 0.06f)),
            Smile: Gaussian(random, 0.6f),
            Blur: Uniform(random, 0.05f, 0.28f),
            SensorNoise: Uniform(random, 0.004f, 0.03f),
            JpegQuality: 60 + random.NextInt32(36),
            TextureSeed: (uint)random.NextUInt64());
    }

    private static Vector3 Colour(SeededRandom random) =>
        Uniform(random, 0.03f, 0.7f) * new Vector3(Uniform(random, 0.6f, 1), Uniform(random, 0.6f, 1), Uniform(random, 0.6f, 1));

    private static float Uniform(SeededRandom random, float low, float high) => (float)random.NextDouble(low, high);

    internal static Vector3 Gaussian(SeededRandom random, Vector3 sigma) =>
        new(Gaussian(random, sigma.X), Gaussian(random, sigma.Y), Gaussian(random, sigma.Z));

    /// <summary>A normal number with a standard deviation, clamped at 2.5 of them.</summary>
    internal static float Gaussian(SeededRandom random, float sigma) => sigma * (float)Math.Clamp(random.NextGaussian(), -2.5, 2.5);
}

/// <summary>What differs between the frames of a clip.</summary>
internal sealed record FaceExpression(
    Vector3 Pose, // yaw (positive to the viewer's right), pitch (positive nods) and roll, in radians
    float MouthOpen, // 0 to 1
    float Smile, // about -1 to 1
    float EyesOpen, // 0 to 1
    Vector2 Gaze, // shift of the irises in units of the eye's half width
    float BrowRaise) // in half head heights
{
    public static FaceExpression Draw(FaceConditions conditions, SeededRandom random) => new(
        conditions.Pose + FaceConditions.Gaussian(random, new Vector3(0.06f, 0.04f, 0.025f)),
        MouthOpen: Math.Max(0, (float)random.NextDouble(-0.5, 1)),
        Smile: Math.Clamp(conditions.Smile + FaceConditions.Gaussian(random, 0.2f), -0.7f, 1.2f),
        EyesOpen: random.NextDouble() < 0.06 ? 0.15f : (float)random.NextDouble(0.75, 1),
        Gaze: new Vector2(FaceConditions.Gaussian(random, 0.15f), FaceConditions.Gaussian(random, 0.06f)),
        BrowRaise: FaceConditions.Gaussian(random, 0.015f));
}
