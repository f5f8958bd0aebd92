using CrossModalVae.Hosting;

namespace FaceVoiceService;

/// <summary>People of the gallery, most likely first.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="WeightsHash">SHA-256 of its weights.</param>
/// <param name="PeopleCount">How many people were ranked.</param>
/// <param name="People">The first of them.</param>
public sealed record RankedPeople(string Model, string WeightsHash, int PeopleCount, IReadOnlyList<RankedPerson> People);

/// <summary>A person of a ranking.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="Person">Who.</param>
/// <param name="Clip">The person's clip that matched best.</param>
/// <param name="ClipCount">How many clips of the person were compared.</param>
/// <param name="Score">Similarity in the metric of the model's recipe, higher is nearer.</param>
/// <param name="Probability">
/// The calibrated probability that this is the person, at the service's prior; null where the service has no calibration.
/// </param>
public sealed record RankedPerson(int Rank, string Person, string Clip, int ClipCount, double Score, double? Probability);

/// <summary>A clip that was enrolled.</summary>
/// <param name="Person">Whose.</param>
/// <param name="Clip">Its name.</param>
/// <param name="Modality">voice or face.</param>
public sealed record EnrolledClip(string Person, string Clip, string Modality);

/// <summary>What became of a person's rows.</summary>
/// <param name="Removed">How many rows are gone from every file.</param>
public sealed record ForgottenPerson(int Removed);

/// <summary>The model that serves, and the gallery it ranks.</summary>
/// <param name="Model">The model.</param>
/// <param name="Faces">People with faces, whom voices are compared with.</param>
/// <param name="Voices">People with voices, whom faces are compared with.</param>
/// <param name="Rows">Rows in all.</param>
public sealed record ServedModel(HostedModel Model, int Faces, int Voices, int Rows);
