namespace CrossModalVae.Evaluation;

/// <summary>
/// Whether confidences predict errors, in one task and direction: the area under the risk-coverage curve (AURC) of each, lower is better.
/// </summary>
/// <param name="Direction">The direction.</param>
/// <param name="Task">What is asked.</param>
/// <param name="AnswerCount">Answers: trials, or probes.</param>
/// <param name="IdentityCount">The identities of their probes.</param>
/// <param name="Risk">The share of wrong answers, which is also the expected AURC of a random confidence.</param>
/// <param name="IdealArea">The least AURC that these answers allow: all right ones first.</param>
/// <param name="Confidences">The confidences that the embeddings have.</param>
public sealed record UncertaintyScores(
    RetrievalDirection Direction,
    SelectiveTask Task,
    int AnswerCount,
    int IdentityCount,
    double Risk,
    double IdealArea,
    IReadOnlyList<ConfidenceScores> Confidences)
{
    /// <summary>The scores of a kind; null where the embeddings lack it.</summary>
    /// <param name="kind">The kind.</param>
    public ConfidenceScores? Find(ConfidenceKind kind) => Confidences.FirstOrDefault(one => one.Kind == kind);
}

/// <summary>One confidence.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Area">AURC.</param>
/// <param name="AreaInterval">Its bootstrap interval over identities; null without draws.</param>
/// <param name="Excess">Excess AURC: above the ideal one.</param>
/// <param name="Gain">By how much it is below that of a random confidence: above 0 where it predicts errors.</param>
/// <param name="GainInterval">Its interval, on the same draws.</param>
/// <param name="Curve">Coverage and risk, at most 100 points; empty where read from a file.</param>
public sealed record ConfidenceScores(
    ConfidenceKind Kind,
    double Area,
    Interval? AreaInterval,
    double Excess,
    double Gain,
    Interval? GainInterval,
    IReadOnlyList<(double Coverage, double Risk)> Curve);

/// <summary>What a selective system answers or leaves.</summary>
public enum SelectiveTask
{
    /// <summary>Which of two is the probe's person: a positive or a clip of another person.</summary>
    OneOfTwo,

    /// <summary>Whether the nearest of the gallery is of the probe's person.</summary>
    Nearest,
}

/// <summary>What says how sure an answer is.</summary>
public enum ConfidenceKind
{
    /// <summary>The difference between the two scores compared; for the nearest, between the first and the second.</summary>
    Margin,

    /// <summary>The higher score.</summary>
    HighestScore,

    /// <summary>The negative mean log-variance of the posteriors compared, the probe's and the mean of the others'.</summary>
    LogVariance,

    /// <summary>The negative trace of their covariances.</summary>
    Variance,

    /// <summary>
    /// The mutual likelihood score of probe and answer (Shi and Jain 2019): the logarithm of the expected likelihood kernel of the two
    /// posteriors, -1/2 sum ((mu1 - mu2)^2 / (s1^2 + s2^2) + log(s1^2 + s2^2)). Of two, the difference between theirs.
    /// </summary>
    MutualLikelihood,
}
