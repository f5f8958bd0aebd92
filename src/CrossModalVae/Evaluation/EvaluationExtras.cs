namespace CrossModalVae.Evaluation;

/// <summary>What an evaluation examines in addition, of every population.</summary>
[Flags]
public enum EvaluationExtras
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>How much of the ability to match is gender, age and nationality.</summary>
    Explanation = 1,

    /// <summary>Whether the posteriors' deviations predict errors.</summary>
    Uncertainty = 2,
}
