namespace CrossModalVae.Projection;

/// <summary>The repulsive half of t-SNE's gradient.</summary>
internal interface IRepulsion
{
    /// <summary>Computes F_i = sum_j w_ij^2 (y_i - y_j) and Z = sum_{i != j} w_ij, with w_ij = 1 / (1 + |y_i - y_j|^2).</summary>
    /// <param name="x">[N].</param>
    /// <param name="y">[N].</param>
    /// <param name="forceX">[N] receives F's first coordinates.</param>
    /// <param name="forceY">[N] receives F's second coordinates.</param>
    /// <returns>Z.</returns>
    double Compute(float[] x, float[] y, float[] forceX, float[] forceY);
}
