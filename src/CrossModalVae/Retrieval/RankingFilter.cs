using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;

namespace CrossModalVae.Retrieval;

/// <summary>
/// Which rows of a gallery take part in a ranking, by what is known of them. A row of which the asked is not known takes no part.
/// </summary>
public sealed record RankingFilter
{
    /// <summary>What the rows were computed from, or null for all.</summary>
    public Modality? Modality { get; init; }

    /// <summary>"m" or "f", or null for all.</summary>
    public string? Gender { get; init; }

    /// <summary>The split, or null for all.</summary>
    public CorpusSplit? Split { get; init; }

    /// <summary>The nationality as the corpus spells it, or null for all.</summary>
    public string? Nationality { get; init; }

    /// <summary>The least age in years, itself included, or null.</summary>
    public double? LeastAge { get; init; }

    /// <summary>The largest age in years, itself included, or null.</summary>
    public double? LargestAge { get; init; }

    /// <summary>Which of the asking person's own clips are left out. Default none.</summary>
    public QueryExclusion Exclude { get; init; } = QueryExclusion.None;

    /// <summary>Whether every row takes part.</summary>
    public bool IsEmpty => this == new RankingFilter();

    /// <summary>Whether a row takes part.</summary>
    /// <param name="row">The row.</param>
    /// <param name="asking">The clips that ask.</param>
    public bool Accepts(EmbeddingRow row, params IReadOnlyList<ClipKey> asking)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(asking);
        return (Modality is null || row.Modality == Modality)
            && (Gender is null || row.Gender == Gender)
            && (Split is null || row.Split == Split)
            && (Nationality is null || row.Nationality == Nationality)
            && (LeastAge is null || row.Age >= LeastAge)
            && (LargestAge is null || row.Age <= LargestAge)
            && !(Exclude != QueryExclusion.None && asking.Any(key => Excludes(key, row)));
    }

    /// <summary>What the filter asks for, for messages: "gender f, split test"; empty where it asks for nothing.</summary>
    public string Describe()
    {
        var parts = new List<string>();
        Add(Modality is null, Modality is Modality modality ? EnumText.Of(modality) : "");
        Add(Gender is null, $"gender {Gender}");
        Add(Split is null, Split is CorpusSplit split ? $"split {EnumText.Of(split)}" : "");
        Add(Nationality is null, $"nationality {Nationality}");
        Add(LeastAge is null, string.Create(CultureInfo.InvariantCulture, $"age from {LeastAge}"));
        Add(LargestAge is null, string.Create(CultureInfo.InvariantCulture, $"age to {LargestAge}"));
        Add(Exclude == QueryExclusion.None, $"without the query's {EnumText.Of(Exclude)}");
        return string.Join(", ", parts);

        void Add(bool isAbsent, string text)
        {
            if (!isAbsent)
            {
                parts.Add(text);
            }
        }
    }

    /// <summary>Reports every fault at once.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (Gender is not (null or "m" or "f"))
        {
            faults.Add($"'Gender' is '{Gender}'; must be m or f.");
        }

        if (LeastAge > LargestAge)
        {
            faults.Add(string.Create(
                CultureInfo.InvariantCulture, $"'LeastAge' is {LeastAge} and 'LargestAge' {LargestAge}; must not be above it."));
        }

        OptionFaults.Throw(faults);
    }

    private bool Excludes(ClipKey asking, EmbeddingRow row) => asking.Identity == row.Identity
        && (asking.Clip == row.Clip || (Exclude == QueryExclusion.Video && Video(asking.Clip) is string video && Video(row.Clip) == video));

    private static string? Video(string clip) => clip.LastIndexOf('/') is var slash && slash > 0 ? clip[..slash] : null;
}
