namespace CrossModalVae.Audio;

/// <summary>A part of an open file, mixed down to one channel. Not thread-safe.</summary>
internal interface IClipReader : ISampleSource, IDisposable;
