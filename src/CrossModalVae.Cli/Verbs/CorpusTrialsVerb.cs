using CrossModalVae.Evaluation.Trials;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae corpus trials</c>: the field's published trial lists into ours.</summary>
internal static class CorpusTrialsVerb
{
    internal static Command Create()
    {
        Option<string> lists = new("--lists")
        {
            Description = "The folder of the published VoxCeleb1 lists: vox1_meta.csv, "
                + "and veriflist/, matching/, retrieval/ or some of them.",
            Required = true,
            HelpName = "DIR",
        };
        Option<string> output = Options.Out("The trial list to write, for 'cmvae evaluate --trials'.", "FILE");
        Option<VoxCeleb1TrialPeople?> people = Options.Choice<VoxCeleb1TrialPeople>(
            "--people", "Whose verification trials; matching and retrieval are about unseen-unheard people. Default all.");
        Option<string?> root = new("--root") { Description = "A VoxCeleb1 tree, for --manifest-out.", HelpName = "DIR" };
        Option<string?> manifest = new("--manifest-out")
        {
            Description = "Also write the manifest of every utterance and frame that the trials name, "
                + "one file a clip: what to embed before evaluating.",
            HelpName = "FILE",
        };
        Option<string?> meta = new("--meta") { Description = "vox1_meta.csv. Default: beside the lists.", HelpName = "FILE" };
        Option<string?> splits = new("--splits")
        {
            Description = "An identity split file. Default: Splits/identity_splits.txt beside the lists.",
            HelpName = "FILE",
        };
        var command = new Command("trials", "Make a trial list of the published VoxCeleb1 lists: verification, matching, retrieval.")
        {
            lists, output, people, root, manifest, meta, splits,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(root) is null != result.GetValue(manifest) is null)
            {
                result.AddError("--root and --manifest-out go together; give both or neither.");
            }
        });
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                TextWriter writer = parsed.InvocationConfiguration.Output;
                var published = new VoxCeleb1Trials(new VoxCeleb1TrialOptions
                {
                    Lists = parsed.GetValue(lists)!,
                    MetaFile = parsed.GetValue(meta),
                    People = parsed.GetValue(people) ?? VoxCeleb1TrialPeople.All,
                });
                string path = parsed.GetValue(output)!;
                IReadOnlyList<VoxCeleb1TrialList> made = published.Write(path, cancellationToken);
                writer.WriteLine($"{path}: {made.Sum(list => list.TrialCount)} trials of {made.Count} lists");
                foreach (VoxCeleb1TrialList list in made)
                {
                    string direction = list.Direction is RetrievalDirection asks ? $", {EnumText.Of(asks)}"
                        : list.Modality is Modality of ? $", {EnumText.Of(of)}" : "";
                    writer.WriteLine($"  {EnumText.Of(list.Kind)} {list.Stratum}{direction}: {list.TrialCount}");
                }

                if (parsed.GetValue(manifest) is string clips)
                {
                    var corpus = new VoxCeleb1Options { Root = parsed.GetValue(root)!, SplitFile = parsed.GetValue(splits) };
                    CorpusVerb.Print(parsed, clips, published.WriteManifest(clips, corpus, cancellationToken));
                }

                return CommandLine.Done;
            },
            CancellationToken.None));
        return command;
    }
}
