using CrossModalVae.Embeddings;

namespace CrossModalVae.Evaluation;

/// <summary>Names of strata, and the group of a clip in each.</summary>
public static class Strata
{
    private const double AgeGroupYears = 10;

    /// <summary>All strata.</summary>
    public static IReadOnlyList<Stratum> All { get; } = Array.AsReadOnly(Enum.GetValues<Stratum>());

    /// <summary>The name in files: everybody (the published lists' "random"), and as these have it G, N, A, GNA.</summary>
    /// <param name="stratum">The stratum.</param>
    public static string Name(Stratum stratum) => stratum switch
    {
        Stratum.Everybody => "everybody",
        Stratum.Gender => "G",
        Stratum.Nationality => "N",
        Stratum.Age => "A",
        _ => "GNA",
    };

    /// <summary>What it is in prose: everybody, same gender, same nationality, ...</summary>
    /// <param name="stratum">The stratum.</param>
    public static string Title(Stratum stratum) => stratum switch
    {
        Stratum.Everybody => "everybody",
        Stratum.Gender => "same gender",
        Stratum.Nationality => "same nationality",
        Stratum.Age => "same age group",
        _ => "same gender, nationality and age group",
    };

    /// <summary>The group of a clip; null where it is unknown, so that the clip is in no trial of the stratum.</summary>
    internal static string? GroupOf(Stratum stratum, EmbeddingRow row)
    {
        string? age = row.Age is double years ? Math.Floor(years / AgeGroupYears).ToString(CultureInfo.InvariantCulture) : null;
        return stratum switch
        {
            Stratum.Everybody => "",
            Stratum.Gender => row.Gender,
            Stratum.Nationality => row.Nationality,
            Stratum.Age => age,
            _ => row.Gender is null || row.Nationality is null || age is null ? null : $"{row.Gender}/{age}/{row.Nationality}",
        };
    }
}

/// <summary>
/// From which identities the negatives of a trial are: the strata of Learnable PINs (Nagrani, Albanie, Zisserman 2018). The harder ones
/// show what is left when gender alone does not help.
/// </summary>
public enum Stratum
{
    /// <summary>All identities.</summary>
    Everybody,

    /// <summary>Identities of the probe's gender.</summary>
    Gender,

    /// <summary>Identities of the probe's nationality.</summary>
    Nationality,

    /// <summary>
    /// Clips of the probe's age group, a decade of years: 20 to 29, 30 to 39. The published lists do not say what their groups are.
    /// </summary>
    Age,

    /// <summary>All three at once.</summary>
    GenderNationalityAge,
}
