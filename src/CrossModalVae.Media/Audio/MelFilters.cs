namespace CrossModalVae.Audio;

/// <summary>The triangles of a mel filter bank, each from its left neighbour's centre to its right neighbour's.</summary>
public enum MelFilters
{
    /// <summary>
    /// Centres even in 2595 log10(1 + f / 700), straight in Hz, peak 1 (torchaudio's default; librosa with htk true and norm None).
    /// </summary>
    Htk,

    /// <summary>Centres even in Slaney's scale (linear to 1 kHz, then logarithmic), straight in Hz, area 1 (librosa's default).</summary>
    Slaney,

    /// <summary>Centres even in 1127 ln(1 + f / 700), straight in mel, peak 1, without the bin at half the rate (Kaldi).</summary>
    Kaldi,
}
