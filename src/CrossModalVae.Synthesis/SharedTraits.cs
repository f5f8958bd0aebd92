namespace CrossModalVae.Synthesis;

/// <summary>
/// The traits that one modality of an identity shares with the other one. All but the sex are standard normal within a modality and
/// correlated across the two modalities (<see cref="SyntheticCorrelations"/>).
/// </summary>
/// <param name="Sex">The sex, the same in both modalities.</param>
/// <param name="Size">Body size within the sex, standard normal; larger is bigger.</param>
/// <param name="Age">Age, standard normal; larger is older.</param>
/// <param name="Build">Weight, standard normal; larger is heavier.</param>
/// <param name="Origin">Where somebody comes from, standard normal; its ends have no order but the one of
/// the accent and of the skin's tone.</param>
public sealed record SharedTraits(Sex Sex, double Size, double Age, double Build, double Origin);
