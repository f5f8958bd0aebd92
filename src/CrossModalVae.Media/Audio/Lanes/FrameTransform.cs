using System.Runtime.Intrinsics;
using CrossModalVae.Fourier;

namespace CrossModalVae.Audio.Lanes;

/// <summary>
/// Takes as many frames of a signal as there are lanes through the steps of <see cref="FrameSteps"/>.
/// Immutable; buffers belong to the caller.
/// </summary>
internal abstract class FrameTransform
{
    /// <summary>Frames at once.</summary>
    public abstract int LaneCount { get; }

    /// <summary>Numbers of a frame: the transform's bins or the mel filters.</summary>
    public abstract int RowLength { get; }

    /// <summary>The widest that the machine has in hardware, or a given width; all give the same bits.</summary>
    /// <param name="steps">What is done. Mel filters are computed in double precision: a logarithm follows, which shows what single
    /// precision leaves of an all but empty filter beside a loud one.</param>
    /// <param name="vectorBits">128, 256 or 512; null is the machine's.</param>
    public static FrameTransform Create(FrameSteps steps, int? vectorBits = null) =>
        (vectorBits ?? (Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128), steps.Mel is not null) switch
        {
            (128, false) => new FrameTransform<Lanes128<float>, float>(steps),
            (256, false) => new FrameTransform<Lanes256<float>, float>(steps),
            (512, false) => new FrameTransform<Lanes512<float>, float>(steps),
            (128, true) => new FrameTransform<Lanes128<double>, double>(steps),
            (256, true) => new FrameTransform<Lanes256<double>, double>(steps),
            (512, true) => new FrameTransform<Lanes512<double>, double>(steps),
            _ => throw new ArgumentOutOfRangeException(nameof(vectorBits), $"'vectorBits' is {vectorBits}; must be 128, 256 or 512."),
        };

    /// <summary>Memory for one batch of frames.</summary>
    public abstract FrameBuffers CreateBuffers();

    /// <summary>Transforms a batch.</summary>
    /// <param name="signal">The signal, neighbouring frames side by side.</param>
    /// <param name="first">The first frame.</param>
    /// <param name="buffers">From <see cref="CreateBuffers"/>.</param>
    /// <returns>[<see cref="RowLength"/>, <see cref="LaneCount"/>], within the buffers.</returns>
    public abstract ReadOnlySpan<float> Run(FrameColumns signal, int first, FrameBuffers buffers);
}
