namespace CrossModalVae.Audio;

/// <summary>What pre-emphasis takes for the sample before the first one.</summary>
public enum PreEmphasisEdge
{
    /// <summary>0: y[0] = x[0].</summary>
    Zero,

    /// <summary>The first sample: y[0] = (1 - a) x[0] (Kaldi).</summary>
    Replicate,

    /// <summary>The second sample: y[0] = x[0] - a x[1] (voxceleb_trainer).</summary>
    Reflect,
}
