using Microsoft.Win32.SafeHandles;

namespace CrossModalVae.Audio;

/// <summary>The bytes of a sound file: an open file, which this owns, or memory. Threads may share one.</summary>
internal abstract class SoundSource : IDisposable
{
    public abstract long Length { get; }

    /// <summary>Copies bytes; how many, 0 at the end.</summary>
    public abstract int Read(Span<byte> bytes, long offset);

    public abstract void Dispose();

    public static SoundSource Of(SafeFileHandle file) => new OpenFile(file);

    public static SoundSource Of(ReadOnlyMemory<byte> bytes) => new Memory(bytes);

    private sealed class OpenFile(SafeFileHandle file) : SoundSource
    {
        public override long Length => RandomAccess.GetLength(file);

        public override int Read(Span<byte> bytes, long offset) => RandomAccess.Read(file, bytes, offset);

        public override void Dispose() => file.Dispose();
    }

    private sealed class Memory(ReadOnlyMemory<byte> content) : SoundSource
    {
        public override long Length => content.Length;

        public override int Read(Span<byte> bytes, long offset)
        {
            ReadOnlySpan<byte> rest = content.Span[(int)Math.Min(offset, content.Length)..];
            rest = rest[..Math.Min(rest.Length, bytes.Length)];
            rest.CopyTo(bytes);
            return rest.Length;
        }

        public override void Dispose()
        {
        }
    }
}
