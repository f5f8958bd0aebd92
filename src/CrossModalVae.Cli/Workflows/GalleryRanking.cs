using CrossModalVae.Calibration;
using CrossModalVae.Evaluation;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Finds who asks, ranks embeddings or a gallery for them, and says what makes a probability untrustworthy.</summary>
internal static class GalleryRanking
{
    internal static Ranking Run(GalleryRankingOptions options, TextWriter warnings, CancellationToken cancellationToken)
    {
        options.Calibration?.Require(options.Direction, options.Metric, options.Request.Identities);
        EmbeddingSet all = EmbeddingFile.Read(options.Embeddings);
        EmbeddingSet asking = all.Where(row => row.Modality == options.Asking);
        EmbeddingSet probes = Probes(asking, options);
        RankingRequest request = options.Request with
        {
            Filter = options.Request.Filter with { Modality = options.Answering },
            Calibration = options is { Calibration: CalibrationReport report }
                ? report.Calibration with { Prior = options.Prior ?? report.Calibration.Prior }
                : null,
        };
        using Gallery? gallery = options.Gallery is string folder ? Gallery.Open(folder) : null;
        Ranker ranker = gallery is null
            ? new Ranker(all.Where(row => row.Modality == options.Answering), options.Metric)
            : new Ranker(gallery, options.Metric);
        if (!ranker.Rows.Any(row => row.Modality == options.Answering))
        {
            throw new InvalidDataException(
                $"{options.Gallery ?? options.Embeddings}: has no {EnumText.Of(options.Answering)} rows to rank; expected some.");
        }

        EmbeddingGuard.CheckDependence(asking, ranker);
        IReadOnlyList<RankedMatch> matches = request.Rank(ranker, probes, cancellationToken);
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
            Calibration = request.Calibration,
        };
    }

    /// <summary>The first clip of those that ask together, for a picture of the person.</summary>
    internal static string FirstClip(GalleryRankingOptions options) =>
        EmbeddingFile.Read(options.Embeddings)
            .Rows.First(row => row.Modality == options.Asking && row.Identity == options.QueryIdentity).Clip;

    private static EmbeddingSet Probes(EmbeddingSet asking, GalleryRankingOptions options)
    {
        if (options.QueryIdentity is string identity)
        {
            EmbeddingSet own = asking.Where(row => row.Identity == identity);
            return own.Count > 0 ? own : throw Unknown($"of '{identity}'", "an identity of its rows", identity, row => row.Identity);
        }

        for (int row = 0; row < asking.Count; row++)
        {
            if (Name(asking.Rows[row]) == options.Query)
            {
                return asking.Slice(row, 1);
            }
        }

        throw Unknown($"of clip '{options.Query}'", "IDENTITY/CLIP of one of its rows", options.Query!, Name);

        InvalidDataException Unknown(string what, string expected, string asked, Func<EmbeddingRow, string> name)
        {
            string[] names = [.. asking.Rows.Select(name).Distinct(StringComparer.Ordinal)];

            // The nearest by spelling, else one of the person who is named, else any.
            string? near = Suggestion.For(asked, names)
                ?? names.FirstOrDefault(known => known.StartsWith(asked.Split('/')[0] + "/", StringComparison.Ordinal))
                ?? names.FirstOrDefault();
            string example = near is null ? "" : $" such as '{near}'";
            return new InvalidDataException(
                $"{options.Embeddings}: has no {EnumText.Of(options.Asking)} row {what}; expected {expected}{example}.");
        }

        static string Name(EmbeddingRow row) => $"{row.Identity}/{row.Clip}";
    }

    private static void Warn(CalibrationReport? calibration, IEnumerable<string> people, TextWriter warnings)
    {
        if (calibration is null)
        {
            return;
        }

        int known = people.Distinct(StringComparer.Ordinal).Intersect(calibration.People, StringComparer.Ordinal).Count();
        if (known > 0)
        {
            warnings.WriteLine(
                $"cmvae: {known} of the people who ask or are listed are among those the calibration "
                + "was fitted to; probabilities flatter them.");
        }
    }
}
