namespace CrossModalVae.Audio;

/// <summary>How the dither's numbers are distributed between -1 and 1.</summary>
public enum DitherShape
{
    /// <summary>Evenly (VoxCeleb practice in Python).</summary>
    Uniform,

    /// <summary>As the sum of two even ones, most of them near 0 (VGG's MATLAB code).</summary>
    Triangular,
}
