using TorchSharp;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// Sums of tensors, and tensors with numbers. TorchSharp's own operators for these are banned here (BannedSymbols.txt); those of two
/// tensors other than + are not affected.
/// </summary>
/// <remarks>
/// TorchSharp 0.107 makes a temporary <see cref="Scalar"/> of a number (for a + b too, whose factor alpha is 1) and passes libtorch its
/// address alone. Nothing holds the object from then on: a garbage collection started by another thread can free it while libtorch reads
/// it. Training then ends with "Expected false to be true", or, where the freed memory is in use again, goes on with a wrong number. Here
/// every Scalar outlives its call.
/// </remarks>
internal static class TensorArithmetic
{
    private static readonly Scalar One = 1L.ToScalar();

    /// <summary>a + b of tensors whose shapes broadcast.</summary>
    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, One);

    /// <summary>a + b of every element.</summary>
    public static Tensor Plus(this Tensor a, double b)
    {
        using Scalar number = b.ToScalar();
        return a.add(number, One);
    }

    /// <summary>a - b of every element.</summary>
    public static Tensor Minus(this Tensor a, double b)
    {
        using Scalar number = b.ToScalar();
        return a.sub(number);
    }

    /// <summary>a * b of every element.</summary>
    public static Tensor Times(this Tensor a, double b)
    {
        using Scalar number = b.ToScalar();
        return a.mul(number);
    }

    /// <summary>a / b of every element.</summary>
    public static Tensor Over(this Tensor a, double b)
    {
        using Scalar number = b.ToScalar();
        return a.div(number);
    }

    /// <summary>Every element, at least <paramref name="least"/> and at most <paramref name="most"/>.</summary>
    public static Tensor Clamp(this Tensor a, double least, double most)
    {
        using Scalar low = least.ToScalar();
        using Scalar high = most.ToScalar();
        return a.clamp(low, high);
    }

    /// <summary>a += b, in place.</summary>
    public static void Add(this Tensor a, Tensor b) => a.add_(b, One);
}
