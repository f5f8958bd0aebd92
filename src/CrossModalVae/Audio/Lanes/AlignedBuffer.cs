using System.Runtime.CompilerServices;

namespace CrossModalVae.Audio.Lanes;

/// <summary>Work memory that starts at a cache line: vectors that straddle lines cost twice.</summary>
internal sealed class AlignedBuffer
{
    private const int LineLength = 64;
    private readonly float[] _array;
    private readonly int _start;

    public AlignedBuffer(int length)
    {
        const int Slack = LineLength / sizeof(float);
        _array = GC.AllocateArray<float>(length + Slack, pinned: true);
        nuint address;
        unsafe
        {
            address = (nuint)Unsafe.AsPointer(ref _array[0]); // Pinned: it stays.
        }

        _start = (int)((LineLength - (address % LineLength)) % LineLength) / sizeof(float);
        Length = length;
    }

    public int Length { get; }

    public Span<float> Span => _array.AsSpan(_start, Length);

    public ref float First => ref _array[_start];
}
