namespace CrossModalVae.Scoring;

/// <summary>What an encoder says of one clip: q(z|x) = N(mean, diag(exp(logVariance))), or Laplace of that mean and variance.</summary>
/// <param name="Mean">[D], the embedding.</param>
/// <param name="LogVariance">[D].</param>
public sealed record ClipPosterior(float[] Mean, float[] LogVariance);

/// <summary>What an encoder says of several clips.</summary>
public sealed class PosteriorRows
{
    private readonly IReadOnlyList<float[]> _outputs; // means and log-variances, [N, D] each

    internal PosteriorRows(IReadOnlyList<float[]> outputs, int dimension) => (_outputs, Dimension) = (outputs, dimension);

    /// <summary>D.</summary>
    public int Dimension { get; }

    /// <summary>N.</summary>
    public int Count => _outputs[0].Length / Dimension;

    /// <summary>The means, [N, D] row-major.</summary>
    public ReadOnlySpan<float> Means => _outputs[0];

    /// <summary>The log-variances, [N, D] row-major.</summary>
    public ReadOnlySpan<float> LogVariances => _outputs[1];

    /// <summary>One clip's.</summary>
    /// <param name="row">From 0 to <see cref="Count"/> - 1.</param>
    public ClipPosterior this[int row] => new([.. Row(_outputs[0], row)], [.. Row(_outputs[1], row)]);

    /// <summary>One clip's mean, [D], without a copy.</summary>
    /// <param name="row">From 0 to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<float> Mean(int row) => Row(_outputs[0], row);

    /// <summary>One clip's log-variance, [D], without a copy.</summary>
    /// <param name="row">From 0 to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<float> LogVariance(int row) => Row(_outputs[1], row);

    private ReadOnlySpan<float> Row(float[] values, int row) => values.AsSpan(row * Dimension, Dimension);
}
