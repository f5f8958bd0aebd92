namespace CrossModalVae.Audio.Lanes;

/// <summary>Memory for one batch of frames on its way: all of it together fits a core's first cache.</summary>
/// <param name="Frames">[fft, lanes].</param>
/// <param name="Bins">[bins, lanes].</param>
/// <param name="Window">[window, lanes] the frames as cut, where steps inside the frame need them.</param>
/// <param name="Mels">[mels, lanes], where there are mel filters.</param>
internal sealed record FrameBuffers(AlignedBuffer Frames, AlignedBuffer Bins, AlignedBuffer Window, AlignedBuffer Mels);
