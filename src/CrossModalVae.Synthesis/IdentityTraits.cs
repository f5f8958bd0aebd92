namespace CrossModalVae.Synthesis;

/// <summary>The truth about one synthetic identity: one line of traits.jsonl.</summary>
/// <param name="Identity">The identity's name in the manifest.</param>
/// <param name="Split">The split all of its clips belong to.</param>
/// <param name="AgeYears">Its age in years, 18 to 80, as in the manifest; voice and face each look older or younger than that.</param>
/// <param name="Region">Its region, as the manifest's nationality: a third of the latent origin.</param>
/// <param name="Voice">What shapes its voice.</param>
/// <param name="Face">What shapes its face.</param>
public sealed record IdentityTraits(string Identity, CorpusSplit Split, double AgeYears, string Region, VoiceTraits Voice, FaceTraits Face);
