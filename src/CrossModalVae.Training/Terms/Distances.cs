using static TorchSharp.torch;

namespace CrossModalVae.Training.Terms;

/// <summary>Distances between rows.</summary>
internal static class Distances
{
    /// <summary>Added to a squared distance under a root, whose gradient is infinite at 0.</summary>
    public const double Floor = 1e-12;

    /// <summary>|a_i - b_j|^2 of rows, [A, D] and [B, D]: [A, B], at least 0.</summary>
    public static Tensor Squared(Tensor a, Tensor b)
    {
        Tensor own = (a * a).sum(1, true).Plus((b * b).sum(1, true).t()); // [A, B]
        return (own - a.mm(b.t()).Times(2.0)).relu(); // [A, B]
    }

    /// <summary>Single elements of a matrix by row and column, [count].</summary>
    public static Tensor Pick(Tensor matrix, IReadOnlyList<(long Row, long Column)> places) =>
        matrix.flatten().index_select(
            0, tensor([.. places.Select(place => (place.Row * matrix.shape[1]) + place.Column)], device: matrix.device)); // [count]
}
