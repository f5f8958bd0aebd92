namespace CrossModalVae.Evaluation;

/// <summary>
/// Among whom the others of a trial are: the strata of Learnable PINs (Nagrani, Albanie, Zisserman 2018). The harder ones show what is left
/// when a system can no longer live on telling women from men.
/// </summary>
public enum Stratum
{
    /// <summary>Everybody.</summary>
    Random,

    /// <summary>People of the probe's gender.</summary>
    Gender,

    /// <summary>People of the probe's nationality.</summary>
    Nationality,

    /// <summary>
    /// Clips of the probe's age group, a decade of years: 20 to 29, 30 to 39. The published lists do not say what their groups are.
    /// </summary>
    Age,

    /// <summary>All three at once.</summary>
    GenderNationalityAge,
}
