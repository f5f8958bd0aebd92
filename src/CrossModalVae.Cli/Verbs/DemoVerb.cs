using CrossModalVae.Cli.Workflows;
using CrossModalVae.Synthesis;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae demo</c>: every step on a synthetic corpus and on real clips.</summary>
internal static class DemoVerb
{
    internal static Command Create()
    {
        var standard = new SyntheticCorpusOptions();
        Option<string> output = new("--out")
        {
            Description = "The folder for everything that is written.",
            DefaultValueFactory = _ => Path.Combine("artifacts", "demo"),
            HelpName = "DIR",
        };
        Option<int> identities = Options.Count("--identities", "Synthetic identities.", standard.Identities, 20);
        Option<int> clips = Options.Count("--clips-per-identity", "Clips of each.", standard.ClipsPerIdentity, 2);
        Option<long> seed = Options.Seed("Seed of the corpus.");
        Option<int?> epochs = Options.OptionalCount("--epochs", "Overrides the epochs of both recipes, for a quick look.", 1);
        Option<string?> grid = Options.File(
            "--grid", "The manifest of the real clips. Default the 27 clips of the GRID corpus that come with this program.");
        Option<string?> reference = Options.Folder("--reference", "Also write the demo recipe's model to this folder.");
        Option<string> device = Options.Device();
        Option<bool> json = Options.Json();

        var command = new Command(
            "demo", "Make a corpus, train, export, embed, cluster, rank and evaluate, on synthetic and on real clips.")
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
