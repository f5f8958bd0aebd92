namespace CrossModalVae.Audio;

/// <summary>Changes a spectrogram in place.</summary>
/// <param name="spectrum">[frames, bins], row-major, compressed as the recipe says, one-sided.</param>
/// <param name="bins">Bins of a frame.</param>
internal delegate void SpectrumEdit(Span<float> spectrum, int bins);
