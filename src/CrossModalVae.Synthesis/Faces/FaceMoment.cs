using System.Numerics;

namespace CrossModalVae.Synthesis.Faces;

/// <summary>What differs between two frames of one clip: the head moves, the mouth speaks, the eyes wander and blink.</summary>
/// <param name="Pose">Yaw (positive to the viewer's right), pitch (positive nods) and roll, in radians.</param>
/// <param name="MouthOpen">0 closed to 1.</param>
/// <param name="Smile">About -1 to 1.</param>
/// <param name="EyesOpen">0 closed to 1.</param>
/// <param name="Gaze">Shift of the irises in units of the eye's half width.</param>
/// <param name="BrowRaise">Shift of the brows in half heights.</param>
internal sealed record FaceMoment(Vector3 Pose, float MouthOpen, float Smile, float EyesOpen, Vector2 Gaze, float BrowRaise)
{
    public static FaceMoment Draw(FaceTake take, SeededRandom random) => new(
        take.Pose + new Vector3(Gaussian(random, 0.06f), Gaussian(random, 0.04f), Gaussian(random, 0.025f)),
        MouthOpen: Math.Max(0, (float)random.NextDouble(-0.5, 1)),
        Smile: Math.Clamp(take.Smile + Gaussian(random, 0.2f), -0.7f, 1.2f),
        EyesOpen: random.NextDouble() < 0.06 ? 0.15f : (float)random.NextDouble(0.75, 1),
        Gaze: new Vector2(Gaussian(random, 0.15f), Gaussian(random, 0.06f)),
        BrowRaise: Gaussian(random, 0.015f));

    private static float Gaussian(SeededRandom random, float deviation) => deviation * (float)Math.Clamp(random.NextGaussian(), -2.5, 2.5);
}
