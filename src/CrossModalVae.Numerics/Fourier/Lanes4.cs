using System.Runtime.Intrinsics;

namespace CrossModalVae.Fourier;

/// <summary>4 lanes in single precision: what every machine has.</summary>
internal readonly struct Lanes4 : ILanes<Lanes4, float>
{
    private readonly Vector128<float> _value;

    private Lanes4(Vector128<float> value) => _value = value;

    public static int Count => Vector128<float>.Count;

    public static Lanes4 operator +(Lanes4 a, Lanes4 b) => new(a._value + b._value);

    public static Lanes4 operator -(Lanes4 a, Lanes4 b) => new(a._value - b._value);

    public static Lanes4 operator -(Lanes4 a) => new(-a._value);

    public static Lanes4 operator *(Lanes4 a, Lanes4 b) => new(a._value * b._value);

    public static Lanes4 Broadcast(float value) => new(Vector128.Create(value));

    public static Lanes4 Load(ref float source, nuint offset) => new(Vector128.LoadUnsafe(ref source, offset));

    public static Lanes4 LoadSingles(ref float source, nuint offset) => Load(ref source, offset);

    public static Lanes4 Abs(Lanes4 a) => new(Vector128.Abs(a._value));

    public static Lanes4 SquareRoot(Lanes4 a) => new(Vector128.Sqrt(a._value));

    public static Lanes4 MultiplyAdd(Lanes4 a, Lanes4 b, Lanes4 c) => new(Vector128.FusedMultiplyAdd(a._value, b._value, c._value));

    public void Store(ref float destination, nuint offset) => _value.StoreUnsafe(ref destination, offset);
}
