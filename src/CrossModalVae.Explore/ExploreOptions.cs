using CrossModalVae.Calibration;
using CrossModalVae.Clusters;
using CrossModalVae.Manifolds;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Explore;

/// <summary>What is looked into.</summary>
public sealed record ExploreOptions
{
    /// <summary>The embedding folder.</summary>
    public required string Embeddings { get; init; }

    /// <summary>The corpus of the embeddings, for pictures and sounds; null for none.</summary>
    public Manifest? Manifest { get; init; }

    /// <summary>The folder of a gallery that is ranked instead of the embeddings' own rows of the other modality; null for those.</summary>
    public string? Gallery { get; init; }

    /// <summary>Where the rows lie; null to compute it.</summary>
    public ProjectionRecord? Projection { get; init; }

    /// <summary>The clusters of clips; null for none.</summary>
    public ClusteringRecord? Clusters { get; init; }

    /// <summary>
    /// Calibrations of scores of clips, at most one for each direction, by which matches have probabilities; empty for none.
    /// </summary>
    public IReadOnlyList<CalibrationReport> Calibrations { get; init; } = [];

    /// <summary>The metric that ranks. Default cosine.</summary>
    public RankingMetric Metric { get; init; } = RankingMetric.Cosine;

    /// <summary>Only this split's rows; null for all.</summary>
    public CorpusSplit? Split { get; init; }

    /// <summary>Rows on the map at most, at least 1: of more, whole people are drawn. Default 100,000.</summary>
    public int MostRows { get; init; } = 100_000;

    /// <summary>Rows up to which t-SNE places them; more are placed by principal components. Default 20,000.</summary>
    public int MostTsneRows { get; init; } = 20_000;

    /// <summary>Draws people, and t-SNE's first layout. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.AtLeast(MostRows, 1);
        faults.AtLeast(MostTsneRows, 0);
        faults.OneOf(Metric);
        faults.ThrowIfAny();
        foreach (CalibrationReport calibration in Calibrations)
        {
            calibration.Require(calibration.Direction, Metric, null);
        }

        if (Calibrations.CountBy(calibration => calibration.Direction).FirstOrDefault(found => found.Value > 1) is { Value: > 1 } twice)
        {
            throw UserError.Mark(new ArgumentException(
                $"Two calibrations are for the direction {EnumText.Of(twice.Key)}; must be one for each direction at most."));
        }
    }
}
