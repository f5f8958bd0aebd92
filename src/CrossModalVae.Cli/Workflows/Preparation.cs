using System.Diagnostics;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Corpora;
using CrossModalVae.Features;
using CrossModalVae.Recipes;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Prepares a feature store, with progress.</summary>
internal static class Preparation
{
    internal static (FeatureStoreReport Report, double Seconds) Run(
        Manifest manifest, Recipe recipe, string file, FeatureStoreOptions options, TextWriter error, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        using ProgressBar progress = ProgressBar.Start("preparing", manifest.Clips.Count, error);
        FeatureStoreReport report = new FeatureStoreBuilder(recipe, options).Build(manifest, file, progress, cancellationToken);
        return (report, watch.Elapsed.TotalSeconds);
    }
}
