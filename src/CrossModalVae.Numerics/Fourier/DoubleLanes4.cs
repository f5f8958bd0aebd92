using System.Runtime.Intrinsics;

namespace CrossModalVae.Fourier;

/// <summary>4 lanes in double precision: AVX2.</summary>
internal readonly struct DoubleLanes4 : ILanes<DoubleLanes4, double>
{
    private readonly Vector256<double> _value;

    private DoubleLanes4(Vector256<double> value) => _value = value;

    public static int Count => Vector256<double>.Count;

    public static DoubleLanes4 operator +(DoubleLanes4 a, DoubleLanes4 b) => new(a._value + b._value);

    public static DoubleLanes4 operator -(DoubleLanes4 a, DoubleLanes4 b) => new(a._value - b._value);

    public static DoubleLanes4 operator -(DoubleLanes4 a) => new(-a._value);

    public static DoubleLanes4 operator *(DoubleLanes4 a, DoubleLanes4 b) => new(a._value * b._value);

    public static DoubleLanes4 Broadcast(double value) => new(Vector256.Create(value));

    public static DoubleLanes4 Load(ref double source, nuint offset) => new(Vector256.LoadUnsafe(ref source, offset));

    public static DoubleLanes4 LoadSingles(ref float source, nuint offset)
    {
        Vector128<float> singles = Vector128.LoadUnsafe(ref source, offset);
        return new(Vector256.Create(Vector128.WidenLower(singles), Vector128.WidenUpper(singles)));
    }

    public static DoubleLanes4 Abs(DoubleLanes4 a) => new(Vector256.Abs(a._value));

    public static DoubleLanes4 SquareRoot(DoubleLanes4 a) => new(Vector256.Sqrt(a._value));

    public static DoubleLanes4 MultiplyAdd(DoubleLanes4 a, DoubleLanes4 b, DoubleLanes4 c) =>
        new(Vector256.FusedMultiplyAdd(a._value, b._value, c._value));

    public void Store(ref double destination, nuint offset) => _value.StoreUnsafe(ref destination, offset);
}
