namespace CrossModalVae.Audio;

/// <summary>When pre-emphasis is applied.</summary>
public enum PreEmphasisStage
{
    /// <summary>To the signal, after DC filter and dither.</summary>
    Signal,

    /// <summary>To the signal, before DC filter and dither.</summary>
    BeforeDc,

    /// <summary>To each frame by itself, after its mean is removed and before the window (Kaldi).</summary>
    Frame,
}
