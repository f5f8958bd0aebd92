using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;

namespace CrossModalVae.Retrieval;

/// <summary>Which rows of a gallery are ranked, by their description. A row whose filtered field is unknown is excluded.</summary>
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

    /// <summary>Which of the probe identity's clips are excluded. Default none.</summary>
    public QueryExclusion Exclude { get; init; } = QueryExclusion.None;

    /// <summary>Whether every row passes.</summary>
    public bool IsEmpty => this == new RankingFilter();

    /// <summary>Whether a row passes.</summary>
    /// <param name="row">The row.</param>
    /// <param name="asking">The probe clips.</param>
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

    /// <summary>The filter in words, for messages: "gender f, split test"; empty where every row passes.</summary>
    public string Describe()
    {
        string?[] parts =
        [
            Modality is Modality modality ? EnumText.Of(modality) : null,
            Gender is null ? null : $"gender {Gender}",
            Split is CorpusSplit split ? $"split {EnumText.Of(split)}" : null,
            Nationality is null ? null : $"nationality {Nationality}",
            LeastAge is null ? null : FormattableString.Invariant($"age from {LeastAge}"),
            LargestAge is null ? null : FormattableString.Invariant($"age to {LargestAge}"),
            Exclude == QueryExclusion.None ? null : $"without the query's {EnumText.Of(Exclude)}",
        ];
        return string.Join(", ", parts.OfType<string>());
    }

    /// <summary>Reports every fault at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Check(Gender is null or "m" or "f", nameof(Gender), $"'{Gender}'", "must be m or f");
        if (LeastAge > LargestAge)
        {
            faults.Add(FormattableString.Invariant($"'LeastAge' is {LeastAge} and 'LargestAge' {LargestAge}; must not be above it."));
        }

        faults.ThrowIfAny();
    }

    private bool Excludes(ClipKey asking, EmbeddingRow row) => asking.Identity == row.Identity
        && (asking.Clip == row.Clip || (Exclude == QueryExclusion.Video && Video(asking.Clip) is string video && Video(row.Clip) == video));

    private static string? Video(string clip) => clip.LastIndexOf('/') is var slash && slash > 0 ? clip[..slash] : null;
}

/// <summary>Which of the probe identity's clips a ranking excludes.</summary>
public enum QueryExclusion
{
    /// <summary>None.</summary>
    None,

    /// <summary>The probe clip: its other modality is of the same moment.</summary>
    Clip,

    /// <summary>All clips of its video, the part of a clip's name before the last '/'; the clip alone where there is none.</summary>
    Video,
}
