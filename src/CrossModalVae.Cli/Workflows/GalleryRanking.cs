using CrossModalVae.Calibration;
using CrossModalVae.Evaluation;
using CrossModalVae.Metrics;
using CrossModalVae.Models;

namespace CrossModalVae.Cli.Workflows;

/// <summary>The options of <c>cmvae rank</c>.</summary>
internal sealed record GalleryRankingOptions
{
    /// <summary>The embedding folder with the query's clips.</summary>
    public required string Embeddings { get; init; }

    /// <summary>IDENTITY/CLIP, or null.</summary>
    public string? Query { get; init; }

    /// <summary>The identity whose clips form the query, or null.</summary>
    public string? QueryIdentity { get; init; }

    /// <summary>The gallery folder, or null for the other modality's rows of the embeddings.</summary>
    public string? Gallery { get; init; }

    public required RetrievalDirection Direction { get; init; }

    public required RankingMetric Metric { get; init; }

    public CalibrationReport? Calibration { get; init; }

    public double? Prior { get; init; }

    public required RankingRequest Request { get; init; }

    internal Modality QueryModality => Direction == RetrievalDirection.VoiceToFace ? Modality.Voice : Modality.Face;

    internal Modality GalleryModality => Direction == RetrievalDirection.VoiceToFace ? Modality.Face : Modality.Voice;
}

/// <summary>Finds the query, ranks embeddings or a gallery for it, and warns of probabilities that are too optimistic.</summary>
internal static class GalleryRanking
{
    internal static Ranking Run(GalleryRankingOptions options, TextWriter warnings, CancellationToken cancellationToken)
    {
        options.Calibration?.Require(options.Direction, options.Metric, options.Request.Identities);
        EmbeddingSet all = EmbeddingFile.Read(options.Embeddings);
        EmbeddingSet queries = all.Where(row => row.Modality == options.QueryModality);
        EmbeddingSet probes = Probes(queries, options);
        RankingRequest request = options.Request with
        {
            Filter = options.Request.Filter with { Modality = options.GalleryModality },
        };
        if (options.Gallery is not null)
        {
            EmbeddingOrigin.Read(options.Embeddings)?.Require(options.Gallery);
        }

        using Gallery? gallery = options.Gallery is string folder ? Gallery.Open(folder) : null;
        Ranker ranker = gallery is null
            ? new Ranker(all.Where(row => row.Modality == options.GalleryModality), options.Metric)
            : new Ranker(gallery, options.Metric);
        if (!ranker.Rows.Any(row => row.Modality == options.GalleryModality))
        {
            throw new InvalidDataException(
                $"{options.Gallery ?? options.Embeddings}: has no {EnumText.Of(options.GalleryModality)} rows to rank; expected some.");
        }

        EmbeddingGuard.CheckDependence(queries, ranker);
        (IReadOnlyList<RankedMatch> matches, RankingPlace place) = request.RankAndPlace(ranker, probes, cancellationToken);
        ScoreCalibration? calibration = options.Calibration?.For(place.IdentityCount, options.Prior);
        if (calibration is not null)
        {
            matches = [.. matches.Select(match => match with { Probability = calibration.Probability(match.Score) })];
        }

        ClipKey[] keys = [.. probes.Rows.Select(row => new ClipKey(row.Identity, row.Clip))];
        Warn(options.Calibration, [keys[0].Identity, .. matches.Select(match => match.Identity)], warnings);
        return new Ranking(
            options.Direction,
            options.Metric,
            new RankingProbe(keys[0].Identity, options.Query is null ? null : keys[0].Clip)
            {
                ClipCount = keys.Length,
                Combination = options.Query is null ? request.Combination : null,
            },
            ranker.Rows.Count(row => request.Filter.Accepts(row, keys)),
            matches)
        {
            Identities = request.Identities,
            Filter = options.Request.Filter,
            Calibration = calibration,
            Place = place,
        };
    }

    /// <summary>The first clip of a query of several, for its picture.</summary>
    internal static string FirstClip(GalleryRankingOptions options) =>
        EmbeddingFile.Read(options.Embeddings)
            .Rows.First(row => row.Modality == options.QueryModality && row.Identity == options.QueryIdentity).Clip;

    private static EmbeddingSet Probes(EmbeddingSet queries, GalleryRankingOptions options)
    {
        if (options.QueryIdentity is string identity)
        {
            EmbeddingSet own = queries.Where(row => row.Identity == identity);
            return own.Count > 0 ? own : throw Unknown($"of '{identity}'", "an identity of its rows", identity, row => row.Identity);
        }

        for (int row = 0; row < queries.Count; row++)
        {
            if (Name(queries.Rows[row]) == options.Query)
            {
                return queries.Slice(row, 1);
            }
        }

        throw Unknown($"of clip '{options.Query}'", "IDENTITY/CLIP of one of its rows", options.Query!, Name);

        InvalidDataException Unknown(string what, string expected, string wanted, Func<EmbeddingRow, string> name)
        {
            string[] names = [.. queries.Rows.Select(name).Distinct(StringComparer.Ordinal)];

            // The nearest by spelling, else a clip of the identity, else any.
            string? near = Suggestion.For(wanted, names)
                ?? names.FirstOrDefault(known => known.StartsWith(wanted.Split('/')[0] + "/", StringComparison.Ordinal))
                ?? names.FirstOrDefault();
            string example = near is null ? "" : $" such as '{near}'";
            return new InvalidDataException(
                $"{options.Embeddings}: has no {EnumText.Of(options.QueryModality)} row {what}; expected {expected}{example}.");
        }

        static string Name(EmbeddingRow row) => $"{row.Identity}/{row.Clip}";
    }

    private static void Warn(CalibrationReport? calibration, IEnumerable<string> identities, TextWriter warnings)
    {
        int fitted = identities.Distinct(StringComparer.Ordinal).Intersect(calibration?.People ?? [], StringComparer.Ordinal).Count();
        if (fitted > 0)
        {
            warnings.WriteLine(
                $"warning: the calibration was fitted to {fitted} of the identities in the query or the list; "
                + "their probabilities are too optimistic.");
        }
    }
}
