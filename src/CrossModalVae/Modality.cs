namespace CrossModalVae;

/// <summary>What a row of features or an embedding was computed from.</summary>
public enum Modality
{
    /// <summary>The sound of a clip.</summary>
    Voice,

    /// <summary>The face frames of a clip.</summary>
    Face,

    /// <summary>Both together; embeddings only.</summary>
    Joint,
}
