using System.Text.Json;
using CrossModalVae.Evaluation.Trials;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae corpus trials</c>: converts the published VoxCeleb1 trial lists.</summary>
internal static class CorpusTrialsVerb
{
    internal static Command Create()
    {
        Option<string> lists = new("--lists")
        {
            Description = "The folder of the published VoxCeleb1 lists: vox1_meta.csv, and any of veriflist/, matching/, retrieval/.",
            Required = true,
            HelpName = "DIR",
        };
        Output output = Options.Out("The trial list to write, for 'cmvae evaluate --trials'.", "FILE");
        Choice<VoxCeleb1TrialPeople> people = new(
            "--people",
            "The identities of the verification trials; matching and retrieval have unseen-unheard ones only.",
            VoxCeleb1TrialPeople.All);
        Option<string?> root = Options.Folder("--root", "A VoxCeleb1 tree, for --manifest-out.");
        Output manifest = new(
            "--manifest-out",
            "Also write the manifest of every utterance and frame that the trials name, one file a clip: what to embed before evaluating.",
            "FILE");
        Option<string?> meta = Options.File("--meta", "vox1_meta.csv. Default: beside the lists.");
        Option<string?> splits = Options.File(
            "--splits", "An identity split file. Default: Splits/identity_splits.txt beside the lists.");
        Option<bool> json = Options.Json();
        var command = new Verb(
            "trials",
            "Make a trial list of the published VoxCeleb1 lists: verification, matching, retrieval.",
            (
                "the trials, and the manifest of what they name",
                "cmvae corpus trials --lists vox1/lists --out trials.jsonl --root vox1 --manifest-out named.jsonl"))
        {
            lists, output, people, root, manifest, meta, splits, json,
        };
        command.RefuseIf(
            result => result.GetValue(root) is null != result.GetValue(manifest) is null,
            "--root and --manifest-out go together; give both or neither.");
        return command.Runs((parsed, cancellationToken) =>
        {
            TextWriter writer = parsed.InvocationConfiguration.Output;
            var published = new VoxCeleb1Trials(new VoxCeleb1TrialOptions
            {
                Lists = parsed.GetValue(lists)!,
                MetaFile = parsed.GetValue(meta),
                People = people.ValueOrDefault(parsed),
            });
            string path = parsed.GetValue(output)!;
            parsed.Say("converting the lists");
            IReadOnlyList<VoxCeleb1TrialList> made = published.Write(path, cancellationToken);
            string? clips = parsed.GetValue(manifest);
            parsed.Say("listing the clips that the trials name");
            CorpusBuildReport? report = clips is null
                ? null
                : published.WriteManifest(
                    clips,
                    new VoxCeleb1Options { Root = parsed.GetValue(root)!, SplitFile = parsed.GetValue(splits) },
                    cancellationToken);
            if (parsed.GetValue(json))
            {
                writer.WriteLine(JsonSerializer.Serialize(new
                {
                    trials = path,
                    count = made.Sum(list => list.TrialCount),
                    lists = made.Select(list => new
                    {
                        kind = EnumText.Of(list.Kind),
                        stratum = list.Stratum,
                        direction = list.Direction is RetrievalDirection named ? EnumText.Of(named) : null,
                        modality = list.Modality is Modality one ? EnumText.Of(one) : null,
                        trials = list.TrialCount,
                    }),
                    manifest = report is null ? null : CorpusVerb.ToJson(clips!, report),
                }));
                return;
            }

            writer.WriteLine($"{path}: {Counted.Of(made.Sum(list => list.TrialCount), "trial")} of {Counted.Of(made.Count, "list")}");
            foreach (VoxCeleb1TrialList list in made)
            {
                string direction = list.Direction is RetrievalDirection asks ? $", {EnumText.Of(asks)}"
                    : list.Modality is Modality of ? $", {EnumText.Of(of)}" : "";
                writer.WriteLine($"  {EnumText.Of(list.Kind)} {list.Stratum}{direction}: {list.TrialCount}");
            }

            if (report is not null)
            {
                CorpusVerb.Print(parsed, json, clips!, report);
            }
        });
    }
}
