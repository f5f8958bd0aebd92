using System.Diagnostics;
using CrossModalVae.Cli.Terminal;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Prepares a feature store, with progress.</summary>
internal static class Preparation
{
    internal static (FeatureStoreReport Report, double Seconds) Run(
        Manifest manifest, FeatureStoreBuilder builder, string file, TextWriter error, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        using ProgressBar progress = ProgressBar.Start("preparing", builder.CountRows(manifest), error);
        FeatureStoreReport report = builder.Build(manifest, file, progress, cancellationToken);
        return (report, watch.Elapsed.TotalSeconds);
    }
}
