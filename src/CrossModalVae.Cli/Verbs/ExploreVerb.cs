using CrossModalVae.Cli.Terminal;
using CrossModalVae.Cli.Workflows;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae explore</c>: embeddings in the browser of this machine, or as a page.</summary>
internal static class ExploreVerb
{
    private const int StandardRows = 100_000;
    private const int StandardMegabytes = 50;
    private const int LargestPort = 65_535;

    internal static Command Create()
    {
        Option<string> embeddings = Options.Embeddings();
        Option<string?> manifest = Options.File(
            "--manifest", "The corpus of the embeddings, for faces and voices. Default: none are shown.");
        Option<string?> root = Options.Root();
        Option<string?> model = Options.Folder(
            "--model", "The model of the embeddings: a wav or jpg file that is dropped on the page is embedded and ranked.");
        Option<string?> gallery = Options.Folder(
            "--gallery", "Rank this gallery folder instead of the other modality's rows of --embeddings.");
        Option<string?> projection = Options.File(
            "--projection",
            "The map that 'cmvae project' wrote (projection.json). Default: t-SNE of up to 20000 rows, principal components of more.");
        Option<string?> clusters = Options.File("--clusters", "The clustering that 'cmvae cluster' wrote.");
        Option<string[]> calibrations = new("--calibration")
        {
            Description = "What 'cmvae calibrate' wrote, one for each direction: matches have the probability of the same person.",
            HelpName = "FILE",
            Arity = ArgumentArity.OneOrMore,
        };
        Choice<RankingMetric> metric = Options.Metric();
        Choice<CorpusSplit> split = new("--split", "Only this split's rows. Default: all.");
        Option<int> rows = Options.Count(
            "--rows", "Rows on the map at most; of more, whole people are drawn.", StandardRows, 1, Options.MostDraws);
        Option<long> seed = Options.Seed("Draws people, and t-SNE's initial layout.");
        Option<int> port = Options.Count("--port", "The port on 127.0.0.1; 0 for any free one.", 0, 0, LargestPort);
        Output export = new("--export", "Write the page to one file that needs no server, and end.", "FILE");
        Option<bool> withMedia = new("--with-media")
        {
            Description = "With --export: thumbnails of the faces and two seconds of each voice. Default: none, as they are personal data.",
        };
        Option<int> megabytes = Options.Count(
            "--media-megabytes", "With --with-media: what pictures and sounds may take of the file, in MB.", StandardMegabytes, 1, 1024);
        Output atlas = new(
            "--atlas", "Write the rows as a Parquet table, for Embedding Atlas, FiftyOne and scripts, and end.", "FILE");
        Option<bool> json = Options.Json();
        var command = new Verb(
            "explore",
            "Look into embeddings in the browser: a map of voices and faces, rankings, errors, clusters. Nothing leaves this machine.",
            (
                "the map, with faces and voices",
                "cmvae explore --embeddings embeddings/first --manifest my/clips/manifest.jsonl"),
            (
                "the test people with everything, and files dropped on the page",
                "cmvae explore --embeddings embeddings/first --manifest my/clips/manifest.jsonl --split test --model models/first "
                + "--clusters clusters.json --calibration calibration.json"),
            (
                "one file to hand on, with small pictures and short sounds",
                "cmvae explore --embeddings embeddings/first --manifest my/clips/manifest.jsonl --export page.html --with-media"))
        {
            embeddings, manifest, root, model, gallery, projection, clusters, calibrations, metric, split, rows, seed, port, export,
            withMedia, megabytes, atlas, json,
        };
        command.RefuseIf(
            result => result.GetValue(root) is not null && result.GetValue(manifest) is null, "--root goes with --manifest only.");
        command.RefuseIf(
            result => result.GetValue(withMedia) && (result.GetValue(export) is null || result.GetValue(manifest) is null),
            "--with-media goes with --export and --manifest only.");
        command.RefuseIf(
            result => result.IsGiven(megabytes) && !result.GetValue(withMedia), "--media-megabytes goes with --with-media only.");
        command.RefuseIf(
            result => (result.GetValue(export) ?? result.GetValue(atlas)) is not null
                && (result.IsGiven(port) || result.GetValue(model) is not null),
            "--port and --model are for a page that is served; they do not go with --export and --atlas.");
        return command.Runs((parsed, cancellationToken) =>
        {
            var options = new ExplorationOptions
            {
                Embeddings = parsed.GetValue(embeddings)!,
                Manifest = parsed.GetValue(manifest),
                Root = parsed.GetValue(root),
                Model = parsed.GetValue(model),
                Gallery = parsed.GetValue(gallery),
                Projection = parsed.GetValue(projection),
                Clusters = parsed.GetValue(clusters),
                Calibrations = parsed.GetValue(calibrations) ?? [],
                Metric = metric.ValueOrDefault(parsed),
                Split = parsed.GetValue(split),
                MostRows = parsed.GetValue(rows),
                Seed = parsed.GetValue(seed),
                MostMediaBytes = parsed.GetValue(withMedia) ? parsed.GetValue(megabytes) * (1L << 20) : 0,
            };
            TextWriter error = parsed.InvocationConfiguration.Error;
            (string? page, string? table) = (parsed.GetValue(export), parsed.GetValue(atlas));
            parsed.Say("reading the embeddings");
            if ((page ?? table) is not null)
            {
                Exploration.Write(options, page, table, error, cancellationToken);
                return;
            }

            Exploration.Serve(
                options,
                parsed.GetValue(port),
                link =>
                {
                    StatusWriter.Say(error, null);
                    parsed.PrintLine(json, new { link }, link.ToString());
                    parsed.InvocationConfiguration.Output.Flush();
                    error.WriteLine("The link is for this machine and this run only; Ctrl-C ends it.");
                },
                error,
                cancellationToken);
        });
    }
}
