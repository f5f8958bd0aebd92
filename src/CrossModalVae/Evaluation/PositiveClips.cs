namespace CrossModalVae.Evaluation;

/// <summary>
/// Which gallery clips of a probe's identity are positives, in every metric alike: verification, matching and retrieval. Clips of the
/// identity that are no positives are left out of the probe's gallery; probes without a positive are left out, and counted.
/// </summary>
public enum PositiveClips
{
    /// <summary>Clips other than the probe's own: voice and face share no recording. People with one clip do not ask.</summary>
    Other,

    /// <summary>The probe's own clip alone: voice and face of one recording.</summary>
    Own,

    /// <summary>All clips of the identity.</summary>
    Any,
}
