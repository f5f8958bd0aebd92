namespace CrossModalVae.Evaluation;

/// <summary>
/// How much of the ability to match voices with faces is gender, age and nationality, and how much the rest. The scores of pairs of
/// different people are regressed on whether the two have one gender and one nationality and on the difference of their ages; what each
/// explains is taken out of all scores, one attribute after the other, and the AUC left is measured each time.
/// </summary>
/// <param name="IdentityCount">People whose attributes are all known.</param>
/// <param name="PairCount">Pairs of a voice and a face of different people, over which the scores are regressed.</param>
/// <param name="Auc">The AUC of the scores as they are, among these people, over pairs of a voice and a face.</param>
/// <param name="AucInterval">Its interval; null without draws.</param>
/// <param name="Parts">The attributes, in the order in which they are taken out: what an attribute shares with an earlier one counts as the
/// earlier one's.</param>
/// <param name="Rest">What is left: the AUC without any of them, above chance. With the parts it adds up to the AUC above chance.</param>
/// <param name="RestInterval">Its interval.</param>
/// <param name="RestVarianceShare">The share of the variance of scores that no attribute explains.</param>
public sealed record ScoreExplanation(
    int IdentityCount,
    long PairCount,
    double Auc,
    Interval? AucInterval,
    IReadOnlyList<ExplainedPart> Parts,
    double Rest,
    Interval? RestInterval,
    double RestVarianceShare);

/// <summary>What one attribute explains.</summary>
/// <param name="Attribute">Which.</param>
/// <param name="Change">By how much the score of two people is higher where they share it (for the age: for every year apart), the earlier
/// attributes being equal.</param>
/// <param name="VarianceShare">The share of the variance of scores of different people that it explains beyond the earlier ones.</param>
/// <param name="Gain">By how much the AUC falls when it is taken out.</param>
/// <param name="GainInterval">Its interval, from differences on the same draws.</param>
public sealed record ExplainedPart(PairTrait Attribute, double Change, double VarianceShare, double Gain, Interval? GainInterval);

/// <summary>An attribute that two people can share.</summary>
public enum PairTrait
{
    /// <summary>Whether they are of one gender.</summary>
    Gender,

    /// <summary>The difference of their ages in years.</summary>
    Age,

    /// <summary>Whether they are of one nationality.</summary>
    Nationality,
}
