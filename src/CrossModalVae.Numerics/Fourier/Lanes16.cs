using System.Runtime.Intrinsics;

namespace CrossModalVae.Fourier;

/// <summary>16 lanes in single precision: AVX-512.</summary>
internal readonly struct Lanes16 : ILanes<Lanes16, float>
{
    private readonly Vector512<float> _value;

    private Lanes16(Vector512<float> value) => _value = value;

    public static int Count => Vector512<float>.Count;

    public static Lanes16 operator +(Lanes16 a, Lanes16 b) => new(a._value + b._value);

    public static Lanes16 operator -(Lanes16 a, Lanes16 b) => new(a._value - b._value);

    public static Lanes16 operator -(Lanes16 a) => new(-a._value);

    public static Lanes16 operator *(Lanes16 a, Lanes16 b) => new(a._value * b._value);

    public static Lanes16 Broadcast(float value) => new(Vector512.Create(value));

    public static Lanes16 Load(ref float source, nuint offset) => new(Vector512.LoadUnsafe(ref source, offset));

    public static Lanes16 LoadSingles(ref float source, nuint offset) => Load(ref source, offset);

    public static Lanes16 Abs(Lanes16 a) => new(Vector512.Abs(a._value));

    public static Lanes16 SquareRoot(Lanes16 a) => new(Vector512.Sqrt(a._value));

    public static Lanes16 MultiplyAdd(Lanes16 a, Lanes16 b, Lanes16 c) => new(Vector512.FusedMultiplyAdd(a._value, b._value, c._value));

    public void Store(ref float destination, nuint offset) => _value.StoreUnsafe(ref destination, offset);
}
