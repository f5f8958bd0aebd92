namespace CrossModalVae.Audio;

/// <summary>Which samples a frame covers; N samples, a window of W and an FFT of L samples, a hop of H.</summary>
public enum VoiceFraming
{
    /// <summary>
    /// Frames of the FFT's length with the window in their middle: (N - L) / H + 1 frames (torch.stft with center false).
    /// </summary>
    FftLength,

    /// <summary>
    /// Frames of the window's length, filled with zeros up to the FFT's: (N - W) / H + 1 frames (SciPy, MATLAB, Kaldi's snip-edges).
    /// </summary>
    WindowLength,

    /// <summary>Frames of the FFT's length around every H-th sample, the signal mirrored by L / 2 at both ends: N / H + 1 frames
    /// (torch.stft and librosa with center true and reflection).</summary>
    CenterReflect,
}
