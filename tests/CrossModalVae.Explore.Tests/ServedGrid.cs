using CrossModalVae.Calibration;
using CrossModalVae.Clusters;
using CrossModalVae.Metrics;
using CrossModalVae.Models;
using CrossModalVae.Retrieval;
using Microsoft.Playwright;

namespace CrossModalVae.Explore.Tests;

/// <summary>The real clips of the fixtures, served with everything there is, and a browser: Debian's Chromium without a window.</summary>
public sealed class ServedGrid : IAsyncLifetime, IDisposable
{
    private const string Chromium = "/usr/bin/chromium";

    private readonly TemporaryFolder _folder = new();
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private Explorer? _explorer;
    private ExploreServer? _server;

    internal Explorer Explorer => _explorer!;

    internal ExploreServer Server => _server!;

    internal IBrowser Browser => _browser!;

    public async Task InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            return; // the tests skip, or fail where CI=true
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"], // no sandbox for root, as in CI
        });
        var manifest = ManifestReader.Read(Path.Combine(Fixtures.Grid, "manifest.jsonl"));
        var model = ScoringModel.Load(Repository.File("onnx", "demo"));
        EmbeddingSet embedded = model.Embed(manifest, [Modality.Voice, Modality.Face]);
        EmbeddingRow[] rows = [.. embedded.Rows.Select(row => row with { Gender = IsInFilter(row.Identity) ? "f" : "m" })];
        var set = new EmbeddingSet(embedded.Values, embedded.Dimension, rows);
        EmbeddingFile.Write(_folder["embeddings"], set);
        EmbeddingOrigin.Of(model.Card).Write(_folder["embeddings"]);
        EmbeddingSet faces = set.Where(row => row.Modality == Modality.Face);
        var clustering = new ClusteringOptions { Method = ClusteringMethod.Hdbscan, MinSamples = 2, MinClusterSize = 3 };
        ClusterAssignment found = clustering.Fit(faces.Values, faces.Count, faces.Dimension);
        _explorer = Explorer.Load(
            new ExploreOptions
            {
                Embeddings = _folder["embeddings"],
                Manifest = manifest,
                Clusters = ClusteringRecord.Create(Modality.Face, clustering, faces, found, 1),
                Calibrations = [Calibration()],
            },
            model);
        _server = await ExploreServer.StartAsync(_explorer);
    }

    public async Task DisposeAsync()
    {
        await (_browser?.CloseAsync() ?? Task.CompletedTask);
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
        _explorer?.Dispose();
    }

    public void Dispose()
    {
        _playwright?.Dispose();
        _folder.Dispose();
    }

    /// <summary>Skips a test where there is no browser.</summary>
    internal void Require() => Tool.Require(_browser is not null, "Chromium");

    // The corpus does not say; a filter needs something.
    private static bool IsInFilter(string identity) => identity[^1] % 2 == 0;

    private static CalibrationReport Calibration() => new()
    {
        Direction = RetrievalDirection.VoiceToFace,
        Metric = RankingMetric.Cosine,
        Split = CorpusSplit.Validation,
        Seed = 1,
        Calibration = new ScoreCalibration { Slope = 3, Intercept = -1 },
        TrialCount = 1,
        People = [],
        Before = new ProbabilityLosses(0, 0, 0),
        After = new ProbabilityLosses(0, 0, 0),
        IsHeldOut = false,
        Reliability = [],
    };
}
