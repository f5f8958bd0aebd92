using System.Runtime.Intrinsics;

namespace CrossModalVae.Audio.Lanes;

/// <summary>Takes as many frames of a signal as there are lanes through the steps of <see cref="FrameSteps"/>. Immutable; buffers belong to the caller.</summary>
internal abstract class FrameTransform
{
    /// <summary>Frames at once.</summary>
    public abstract int LaneCount { get; }

    /// <summary>Numbers of a frame: the transform's bins or the mel filters.</summary>
    public abstract int RowLength { get; }

    /// <summary>The widest that the machine has in hardware, or a given width; all give the same bits.</summary>
    /// <param name="steps">What is done.</param>
    /// <param name="laneCount">4, 8 or 16; null is the machine's.</param>
    public static FrameTransform Create(FrameSteps steps, int? laneCount = null) =>
        (laneCount ?? (Vector512.IsHardwareAccelerated ? Lanes16.Count : Vector256.IsHardwareAccelerated ? Lanes8.Count : Lanes4.Count)) switch
        {
            4 => new FrameTransform<Lanes4>(steps),
            8 => new FrameTransform<Lanes8>(steps),
            16 => new FrameTransform<Lanes16>(steps),
            _ => throw new ArgumentOutOfRangeException(nameof(laneCount), $"'laneCount' is {laneCount}; must be 4, 8 or 16."),
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
