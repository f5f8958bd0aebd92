using CrossModalVae.Cli.Workflows;
using CrossModalVae.Pipelines;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae embed</c>: a corpus through the ML.NET pipeline of a model.</summary>
internal static class EmbedVerb
{
    internal static Command Create()
    {
        Option<string> manifest = Options.Manifest();
        Option<string> model = new("--model")
        {
            Description = "The model folder that 'cmvae export' wrote.",
            Required = true,
            HelpName = "MODEL",
        };
        Option<string> output = Options.Out("The embedding folder: embeddings.npy and rows.jsonl.", "DIR");
        Option<CorpusSplit?> split = Options.Choice<CorpusSplit>("--split", "Embed this split only. Default all.");
        Option<string> modality = new("--modality")
        {
            Description = "voice, face, joint, both (voice and face), or all. Default all.",
            DefaultValueFactory = _ => "all",
        };
        modality.AcceptOnlyFromAmong("voice", "face", "joint", "both", "all");
        Option<bool> deviations = new("--standard-deviations")
        {
            Description = "Also write the posteriors' standard deviations, for the metric gaussian-wasserstein. Not for joint.",
        };
        Option<bool> reconstructions = new("--reconstructions")
        {
            Description = "Also write what the decoder makes of each row, for the metric ms-vae. Not for joint.",
        };
        Option<string?> features = Options.Features();
        Option<string?> recipe = new("--recipe")
        {
            Description = "Score by this recipe; it must be the model's in all that shapes the model.",
            HelpName = "FILE",
        };
        Option<string?> shard = new("--shard")
        {
            Description = "Embed the i-th of n parts of the corpus, from 0/n to n-1/n; parts join by concatenation.",
            HelpName = "i/n",
        };
        Option<bool> resume = new("--resume") { Description = "Go on where a stopped run was." };
        Option<string> device = Options.Device();
        Option<bool> json = Options.Json();

        var command = new Command("embed", "Compute embeddings of a corpus with an exported model.")
        {
            manifest, model, output, split, modality, deviations, reconstructions, features, recipe, shard, resume, device, json,
        };
        command.Validators.Add(result =>
        {
            if ((result.GetValue(deviations) || result.GetValue(reconstructions))
                && result.GetValue(modality) is not ("voice" or "face" or "both"))
            {
                result.AddError(
                    "--standard-deviations and --reconstructions are of voices and faces, not of joint embeddings; "
                    + "choose --modality voice, face or both.");
            }
        });
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                string folder = parsed.GetValue(output)!;
                using PipelineBundle bundle = PipelineBundle.Load(
                    parsed.GetValue(model)!, parsed.GetValue(recipe), ScoringDevice.Resolve(parsed.GetValue(device)!));
                Manifest corpus = ManifestReader.Read(parsed.GetValue(manifest)!);
                Modality[] modalities = parsed.GetValue(modality) switch
                {
                    "voice" => [Modality.Voice],
                    "face" => [Modality.Face],
                    "joint" => [Modality.Joint],
                    "both" => [Modality.Voice, Modality.Face],
                    _ => [Modality.Voice, Modality.Face, Modality.Joint],
                };
                using FeatureStore? store = parsed.GetValue(features) is string file ? FeatureStore.Open(file) : null;
                EmbeddingSet embeddings = Embedding.Run(
                    bundle,
                    corpus,
                    store,
                    parsed.GetValue(split),
                    modalities,
                    (parsed.GetValue(deviations) ? EmbeddingParts.StandardDeviations : 0)
                        | (parsed.GetValue(reconstructions) ? EmbeddingParts.Reconstructions : 0),
                    Shard.Parse(parsed.GetValue(shard)),
                    folder,
                    parsed.GetValue(resume),
                    parsed.InvocationConfiguration.Error,
                    cancellationToken);
                TextWriter writer = parsed.InvocationConfiguration.Output;
                writer.WriteLine(parsed.GetValue(json)
                    ? System.Text.Json.JsonSerializer.Serialize(new { folder, rows = embeddings.Count, dimension = embeddings.Dimension })
                    : $"{folder}: {embeddings.Count} rows x {embeddings.Dimension}");
                return CommandLine.Done;
            },
            CancellationToken.None));
        return command;
    }
}
