namespace CrossModalVae.Metrics;

/// <summary>
/// Which point of a curve of finitely many trials is called the equal error rate. The definitions agree in the limit; on small lists they
/// do not, so a published rate says which one it is.
/// </summary>
public enum EqualErrorRateDefinition
{
    /// <summary>
    /// Where the straight lines between neighbouring points of the curve cross equal errors: this library's own. What
    /// <c>brentq(lambda x: 1 - x - interp1d(fpr, tpr)(x), 0, 1)</c> gives in Python.
    /// </summary>
    Interpolated,

    /// <summary>
    /// The mean of both error rates at the threshold at which they are nearest to each other; of two such thresholds the higher one. What
    /// SpeechBrain gives; others take the false acceptance rate, or the larger of both, at that threshold.
    /// </summary>
    Nearest,

    /// <summary>
    /// Where the convex hull of the curve crosses equal errors: the rate at which the best mixture of two thresholds has equal errors,
    /// never above the interpolated one (ROCCH: Provost, Fawcett 2001; BOSARIS toolkit: Brummer, de Villiers 2011).
    /// </summary>
    ConvexHull,
}
