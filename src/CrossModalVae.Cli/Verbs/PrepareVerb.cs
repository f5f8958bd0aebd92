using System.Diagnostics;
using CrossModalVae.Audio;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Scoring.Encoders;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae prepare</c>: the features of a corpus into a store, once, for every training and scoring that follows.</summary>
internal static class PrepareVerb
{
    internal static Command Create()
    {
        var corpusFiles = new CorpusOptions();
        Option<string> recipe = Options.Recipe();
        Output output = new("--out", "The feature store. The same command continues a stopped preparation.", "FILE")
        {
            Required = true,
            Rule = OutputRule.Continue,
        };
        Choice<FeaturePrecision> precision = Options.Precision(
            "How numbers are stored: float32 exactly, float16 in half the space with an error of at most 0.05 %.");
        Option<int?> jobs = Options.Workers("--jobs", "Clips processed at once.");
        Choice<ToleratedFault> tolerate = Tolerance.Option();
        Option<bool> skipBroken = Options.SkipBroken();
        var encoders = new EncoderOptions();
        var device = new ScoringDevice("Where pretrained encoders are computed");
        var folders = new AugmentationFolders();
        Option<bool> json = Options.Json();

        var command = new Verb(
            "prepare",
            "Compute the features of a corpus once, into a store for 'train --features' and 'embed --features'.",
            (
                "once; every training by a recipe of the same front ends then starts at once",
                "cmvae prepare --manifest corpus/manifest.jsonl --recipe recipe.json --out corpus.features"))
            {
                corpusFiles.File, corpusFiles.Root, recipe, output, precision, jobs, tolerate, skipBroken, folders.Noise,
                folders.Responses, encoders.Voice, encoders.Face, device, json,
            };
        return command.Runs((parsed, cancellationToken) =>
        {
            string file = parsed.GetValue(output)!;
            SoundReading reading = parsed.Reading(tolerate);
            using RecipeEncoders opened = encoders.Open(parsed, parsed.GetValue(recipe)!, device.Order(parsed));
            Recipe chosen = opened.Recipe;
            var options = new FeatureStoreOptions
            {
                Precision = precision.ValueOrDefault(parsed),
                Jobs = parsed.GetValue(jobs) ?? Environment.ProcessorCount,
                Reading = reading,
                SkipBroken = parsed.GetValue(skipBroken),
                Encoders = opened.Encoders,
            };
            Manifest corpus = corpusFiles.Read(parsed);
            var builder = new FeatureStoreBuilder(chosen, options, folders.Sources(parsed, chosen));
            var watch = Stopwatch.StartNew();
            using ProgressBar progress = ProgressBar.Start("preparing", builder.CountRows(corpus), parsed.InvocationConfiguration.Error);
            FeatureStoreReport report = builder.Build(corpus, file, progress, cancellationToken);
            foreach (SkippedClip clip in report.Skipped)
            {
                progress.Line($"warning: {clip.Text}");
            }

            double seconds = watch.Elapsed.TotalSeconds;
            parsed.ListTolerated(reading);
            var result = new
            {
                file,
                clips = report.ClipCount,
                rows = report.RowCount,
                computed = report.ComputedCount,
                bytes = report.Bytes,
                precision = EnumText.Of(options.Precision),
                seconds = Math.Round(seconds, 3),
                tolerated = reading.Tolerated,
                skipped = Broken.ToJson(report.Skipped),
            };
            parsed.PrintLine(
                json,
                result,
                $"{file}: {Counted.Of(report.ClipCount, "clip")}{Views(report)} in "
                + Invariant($"{result.precision}, {report.Bytes / 1e6:0.0} MB; ")
                + Computed(report, seconds)
                + Broken.Text(report.Skipped));
        });
    }

    private static string Views(FeatureStoreReport report) =>
        report.RowCount == report.ClipCount
            ? ""
            : Invariant($" and {Counted.Of(report.RowCount - report.ClipCount, "augmented view")}");

    private static string Computed(FeatureStoreReport report, double seconds) => report.ComputedCount == 0
        ? "all of it was prepared before"
        : Invariant($"{report.ComputedCount} computed now, {report.ComputedCount / seconds:0} a second");
}
