using System.Runtime.CompilerServices;

namespace CrossModalVae.Fourier;

/// <summary>Work memory that starts at a cache line: vectors that straddle lines cost twice.</summary>
internal sealed class AlignedBuffer<TNumber>
    where TNumber : unmanaged
{
    private const int LineLength = 64;
    private readonly TNumber[] _array;
    private readonly int _start;

    public AlignedBuffer(int length)
    {
        int size = Unsafe.SizeOf<TNumber>();
        _array = GC.AllocateArray<TNumber>(length + (LineLength / size), pinned: true);
        nuint address;
        unsafe
        {
            address = (nuint)Unsafe.AsPointer(ref _array[0]); // Pinned: it stays.
        }

        _start = (int)((LineLength - (address % LineLength)) % LineLength) / size;
        Length = length;
    }

    public int Length { get; }

    public Span<TNumber> Span => _array.AsSpan(_start, Length);

    public ref TNumber First => ref _array[_start];
}
