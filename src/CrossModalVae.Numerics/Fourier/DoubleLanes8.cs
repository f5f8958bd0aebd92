using System.Runtime.Intrinsics;

namespace CrossModalVae.Fourier;

/// <summary>8 lanes in double precision: AVX-512.</summary>
internal readonly struct DoubleLanes8 : ILanes<DoubleLanes8, double>
{
    private readonly Vector512<double> _value;

    private DoubleLanes8(Vector512<double> value) => _value = value;

    public static int Count => Vector512<double>.Count;

    public static DoubleLanes8 operator +(DoubleLanes8 a, DoubleLanes8 b) => new(a._value + b._value);

    public static DoubleLanes8 operator -(DoubleLanes8 a, DoubleLanes8 b) => new(a._value - b._value);

    public static DoubleLanes8 operator -(DoubleLanes8 a) => new(-a._value);

    public static DoubleLanes8 operator *(DoubleLanes8 a, DoubleLanes8 b) => new(a._value * b._value);

    public static DoubleLanes8 Broadcast(double value) => new(Vector512.Create(value));

    public static DoubleLanes8 Load(ref double source, nuint offset) => new(Vector512.LoadUnsafe(ref source, offset));

    public static DoubleLanes8 LoadSingles(ref float source, nuint offset)
    {
        Vector256<float> singles = Vector256.LoadUnsafe(ref source, offset);
        return new(Vector512.Create(Vector256.WidenLower(singles), Vector256.WidenUpper(singles)));
    }

    public static DoubleLanes8 Abs(DoubleLanes8 a) => new(Vector512.Abs(a._value));

    public static DoubleLanes8 SquareRoot(DoubleLanes8 a) => new(Vector512.Sqrt(a._value));

    public static DoubleLanes8 MultiplyAdd(DoubleLanes8 a, DoubleLanes8 b, DoubleLanes8 c) =>
        new(Vector512.FusedMultiplyAdd(a._value, b._value, c._value));

    public void Store(ref double destination, nuint offset) => _value.StoreUnsafe(ref destination, offset);
}
