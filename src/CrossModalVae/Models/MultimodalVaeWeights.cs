namespace CrossModalVae.Models;

/// <summary>A trained MS-VAE as plain numbers: what training fills, export writes and nothing else needs an engine for.</summary>
/// <param name="Voice">The voice encoder.</param>
/// <param name="Face">The face encoder.</param>
/// <param name="Decoder">The decoder both share.</param>
public sealed record MultimodalVaeWeights(GaussianEncoderWeights Voice, GaussianEncoderWeights Face, SharedDecoderWeights Decoder);
