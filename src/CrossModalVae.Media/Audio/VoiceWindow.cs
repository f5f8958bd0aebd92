namespace CrossModalVae.Audio;

/// <summary>The window's shape; W is its length.</summary>
public enum VoiceWindow
{
    /// <summary>0.54 - 0.46 cos(2 pi n / W), periodic (SciPy's and torch's default).</summary>
    Hamming,

    /// <summary>0.54 - 0.46 cos(2 pi n / (W - 1)), symmetric (MATLAB's and numpy's).</summary>
    HammingSymmetric,

    /// <summary>0.5 - 0.5 cos(2 pi n / W), periodic (librosa's and torch's default).</summary>
    Hann,

    /// <summary>0.5 - 0.5 cos(2 pi n / (W - 1)), symmetric.</summary>
    HannSymmetric,

    /// <summary>The symmetric Hann window to the power of 0.85 (Kaldi).</summary>
    Povey,
}
