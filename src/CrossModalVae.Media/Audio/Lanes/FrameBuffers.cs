using CrossModalVae.Fourier;

namespace CrossModalVae.Audio.Lanes;

/// <summary>
/// Memory of a <see cref="FrameTransform"/> for one batch of frames on its way: all of it together fits a core's first cache.
/// </summary>
internal abstract record FrameBuffers;

/// <summary>The memory in one precision.</summary>
/// <param name="Frames">[fft, lanes].</param>
/// <param name="Bins">[bins, lanes].</param>
/// <param name="Window">[window, lanes] the frames as cut, where steps inside the frame need them.</param>
/// <param name="Mels">[mels, lanes], where there are mel filters.</param>
/// <param name="Rows">[mels or bins, lanes] what comes out, where that is not the precision of the steps.</param>
internal sealed record FrameBuffers<TNumber>(
    AlignedBuffer<TNumber> Frames,
    AlignedBuffer<TNumber> Bins,
    AlignedBuffer<TNumber> Window,
    AlignedBuffer<TNumber> Mels,
    AlignedBuffer<float> Rows) : FrameBuffers
    where TNumber : unmanaged;
