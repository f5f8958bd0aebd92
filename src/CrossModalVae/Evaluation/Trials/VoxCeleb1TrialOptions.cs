namespace CrossModalVae.Evaluation.Trials;

/// <summary>The published trial lists of VoxCeleb1.</summary>
public sealed record VoxCeleb1TrialOptions
{
    /// <summary>The folder with <c>veriflist</c>, <c>matching</c> and <c>retrieval</c>, or some of them.</summary>
    public required string Lists { get; init; }

    /// <summary>The list of people, separated by tabs or commas; null is vox1_meta.csv in the folder. Default null.</summary>
    public string? MetaFile { get; init; }

    /// <summary>The identities of the verification trials. Default all.</summary>
    public VoxCeleb1TrialPeople People { get; init; } = VoxCeleb1TrialPeople.All;
}

/// <summary>The identities of the published verification trials; matching and retrieval lists have unseen-unheard ones only.</summary>
public enum VoxCeleb1TrialPeople
{
    /// <summary>All lists.</summary>
    All,

    /// <summary>Seen-heard identities.</summary>
    SeenHeard,

    /// <summary>Unseen-unheard identities.</summary>
    UnseenUnheard,
}

/// <summary>One published list.</summary>
/// <param name="FilePath">The file.</param>
/// <param name="Kind">The kind of its trials.</param>
/// <param name="Stratum">The stratum in our trial list, as in GNA-unseen-unheard, GN or 20k.</param>
/// <param name="Direction">The modalities of probe and gallery; null for verification and retrieval.</param>
/// <param name="Modality">Retrieval: the modality of the list's items; null elsewhere.</param>
/// <param name="TrialCount">Its rows.</param>
public sealed record VoxCeleb1TrialList(
    string FilePath, TrialKind Kind, string Stratum, RetrievalDirection? Direction, Modality? Modality, int TrialCount);
