using CrossModalVae.Metrics;

namespace CrossModalVae.Evaluation;

/// <summary>What pictures of an evaluation are drawn from: the same trials as the figures beside it.</summary>
/// <param name="Verification">The error rates of the verification trials at every threshold.</param>
/// <param name="Matching">1:N matching accuracy for N = 2, 3 and on to 10; N = 2 alone where there are fewer than 10 identities.</param>
public sealed record DirectionCurves(RocCurve Verification, IReadOnlyList<MetricValue> Matching);
