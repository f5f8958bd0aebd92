using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CrossModalVae.Fourier;

/// <summary>2 lanes in double precision: what every machine has.</summary>
internal readonly struct DoubleLanes2 : ILanes<DoubleLanes2, double>
{
    private readonly Vector128<double> _value;

    private DoubleLanes2(Vector128<double> value) => _value = value;

    public static int Count => Vector128<double>.Count;

    public static DoubleLanes2 operator +(DoubleLanes2 a, DoubleLanes2 b) => new(a._value + b._value);

    public static DoubleLanes2 operator -(DoubleLanes2 a, DoubleLanes2 b) => new(a._value - b._value);

    public static DoubleLanes2 operator -(DoubleLanes2 a) => new(-a._value);

    public static DoubleLanes2 operator *(DoubleLanes2 a, DoubleLanes2 b) => new(a._value * b._value);

    public static DoubleLanes2 Broadcast(double value) => new(Vector128.Create(value));

    public static DoubleLanes2 Load(ref double source, nuint offset) => new(Vector128.LoadUnsafe(ref source, offset));

    public static DoubleLanes2 LoadSingles(ref float source, nuint offset) =>
        new(Vector128.Create((double)Unsafe.Add(ref source, offset), Unsafe.Add(ref source, offset + 1)));

    public static DoubleLanes2 Abs(DoubleLanes2 a) => new(Vector128.Abs(a._value));

    public static DoubleLanes2 SquareRoot(DoubleLanes2 a) => new(Vector128.Sqrt(a._value));

    public static DoubleLanes2 MultiplyAdd(DoubleLanes2 a, DoubleLanes2 b, DoubleLanes2 c) =>
        new(Vector128.FusedMultiplyAdd(a._value, b._value, c._value));

    public void Store(ref double destination, nuint offset) => _value.StoreUnsafe(ref destination, offset);
}
