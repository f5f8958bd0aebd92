namespace CrossModalVae.Models;

/// <summary>What a model was trained on.</summary>
/// <param name="Description">In words.</param>
/// <param name="Identities">People in the training split.</param>
/// <param name="Clips">Clips in the training split.</param>
/// <param name="Licence">The data's licence, or null where there is none.</param>
public sealed record ModelCardData(string Description, int Identities, int Clips, string? Licence);
