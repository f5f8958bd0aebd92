using CrossModalVae.Cli.Workflows;
using CrossModalVae.Synthesis;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae demo</c>: every step on a synthetic corpus and on real clips.</summary>
internal static class DemoVerb
{
    private const int MostIdentities = 1_000_000;
    private const int MostClips = 10_000;

    internal static Command Create()
    {
        var standard = new SyntheticCorpusOptions();
        Output output = new(
            "--out", "The folder for everything that is written. The same command continues a stopped demo.", "DIR", "*")
        {
            DefaultValueFactory = _ => Path.Combine("artifacts", "demo"),
            Rule = OutputRule.Continue,
            Marker = Demo.OptionsFile,
        };
        Option<int> identities = Options.Count("--identities", "Synthetic identities.", standard.Identities, 20, MostIdentities);
        Option<int> clips = Options.Count("--clips-per-identity", "Clips of each identity.", standard.ClipsPerIdentity, 2, MostClips);
        Option<long> seed = Options.Seed("Seed of the corpus.");
        Option<int?> epochs = Options.OptionalCount(
            "--epochs", "Overrides the epochs of both recipes, for a quick look. Default: the recipes'.", 1, Options.MostDraws);
        Option<string?> grid = Options.File(
            "--grid", "The manifest of the real clips. Default: the 27 clips of the GRID corpus that come with this program.");
        Output reference = new("--reference", "Also write the demo recipe's model to this folder.", "DIR", ExportVerb.Files)
        {
            IsOwnFolder = true,
        };
        CheckedText device = Options.TrainingDevice();
        Option<bool> json = Options.Json();

        var command = new Verb(
            "demo",
            "Make a corpus of synthetic people, train, export, embed, cluster, rank and evaluate on it, and take 27 real clips through the "
            + "same steps.",
            ("everything, into artifacts/demo; some minutes on two cores", "cmvae demo"),
            ("a quick look", "cmvae demo --identities 40 --epochs 3 --out /tmp/quick"))
            {
                output, identities, clips, seed, epochs, grid, reference, device, json,
            };
        return command.Runs((parsed, cancellationToken) =>
        {
            var corpus = new SyntheticCorpusOptions
            {
                Identities = parsed.GetValue(identities),
                ClipsPerIdentity = parsed.GetValue(clips),
                Seed = parsed.GetValue(seed),
            };
            var options = new DemoOptions(
                Folder: parsed.GetValue(output)!,
                corpus,
                parsed.GetValue(epochs),
                GridManifest: parsed.GetValue(grid),
                ReferenceFolder: parsed.GetValue(reference),
                Device: parsed.GetValue(device)!);
            var demo = new Demo(options, parsed.InvocationConfiguration.Error, cancellationToken);
            DemoSummary summary = demo.Run();
            parsed.Print(json, summary.Text, writer => DemoTable.Print(writer, summary, parsed.GetValue(output)!));
        });
    }
}
