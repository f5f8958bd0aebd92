using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CrossModalVae.Fourier;

/// <summary>Numbers side by side, one signal or frame a lane. Every width does the same with each lane, to the last bit.</summary>
/// <typeparam name="T">The lanes.</typeparam>
/// <typeparam name="TNumber">A lane: Single or Double.</typeparam>
internal interface ILanes<T, TNumber>
    where T : struct, ILanes<T, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    static abstract int Count { get; }

    static abstract T Broadcast(TNumber value);

    static abstract T Load(ref TNumber source, nuint offset);

    /// <summary>Loads single-precision numbers, exactly.</summary>
    static abstract T LoadSingles(ref float source, nuint offset);

    static abstract T Abs(T a);

    static abstract T SquareRoot(T a);

    /// <summary>a * b + c, rounded once, whatever the hardware.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator -(T a);

    static abstract T operator *(T a, T b);

    void Store(ref TNumber destination, nuint offset);
}

/// <summary>One lane: a single signal.</summary>
internal readonly struct ScalarLane<TNumber>(TNumber value) : ILanes<ScalarLane<TNumber>, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly TNumber _value = value;

    public static int Count => 1;

    public static ScalarLane<TNumber> operator +(ScalarLane<TNumber> a, ScalarLane<TNumber> b) => new(a._value + b._value);

    public static ScalarLane<TNumber> operator -(ScalarLane<TNumber> a, ScalarLane<TNumber> b) => new(a._value - b._value);

    public static ScalarLane<TNumber> operator -(ScalarLane<TNumber> a) => new(-a._value);

    public static ScalarLane<TNumber> operator *(ScalarLane<TNumber> a, ScalarLane<TNumber> b) => new(a._value * b._value);

    public static ScalarLane<TNumber> Broadcast(TNumber value) => new(value);

    public static ScalarLane<TNumber> Load(ref TNumber source, nuint offset) => new(Unsafe.Add(ref source, offset));

    public static ScalarLane<TNumber> LoadSingles(ref float source, nuint offset) =>
        new(TNumber.CreateTruncating(Unsafe.Add(ref source, offset)));

    public static ScalarLane<TNumber> Abs(ScalarLane<TNumber> a) => new(TNumber.Abs(a._value));

    public static ScalarLane<TNumber> SquareRoot(ScalarLane<TNumber> a) => new(TNumber.Sqrt(a._value));

    public static ScalarLane<TNumber> MultiplyAdd(ScalarLane<TNumber> a, ScalarLane<TNumber> b, ScalarLane<TNumber> c) =>
        new(TNumber.FusedMultiplyAdd(a._value, b._value, c._value));

    public void Store(ref TNumber destination, nuint offset) => Unsafe.Add(ref destination, offset) = _value;
}

/// <summary>128 bits: what every machine has.</summary>
internal readonly struct Lanes128<TNumber> : ILanes<Lanes128<TNumber>, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly Vector128<TNumber> _value;

    private Lanes128(Vector128<TNumber> value) => _value = value;

    public static int Count => Vector128<TNumber>.Count;

    public static Lanes128<TNumber> operator +(Lanes128<TNumber> a, Lanes128<TNumber> b) => new(a._value + b._value);

    public static Lanes128<TNumber> operator -(Lanes128<TNumber> a, Lanes128<TNumber> b) => new(a._value - b._value);

    public static Lanes128<TNumber> operator -(Lanes128<TNumber> a) => new(-a._value);

    public static Lanes128<TNumber> operator *(Lanes128<TNumber> a, Lanes128<TNumber> b) => new(a._value * b._value);

    public static Lanes128<TNumber> Broadcast(TNumber value) => new(Vector128.Create(value));

    public static Lanes128<TNumber> Load(ref TNumber source, nuint offset) => new(Vector128.LoadUnsafe(ref source, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TNumber> LoadSingles(ref float source, nuint offset)
    {
        if (typeof(TNumber) == typeof(float))
        {
            return new(Vector128.LoadUnsafe(ref source, offset).As<float, TNumber>());
        }

        return new(Vector128.Create((double)Unsafe.Add(ref source, offset), Unsafe.Add(ref source, offset + 1)).As<double, TNumber>());
    }

    public static Lanes128<TNumber> Abs(Lanes128<TNumber> a) => new(Vector128.Abs(a._value));

    public static Lanes128<TNumber> SquareRoot(Lanes128<TNumber> a) => new(Vector128.Sqrt(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<TNumber> MultiplyAdd(Lanes128<TNumber> a, Lanes128<TNumber> b, Lanes128<TNumber> c) =>
        new(typeof(TNumber) == typeof(float)
            ? Vector128.FusedMultiplyAdd(a._value.AsSingle(), b._value.AsSingle(), c._value.AsSingle()).As<float, TNumber>()
            : Vector128.FusedMultiplyAdd(a._value.AsDouble(), b._value.AsDouble(), c._value.AsDouble()).As<double, TNumber>());

    public void Store(ref TNumber destination, nuint offset) => _value.StoreUnsafe(ref destination, offset);
}

/// <summary>256 bits: AVX2.</summary>
internal readonly struct Lanes256<TNumber> : ILanes<Lanes256<TNumber>, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly Vector256<TNumber> _value;

    private Lanes256(Vector256<TNumber> value) => _value = value;

    public static int Count => Vector256<TNumber>.Count;

    public static Lanes256<TNumber> operator +(Lanes256<TNumber> a, Lanes256<TNumber> b) => new(a._value + b._value);

    public static Lanes256<TNumber> operator -(Lanes256<TNumber> a, Lanes256<TNumber> b) => new(a._value - b._value);

    public static Lanes256<TNumber> operator -(Lanes256<TNumber> a) => new(-a._value);

    public static Lanes256<TNumber> operator *(Lanes256<TNumber> a, Lanes256<TNumber> b) => new(a._value * b._value);

    public static Lanes256<TNumber> Broadcast(TNumber value) => new(Vector256.Create(value));

    public static Lanes256<TNumber> Load(ref TNumber source, nuint offset) => new(Vector256.LoadUnsafe(ref source, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TNumber> LoadSingles(ref float source, nuint offset)
    {
        if (typeof(TNumber) == typeof(float))
        {
            return new(Vector256.LoadUnsafe(ref source, offset).As<float, TNumber>());
        }

        Vector128<float> singles = Vector128.LoadUnsafe(ref source, offset);
        return new(Vector256.Create(Vector128.WidenLower(singles), Vector128.WidenUpper(singles)).As<double, TNumber>());
    }

    public static Lanes256<TNumber> Abs(Lanes256<TNumber> a) => new(Vector256.Abs(a._value));

    public static Lanes256<TNumber> SquareRoot(Lanes256<TNumber> a) => new(Vector256.Sqrt(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<TNumber> MultiplyAdd(Lanes256<TNumber> a, Lanes256<TNumber> b, Lanes256<TNumber> c) =>
        new(typeof(TNumber) == typeof(float)
            ? Vector256.FusedMultiplyAdd(a._value.AsSingle(), b._value.AsSingle(), c._value.AsSingle()).As<float, TNumber>()
            : Vector256.FusedMultiplyAdd(a._value.AsDouble(), b._value.AsDouble(), c._value.AsDouble()).As<double, TNumber>());

    public void Store(ref TNumber destination, nuint offset) => _value.StoreUnsafe(ref destination, offset);
}

/// <summary>512 bits: AVX-512.</summary>
internal readonly struct Lanes512<TNumber> : ILanes<Lanes512<TNumber>, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly Vector512<TNumber> _value;

    private Lanes512(Vector512<TNumber> value) => _value = value;

    public static int Count => Vector512<TNumber>.Count;

    public static Lanes512<TNumber> operator +(Lanes512<TNumber> a, Lanes512<TNumber> b) => new(a._value + b._value);

    public static Lanes512<TNumber> operator -(Lanes512<TNumber> a, Lanes512<TNumber> b) => new(a._value - b._value);

    public static Lanes512<TNumber> operator -(Lanes512<TNumber> a) => new(-a._value);

    public static Lanes512<TNumber> operator *(Lanes512<TNumber> a, Lanes512<TNumber> b) => new(a._value * b._value);

    public static Lanes512<TNumber> Broadcast(TNumber value) => new(Vector512.Create(value));

    public static Lanes512<TNumber> Load(ref TNumber source, nuint offset) => new(Vector512.LoadUnsafe(ref source, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TNumber> LoadSingles(ref float source, nuint offset)
    {
        if (typeof(TNumber) == typeof(float))
        {
            return new(Vector512.LoadUnsafe(ref source, offset).As<float, TNumber>());
        }

        Vector256<float> singles = Vector256.LoadUnsafe(ref source, offset);
        return new(Vector512.Create(Vector256.WidenLower(singles), Vector256.WidenUpper(singles)).As<double, TNumber>());
    }

    public static Lanes512<TNumber> Abs(Lanes512<TNumber> a) => new(Vector512.Abs(a._value));

    public static Lanes512<TNumber> SquareRoot(Lanes512<TNumber> a) => new(Vector512.Sqrt(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<TNumber> MultiplyAdd(Lanes512<TNumber> a, Lanes512<TNumber> b, Lanes512<TNumber> c) =>
        new(typeof(TNumber) == typeof(float)
            ? Vector512.FusedMultiplyAdd(a._value.AsSingle(), b._value.AsSingle(), c._value.AsSingle()).As<float, TNumber>()
            : Vector512.FusedMultiplyAdd(a._value.AsDouble(), b._value.AsDouble(), c._value.AsDouble()).As<double, TNumber>());

    public void Store(ref TNumber destination, nuint offset) => _value.StoreUnsafe(ref destination, offset);
}
