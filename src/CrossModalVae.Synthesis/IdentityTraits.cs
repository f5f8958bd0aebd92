using System.Text.Json.Serialization;

namespace CrossModalVae.Synthesis;

/// <summary>The sex of a synthetic identity; voice and face always agree on it.</summary>
internal enum Sex
{
    Female,
    Male,
}

/// <summary>The true traits of one synthetic identity, one line of traits.jsonl. Voice and face each look older or younger than the
/// age.</summary>
internal sealed record IdentityTraits(
    string Identity,
    CorpusSplit Split,
    [property: JsonPropertyName("age")] double AgeYears, // 18 to 80
    [property: JsonPropertyName("nationality")] string Region, // a third of the latent origin
    VoiceTraits Voice,
    FaceTraits Face);

/// <summary>
/// The traits that one modality shares with the other. All but the sex are standard normal within a modality and correlated between the two
/// (<see cref="SyntheticCorrelations"/>).
/// </summary>
internal sealed record SharedTraits(
    Sex Sex,
    double Size, // within the sex; larger is bigger
    double Age, // larger is older
    double Build, // larger is heavier
    double Origin); // where an identity comes from: accent and skin tone

/// <summary>The traits of an identity's voice in all of its clips; all numbers are standard normal over identities.</summary>
internal sealed record VoiceTraits(
    SharedTraits Shared,
    double Pitch, // beyond what sex, size and age explain; larger is higher
    double PitchRange, // of the intonation; larger is livelier
    double SpeakingRate, // beyond what age explains; larger is faster
    double Nasality); // larger is more nasal

/// <summary>The traits of an identity's face in all of its frames: standard normal, or uniform from 0 to 1 from the hair on.</summary>
internal sealed record FaceTraits(
    SharedTraits Shared,
    double NoseSize,
    double EyeSpacing,
    double LipFullness,
    double BrowWeight, // beyond what sex explains
    double HairColour, // black over brown to blond
    double HairLength, // cropped to below the shoulders; longer for women
    double HairVolume,
    double EyeColour, // brown over green to blue
    double Beard); // none below 0.5, then stubble to full; men only
