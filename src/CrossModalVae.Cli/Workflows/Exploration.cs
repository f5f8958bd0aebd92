using CrossModalVae.Calibration;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Clusters;
using CrossModalVae.Explore;
using CrossModalVae.Manifolds;
using CrossModalVae.Scoring;

namespace CrossModalVae.Cli.Workflows;

/// <summary>What <c>cmvae explore</c> was asked for; the names of files and folders as they were given.</summary>
internal sealed record ExplorationOptions
{
    public required string Embeddings { get; init; }

    public string? Manifest { get; init; }

    public string? Root { get; init; }

    public string? Model { get; init; }

    public string? Gallery { get; init; }

    public string? Projection { get; init; }

    public string? Clusters { get; init; }

    public IReadOnlyList<string> Calibrations { get; init; } = [];

    public required RankingMetric Metric { get; init; }

    public CorpusSplit? Split { get; init; }

    public required int MostRows { get; init; }

    public required long Seed { get; init; }

    /// <summary>What pictures and sounds may take of a written page, in bytes; 0 for none.</summary>
    public long MostMediaBytes { get; init; }
}

/// <summary>
/// Loads what is explored, writes it or serves it. Only this class names the server's types, so that no other verb loads ASP.NET.
/// </summary>
internal static class Exploration
{
    /// <summary>Writes the page, the table, or both.</summary>
    internal static void Write(
        ExplorationOptions options, string? page, string? table, TextWriter error, CancellationToken cancellationToken)
    {
        using var stages = new Stages(error);
        using Explorer explorer = Load(options, stages, error, cancellationToken);
        if (page is not null)
        {
            explorer.WritePage(page, options.MostMediaBytes, stages, cancellationToken);
        }

        if (table is not null)
        {
            explorer.WriteTable(table, stages, cancellationToken);
        }
    }

    /// <summary>Serves until it is cancelled; <paramref name="serving"/> receives the link.</summary>
    internal static void Serve(
        ExplorationOptions options, int port, Action<Uri> serving, TextWriter error, CancellationToken cancellationToken)
    {
        Explorer explorer;
        using (var stages = new Stages(error))
        {
            explorer = Load(options, stages, error, cancellationToken);
        }

        using (explorer)
        {
            ServeAsync(explorer, port, serving, cancellationToken).GetAwaiter().GetResult();
        }
    }

    private static async Task ServeAsync(Explorer explorer, int port, Action<Uri> serving, CancellationToken cancellationToken)
    {
        await using ExploreServer server = await ExploreServer.StartAsync(explorer, port, cancellationToken);
        serving(server.Link);
        await server.WaitAsync(cancellationToken);
    }

    private static Explorer Load(ExplorationOptions options, Stages stages, TextWriter error, CancellationToken cancellationToken)
    {
        Explorer explorer = Explorer.Load(
            new ExploreOptions
            {
                Embeddings = options.Embeddings,
                Manifest = options.Manifest is string manifest ? ManifestReader.Read(manifest, options.Root) : null,
                Gallery = options.Gallery,
                Projection = options.Projection is string projection ? ProjectionFile.Read(projection) : null,
                Clusters = options.Clusters is string clusters ? ClustersFile.Read(clusters) : null,
                Calibrations = [.. options.Calibrations.Select(CalibrationFile.Read)],
                Metric = options.Metric,
                Split = options.Split,
                MostRows = options.MostRows,
                Seed = options.Seed,
            },
            options.Model is string model ? ScoringModel.Load(model) : null,
            stages,
            cancellationToken);
        foreach (string note in explorer.Notes)
        {
            error.WriteLine($"note: {note}");
        }

        return explorer;
    }

    /// <summary>A bar for each stage.</summary>
    private sealed class Stages(TextWriter error) : IProgress<(string Stage, int Done, int Total)>, IDisposable
    {
        private readonly Lock _gate = new();
        private string? _stage;
        private ProgressBar? _bar;

        public void Report((string Stage, int Done, int Total) value)
        {
            lock (_gate)
            {
                if (value.Stage != _stage)
                {
                    _bar?.Dispose();
                    _stage = value.Stage;
                    _bar = ProgressBar.Start(value.Stage, value.Total, error);
                }

                _bar!.Report(value.Done);
            }
        }

        public void Dispose() => _bar?.Dispose();
    }
}
