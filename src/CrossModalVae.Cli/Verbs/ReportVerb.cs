using CrossModalVae.Cli.Workflows;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae report</c>: a run, its evaluation and its clusters as one page.</summary>
internal static class ReportVerb
{
    internal static Command Create()
    {
        Option<string?> run = Options.Folder("--run", "A run: its loss curves and what it was trained on.");
        Option<string?> model = Options.Folder("--model", "A model folder: its card, with intended use and misuse.");
        Option<string[]> evaluations = new("--evaluation")
        {
            Description = "Metrics that 'cmvae evaluate' wrote, one file or more: tables with chance, intervals and people, and curves.",
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string?> calibration = Options.File("--calibration", "A calibration that 'cmvae calibrate' wrote.");
        Option<string?> embeddings = Options.Folder(
            "--embeddings", "Embeddings that 'cmvae embed' wrote: voices and faces in one plane and, with --manifest, rankings.");
        Choice<CorpusSplit> split = new("--split", "With --embeddings: only this split's rows. Default: all.");
        Option<string?> clusters = Options.File("--clusters", "A clustering that 'cmvae cluster' wrote.");
        Option<string?> manifest = Options.File(
            "--manifest", "The corpus: the page then shows faces of its people, in clusters and rankings. Default: it shows none.");
        Option<string?> root = Options.Root();
        Option<string?> title = new("--title")
        {
            Description = "The page's title. Default: the model's or recipe's name.",
            HelpName = "TEXT",
        };
        Output output = Options.Out("The page to write (HTML).", "FILE");

        var command = new Verb(
            "report",
            "Put a run, its evaluation, clusters and rankings on one page that needs no network and prints well.",
            (
                "of a finished run and its evaluation",
                "cmvae report --run runs/first --evaluation metrics.json --out report.html"),
            (
                "with the model's card, the manifold, clusters and rankings with faces",
                "cmvae report --model models/first --evaluation metrics.json --embeddings embeddings/first --clusters clusters.json "
                + "--manifest corpus/manifest.jsonl --out report.html"))
            {
                output, run, model, evaluations, calibration, embeddings, split, clusters, manifest, root, title,
            };
        command.RefuseIf(
            result => !new Option[] { run, model, evaluations, calibration, embeddings, clusters }.Any(result.IsGiven),
            "one of --run, --model, --evaluation, --calibration, --embeddings and --clusters must be given: there is nothing to report.");
        command.RefuseIf(
            result => result.IsGiven(split) && result.GetValue(embeddings) is null, "--split goes with --embeddings only.");
        command.RefuseIf(
            result => result.GetValue(manifest) is not null && result.GetValue(embeddings) is null && result.GetValue(clusters) is null,
            "--manifest goes with --embeddings or --clusters, whose faces it has.");
        command.RefuseIf(
            result => result.GetValue(root) is not null && result.GetValue(manifest) is null, "--root goes with --manifest only.");
        return command.Runs((parsed, cancellationToken) =>
        {
            string path = parsed.GetValue(output)!;
            parsed.Say("putting the page together");
            Report.Write(
                path,
                new ReportSources
                {
                    Title = parsed.GetValue(title),
                    Run = parsed.GetValue(run),
                    Model = parsed.GetValue(model),
                    Evaluations = parsed.GetValue(evaluations) ?? [],
                    Calibration = parsed.GetValue(calibration),
                    Embeddings = parsed.GetValue(embeddings),
                    Split = parsed.GetValue(split),
                    Clusters = parsed.GetValue(clusters),
                    Manifest = parsed.GetValue(manifest),
                    Root = parsed.GetValue(root),
                },
                parsed.InvocationConfiguration.Error,
                cancellationToken);
        });
    }
}
