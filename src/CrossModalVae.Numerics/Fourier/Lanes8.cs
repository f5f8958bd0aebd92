using System.Runtime.Intrinsics;

namespace CrossModalVae.Fourier;

/// <summary>8 lanes in single precision: AVX2.</summary>
internal readonly struct Lanes8 : ILanes<Lanes8, float>
{
    private readonly Vector256<float> _value;

    private Lanes8(Vector256<float> value) => _value = value;

    public static int Count => Vector256<float>.Count;

    public static Lanes8 operator +(Lanes8 a, Lanes8 b) => new(a._value + b._value);

    public static Lanes8 operator -(Lanes8 a, Lanes8 b) => new(a._value - b._value);

    public static Lanes8 operator -(Lanes8 a) => new(-a._value);

    public static Lanes8 operator *(Lanes8 a, Lanes8 b) => new(a._value * b._value);

    public static Lanes8 Broadcast(float value) => new(Vector256.Create(value));

    public static Lanes8 Load(ref float source, nuint offset) => new(Vector256.LoadUnsafe(ref source, offset));

    public static Lanes8 LoadSingles(ref float source, nuint offset) => Load(ref source, offset);

    public static Lanes8 Abs(Lanes8 a) => new(Vector256.Abs(a._value));

    public static Lanes8 SquareRoot(Lanes8 a) => new(Vector256.Sqrt(a._value));

    public static Lanes8 MultiplyAdd(Lanes8 a, Lanes8 b, Lanes8 c) => new(Vector256.FusedMultiplyAdd(a._value, b._value, c._value));

    public void Store(ref float destination, nuint offset) => _value.StoreUnsafe(ref destination, offset);
}
