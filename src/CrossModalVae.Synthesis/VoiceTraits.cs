namespace CrossModalVae.Synthesis;

/// <summary>What shapes the voice of an identity, in all of its clips. Every number is standard normal over identities.</summary>
/// <param name="Shared">The voice's side of the traits it shares with the face.</param>
/// <param name="Pitch">Pitch beyond what sex, size and age explain; larger is higher.</param>
/// <param name="PitchRange">Liveliness of the intonation; larger is livelier.</param>
/// <param name="SpeakingRate">Tempo beyond what age explains; larger is faster.</param>
/// <param name="Nasality">How far the velum hangs open; larger is more nasal.</param>
public sealed record VoiceTraits(SharedTraits Shared, double Pitch, double PitchRange, double SpeakingRate, double Nasality);
