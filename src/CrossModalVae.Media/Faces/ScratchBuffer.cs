namespace CrossModalVae.Faces;

/// <summary>Work memory that is kept from picture to picture and grows where it must.</summary>
internal static class ScratchBuffer
{
    /// <summary>The first <paramref name="length"/> elements; where the memory grows, its content is lost.</summary>
    public static Span<T> Reserve<T>(ref T[] memory, int length)
    {
        if (memory.Length < length)
        {
            memory = new T[length];
        }

        return memory.AsSpan(0, length);
    }
}
