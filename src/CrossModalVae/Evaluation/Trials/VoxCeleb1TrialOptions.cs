namespace CrossModalVae.Evaluation.Trials;

/// <summary>Where the published trial lists of VoxCeleb1 are and which are wanted.</summary>
public sealed record VoxCeleb1TrialOptions
{
    /// <summary>The folder with <c>veriflist</c>, <c>matching</c> and <c>retrieval</c>, or some of them.</summary>
    public required string Lists { get; init; }

    /// <summary>The list of people, separated by tabs or commas; null is vox1_meta.csv in the folder. Default null.</summary>
    public string? MetaFile { get; init; }

    /// <summary>Whose verification trials. Default all.</summary>
    public VoxCeleb1TrialPeople People { get; init; } = VoxCeleb1TrialPeople.All;
}
