using System.Numerics;

namespace CrossModalVae.Fourier;

/// <summary>
/// Numbers side by side, one signal or frame a lane: what hardware of any width does with each lane the same way, to the last bit.
/// </summary>
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
