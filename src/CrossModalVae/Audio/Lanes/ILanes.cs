namespace CrossModalVae.Audio.Lanes;

/// <summary>Floats side by side, one signal or frame a lane: what hardware of any width does with each lane the same way, to the last bit.</summary>
internal interface ILanes<T>
    where T : struct, ILanes<T>
{
    static abstract int Count { get; }

    static abstract T Broadcast(float value);

    static abstract T Load(ref float source, nuint offset);

    static abstract T Abs(T a);

    static abstract T SquareRoot(T a);

    /// <summary>a * b + c, rounded once, whatever the hardware.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator -(T a);

    static abstract T operator *(T a, T b);

    void Store(ref float destination, nuint offset);
}
