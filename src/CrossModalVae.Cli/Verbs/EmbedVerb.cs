using CrossModalVae.Audio;
using CrossModalVae.Cli.Workflows;
using CrossModalVae.Scoring;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae embed</c>: a corpus through the ML.NET pipeline of a model.</summary>
internal static class EmbedVerb
{
    internal static Command Create()
    {
        var corpusFiles = new CorpusOptions();
        Option<string> model = new("--model")
        {
            Description = "The model folder that 'cmvae export' wrote.",
            Required = true,
            HelpName = "MODEL",
        };
        var output = new Output("--out", "The embedding folder: embeddings.npy and rows.jsonl.", "DIR", Embedding.Files)
        {
            Required = true,
            Record = EmbeddingJob.FileName,
        };
        Choice<CorpusSplit> split = new("--split", "Embed this split only. Default: all.");
        CheckedText modality = Options.Word(
            "--modality", "What to embed; both is voice and face, all is joint too.", "all", "voice", "face", "joint", "both", "all");
        Option<bool> deviations = new("--standard-deviations")
        {
            Description = "Also write the posteriors' standard deviations, for the metric gaussian-wasserstein. Not for joint.",
        };
        Option<bool> reconstructions = new("--reconstructions")
        {
            Description = "Also write the decoder's reconstruction of each row, for the metric ms-vae. Not for joint.",
        };
        Option<string?> features = Options.Features();
        Option<string?> recipe = Options.File(
            "--recipe", "Score by this recipe, which may differ from the model's in scoring, clustering and ranking only. "
            + "Default: the model's own.").Completes(() => ShippedRecipes.Names);
        CheckedText shard = new("--shard", Shard.Fault)
        {
            Description = "Embed the i-th of n parts of the corpus, from 0/n to n-1/n; the parts' files can be concatenated.",
            HelpName = "i/n",
        };
        Option<bool> resume = Options.Resume("Continue a stopped run.");
        Choice<ToleratedFault> tolerate = Tolerance.Option();
        Option<bool> skipBroken = Options.SkipBroken();
        var device = new ScoringDevice();
        Option<bool> json = Options.Json();

        var command = new Verb(
            "embed",
            "Compute the embeddings of a corpus's clips with an exported model.",
            ("all clips", "cmvae embed --manifest corpus/manifest.jsonl --model models/first --out embeddings/first"),
            (
                "the second of four parts, on a machine of its own; continues where it was stopped",
                "cmvae embed --manifest corpus/manifest.jsonl --model models/first --out embeddings/part1 --shard 1/4 --resume"))
        {
            corpusFiles.File, corpusFiles.Root, model, output, split, modality, deviations, reconstructions, features, recipe, shard,
            tolerate, skipBroken, resume, device, json,
        };
        command.RefuseIf(
            result => (result.GetValue(deviations) || result.GetValue(reconstructions))
                && result.GetValue(modality) is not ("voice" or "face" or "both"),
            "--standard-deviations and --reconstructions are of voices and faces, not of joint embeddings; "
            + "choose --modality voice, face or both.");
        return command.Runs((parsed, cancellationToken) =>
        {
            string folder = parsed.GetValue(output)!;
            SoundReading reading = parsed.Reading(tolerate);
            string? own = parsed.GetValue(recipe) is string named ? ShippedRecipes.Resolve(named) : null;
            StartedDevice started = ScoringDevice.Start(parsed, device.Order(parsed));
            using ScoringModel loaded = ScoringModel.Load(parsed.GetValue(model)!, own, started.Device, reading);
            CollapseWarning.Write(parsed, parsed.GetValue(model)!, loaded.Card.Collapse);
            Manifest corpus = corpusFiles.Read(parsed);
            Modality[] modalities = parsed.GetValue(modality) switch
            {
                "voice" => [Modality.Voice],
                "face" => [Modality.Face],
                "joint" => [Modality.Joint],
                "both" => [Modality.Voice, Modality.Face],
                _ => [Modality.Voice, Modality.Face, Modality.Joint],
            };
            using FeatureStore? store = parsed.GetValue(features) is string file ? FeatureStore.Open(file) : null;
            var options = new EmbeddingOptions
            {
                Split = parsed.GetValue(split),
                Modalities = modalities,
                Parts = (parsed.GetValue(deviations) ? EmbeddingParts.StandardDeviations : 0)
                    | (parsed.GetValue(reconstructions) ? EmbeddingParts.Reconstructions : 0),
                Shard = Shard.Parse(parsed.GetValue(shard)),
                Resume = parsed.GetValue(resume),
                SkipBroken = parsed.GetValue(skipBroken),
                Reading = reading,
                Force = OutputGuard.Given(parsed, OutputGuard.ForceName),
            };
            EmbeddingSet embeddings = Embedding.Run(
                loaded, corpus, store, options, folder, parsed.InvocationConfiguration.Error, cancellationToken);
            parsed.ListTolerated(reading);
            IReadOnlyList<SkippedClip> skipped = EmbeddingFile.ReadSkipped(folder);
            parsed.PrintLine(
                json,
                new
                {
                    folder,
                    rows = embeddings.Count,
                    dimension = embeddings.Dimension,
                    device = started.Device.ToString(),
                    refused_devices = ScoringDevice.ToJson(started),
                    tolerated = reading.Tolerated,
                    skipped = Broken.ToJson(skipped),
                },
                $"{folder}: {Counted.Of(embeddings.Count, "row")} x {embeddings.Dimension}{Broken.Text(skipped)}");
        });
    }
}
