using CrossModalVae.Embeddings;

namespace CrossModalVae.Evaluation;

/// <summary>Names of strata, and who is in which group.</summary>
public static class Strata
{
    private const double AgeGroupYears = 10;

    /// <summary>All strata.</summary>
    public static IReadOnlyList<Stratum> All { get; } = Array.AsReadOnly(Enum.GetValues<Stratum>());

    /// <summary>The name in files and tables, as the published lists have it: random, G, N, A, GNA.</summary>
    /// <param name="stratum">The stratum.</param>
    public static string Name(Stratum stratum) => stratum switch
    {
        Stratum.Random => "random",
        Stratum.Gender => "G",
        Stratum.Nationality => "N",
        Stratum.Age => "A",
        _ => "GNA",
    };

    /// <summary>The group of a clip; null where the corpus does not say, so that the clip is in no trial of the stratum.</summary>
    internal static string? GroupOf(Stratum stratum, EmbeddingRow row)
    {
        string? age = row.Age is double years ? Math.Floor(years / AgeGroupYears).ToString(CultureInfo.InvariantCulture) : null;
        return stratum switch
        {
            Stratum.Random => "",
            Stratum.Gender => row.Gender,
            Stratum.Nationality => row.Nationality,
            Stratum.Age => age,
            _ => row.Gender is null || row.Nationality is null || age is null ? null : $"{row.Gender}/{age}/{row.Nationality}",
        };
    }
}
