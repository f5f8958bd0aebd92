namespace CrossModalVae.Synthesis;

/// <summary>What shapes the face of an identity, in all of its frames.</summary>
/// <param name="Shared">The face's side of the traits it shares with the voice.</param>
/// <param name="NoseSize">Size of the nose, standard normal.</param>
/// <param name="EyeSpacing">Distance of the eyes, standard normal.</param>
/// <param name="LipFullness">Height of the lips, standard normal.</param>
/// <param name="BrowWeight">Thickness of the brows beyond what sex explains, standard normal.</param>
/// <param name="HairColour">From black (0) over brown to blond (1), uniform.</param>
/// <param name="HairLength">From cropped (0) to below the shoulders (1), uniform; women wear it longer on the whole.</param>
/// <param name="HairVolume">How far the hair stands off, uniform in [0, 1).</param>
/// <param name="EyeColour">From brown (0) over green to blue (1), uniform.</param>
/// <param name="Beard">From none (below a half) to full (1), uniform; of no effect on women.</param>
public sealed record FaceTraits(
    SharedTraits Shared,
    double NoseSize,
    double EyeSpacing,
    double LipFullness,
    double BrowWeight,
    double HairColour,
    double HairLength,
    double HairVolume,
    double EyeColour,
    double Beard);
