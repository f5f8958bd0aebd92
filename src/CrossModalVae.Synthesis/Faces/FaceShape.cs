using System.Numerics;

namespace CrossModalVae.Synthesis.Faces;

/// <summary>
/// A head by its face traits: anatomy, hair and skin, the same in all of an identity's frames. The unit of length is half an average head's
/// height.
/// </summary>
internal sealed record FaceShape(
    float HeadScale,
    float HalfHeight,
    float HalfWidth,
    float Taper, // narrowing from the cheekbones to the chin; 0 for none
    float JawSquareness, // exponent of the jaw's outline: 2 is round, 5 is square
    float CheekFullness, // of cheeks and jowls; negative is hollow
    float NeckRadius,
    float BrowRidge,
    float BrowThickness,
    float NoseProjection,
    float NoseWidth,
    float EyeSize,
    float EyeDistance,
    float LipHeight,
    float Wrinkles, // 0 for smooth, 1 for deeply lined skin
    float Beard, // stubble or beard, 0 to 1
    float Recession, // of the hairline
    float HairEnd, // height of the hair's end at the side: 0 at the eyes, -1 at the chin
    float HairThickness,
    Vector3 Skin,
    Vector3 Hair,
    Vector3 Iris)
{
    private static readonly Vector3 FairSkin = new(0.86f, 0.64f, 0.53f);
    private static readonly Vector3 DarkSkin = new(0.24f, 0.13f, 0.085f);
    private static readonly Vector3 BlackHair = new(0.02f, 0.017f, 0.015f);
    private static readonly Vector3 BrownHair = new(0.13f, 0.07f, 0.035f);
    private static readonly Vector3 BlondHair = new(0.55f, 0.39f, 0.19f);
    private static readonly Vector3 GreyHair = new(0.52f, 0.52f, 0.53f);
    private static readonly Vector3 BrownIris = new(0.10f, 0.05f, 0.02f);
    private static readonly Vector3 GreenIris = new(0.14f, 0.20f, 0.09f);
    private static readonly Vector3 BlueIris = new(0.13f, 0.27f, 0.45f);

    public static FaceShape From(FaceTraits traits)
    {
        SharedTraits shared = traits.Shared;
        bool isMale = shared.Sex == Sex.Male;
        float male = isMale ? 1 : 0;
        float size = Limit(shared.Size);
        float age = Limit(shared.Age);
        float build = Limit(shared.Build);
        float origin = Limit(shared.Origin);
        float old = Sigmoid(1.5f * (age - 0.2f));
        float grey = Sigmoid(3f * (age - 0.7f));
        float melanin = Sigmoid(1.1f * (origin - 0.4f));
        float length = Math.Clamp((float)traits.HairLength + (isMale ? -0.5f : 0.2f), 0, 1);

        return new FaceShape(
            HeadScale: 1 + (0.02f * size) + (0.02f * male),
            HalfHeight: 1 + (0.035f * size) + (0.045f * male),
            HalfWidth: 0.70f + (0.01f * size) + (0.018f * build) + (0.01f * male),
            Taper: Math.Clamp(0.32f - (0.045f * size) - (0.05f * build) - (0.15f * male), 0.0f, 0.5f),
            JawSquareness: Math.Clamp(2.5f + (0.3f * size) + (0.9f * male), 2, 5),
            CheekFullness: (0.055f * build) - (0.015f * age),
            NeckRadius: 0.36f + (0.015f * size) + (0.03f * build) + (0.10f * male),
            BrowRidge: 0.015f + (0.045f * male) + (0.005f * size),
            BrowThickness: Math.Clamp(0.030f + (0.024f * male) + (0.006f * (float)traits.BrowWeight), 0.015f, 0.08f),
            NoseProjection: 0.20f + (0.03f * male) + (0.012f * size) + (0.01f * age) + (0.03f * Limit(traits.NoseSize)),
            NoseWidth: 0.115f + (0.008f * male) + (0.010f * origin) + (0.010f * Limit(traits.NoseSize)),
            EyeSize: 0.135f - (0.008f * male) - (0.006f * size) - (0.004f * age) - (0.003f * build),
            EyeDistance: 0.285f + (0.014f * Limit(traits.EyeSpacing)),
            LipHeight: Math.Max(
                0.03f, 0.088f - (0.022f * male) - (0.010f * age) + (0.008f * origin) + (0.010f * Limit(traits.LipFullness))),
            Wrinkles: old,
            Beard: isMale ? 0.20f + (0.70f * Math.Max(0, ((float)traits.Beard - 0.5f) * 2)) : 0,
            Recession: isMale ? 0.18f * Sigmoid(2 * (age - 0.5f)) : 0.02f,
            HairEnd: 0.15f - (1.75f * length),
            HairThickness: (0.05f + (0.13f * (float)traits.HairVolume)) * (isMale ? 0.75f : 1f) * (1 - (0.3f * old)),
            Skin: Vector3.Lerp(FairSkin, DarkSkin, melanin) * (1 - (0.06f * male)),
            Hair: Vector3.Lerp(Ramp(BlackHair, BrownHair, BlondHair, (float)traits.HairColour), GreyHair, grey),
            Iris: Ramp(BrownIris, GreenIris, BlueIris, (float)traits.EyeColour));
    }

    private static Vector3 Ramp(Vector3 a, Vector3 b, Vector3 c, float t) =>
        t < 0.5f ? Vector3.Lerp(a, b, 2 * t) : Vector3.Lerp(b, c, (2 * t) - 1);

    private static float Limit(double value) => (float)Math.Clamp(value, -3, 3);

    private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));
}
