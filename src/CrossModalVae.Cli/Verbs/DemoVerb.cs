using CrossModalVae.Cli.Workflows;
using CrossModalVae.Synthesis;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae demo</c>: the whole way on a synthetic corpus and on real clips.</summary>
internal static class DemoVerb
{
    internal static Command Create()
    {
        var standard = new SyntheticCorpusOptions();
        Option<string> output = new("--out")
        {
            Description = "Where everything goes. Default artifacts/demo.",
            DefaultValueFactory = _ => Path.Combine("artifacts", "demo"),
            HelpName = "DIR",
        };
        Option<int> identities = Options.Count("--identities", "Synthetic people.", standard.Identities, 20);
        Option<int> clips = Options.Count("--clips-per-identity", "Clips of each.", standard.ClipsPerIdentity, 2);
        Option<long> seed = Options.Seed("Seed of the corpus. Default 1.");
        Option<int?> epochs = Options.Checked(
            new Option<int?>("--epochs") { Description = "Overrides the epochs of both recipes, for a quick look.", HelpName = "N" },
            value => value is null or >= 1 ? null : $"--epochs is {value}; must be at least 1.");
        Option<string?> grid = new("--grid")
        {
            Description = "The manifest of the real clips. Default the 27 clips of the GRID corpus that come with this program.",
            HelpName = "FILE",
        };
        Option<string?> reference = new("--reference")
        {
            Description = "Also write the demo recipe's model to this folder.",
            HelpName = "DIR",
        };
        Option<string> device = Options.Device();
        Option<bool> json = Options.Json();

        var command = new Command(
            "demo", "Make a corpus, train, export, embed, cluster, rank and evaluate, on synthetic and on real clips.")
            {
                output, identities, clips, seed, epochs, grid, reference, device, json,
            };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var demo = new Demo(
                    new DemoOptions
                    {
                        Folder = parsed.GetValue(output)!,
                        Corpus = new SyntheticCorpusOptions
                        {
                            Identities = parsed.GetValue(identities),
                            ClipsPerIdentity = parsed.GetValue(clips),
                            Seed = parsed.GetValue(seed),
                        },
                        Epochs = parsed.GetValue(epochs),
                        GridManifest = parsed.GetValue(grid),
                        ReferenceFolder = parsed.GetValue(reference),
                        Device = parsed.GetValue(device)!,
                    },
                    parsed.InvocationConfiguration.Error,
                    cancellationToken);
                DemoSummary summary = demo.Run();
                TextWriter writer = parsed.InvocationConfiguration.Output;
                if (parsed.GetValue(json))
                {
                    writer.Write(summary.Text());
                }
                else
                {
                    DemoTable.Print(writer, summary, parsed.GetValue(output)!);
                }

                return CommandLine.Done;
            },
            CancellationToken.None));
        return command;
    }
}
