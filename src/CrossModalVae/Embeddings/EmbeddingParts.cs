namespace CrossModalVae.Embeddings;

/// <summary>What embeddings hold beside the means.</summary>
[Flags]
public enum EmbeddingParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The posteriors' standard deviations; joint embeddings have none.</summary>
    StandardDeviations = 1,

    /// <summary>
    /// The shared decoder's outputs of the means, face and then voice, standardised as in training; joint embeddings have none.
    /// </summary>
    Reconstructions = 2,
}
