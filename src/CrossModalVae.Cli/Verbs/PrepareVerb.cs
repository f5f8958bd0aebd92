using CrossModalVae.Cli.Workflows;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae prepare</c>: the features of a corpus into a store, once, for every training and scoring that follows.</summary>
internal static class PrepareVerb
{
    internal static Command Create()
    {
        Option<string> manifest = Options.Manifest();
        Option<string> recipe = Options.Recipe();
        Option<string> output = Options.Out(
            "The feature store. A stopped preparation goes on when the same command is given again.", "FILE");
        Option<FeaturePrecision?> precision = Options.Choice<FeaturePrecision>(
            "--precision", "How numbers are kept: float32 exactly, float16 in half the room and off by at most 0.05 %. Default float32.");
        Option<int> jobs = Options.Count("--jobs", "Clips worked on at once.", Environment.ProcessorCount, 1);
        var folders = new AugmentationFolders();
        Option<bool> json = Options.Json();

        var command = new Command(
            "prepare", "Compute the features of a corpus into a store, for 'train --features' and 'embed --features'.")
            {
                manifest, recipe, output, precision, jobs, folders.Noise, folders.Responses, json,
            };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                string file = parsed.GetValue(output)!;
                var options = new FeatureStoreOptions
                {
                    Precision = parsed.GetValue(precision) ?? FeaturePrecision.Float32,
                    Jobs = parsed.GetValue(jobs),
                };
                Recipe chosen = RecipeReader.Read(parsed.GetValue(recipe)!);
                (FeatureStoreReport report, double seconds) = Preparation.Run(
                    ManifestReader.Read(parsed.GetValue(manifest)!),
                    new FeatureStoreBuilder(chosen, options, folders.Sources(parsed, chosen)),
                    file,
                    parsed.InvocationConfiguration.Error,
                    cancellationToken);
                parsed.InvocationConfiguration.Output.WriteLine(parsed.GetValue(json)
                    ? System.Text.Json.JsonSerializer.Serialize(
                        new
                        {
                            file,
                            clips = report.ClipCount,
                            rows = report.RowCount,
                            computed = report.ComputedCount,
                            bytes = report.Bytes,
                            precision = EnumText.Of(options.Precision),
                            seconds = Math.Round(seconds, 3),
                        })
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"{file}: {report.ClipCount} clips{Views(report)} in {EnumText.Of(options.Precision)}, "
                        + $"{report.Bytes / 1e6:0.0} MB; {Computed(report, seconds)}"));
                return CommandLine.Done;
            },
            CancellationToken.None));
        return command;
    }

    private static string Views(FeatureStoreReport report) =>
        report.RowCount == report.ClipCount
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $" and {report.RowCount - report.ClipCount} augmented views");

    private static string Computed(FeatureStoreReport report, double seconds) => report.ComputedCount == 0
        ? "all of it was prepared before"
        : string.Create(CultureInfo.InvariantCulture, $"{report.ComputedCount} computed now, {report.ComputedCount / seconds:0} a second");
}
