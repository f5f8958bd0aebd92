using CrossModalVae.Audio;
using CrossModalVae.Cli.Workflows;
using CrossModalVae.Criteria;
using CrossModalVae.Scoring;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae criteria</c>: the four criteria of a multimodal VAE.</summary>
internal static class CriteriaVerb
{
    internal static Command Create()
    {
        var standard = new CriteriaOptions();
        var corpusFiles = new CorpusOptions();
        Option<string> model = new("--model")
        {
            Description = "The model folder that 'cmvae export' wrote; it must have a decoder.",
            Required = true,
            HelpName = "MODEL",
        };
        Output output = Options.Out("The file of all figures (JSON).", "FILE");
        Option<string?> features = Options.Features();
        Option<int> samples = Options.Count(
            "--importance-samples", "K, points of each likelihood bound.", standard.ImportanceSamples, 1, 1_000_000);
        Option<int> prior = Options.Count("--prior-draws", "Draws of the prior for joint coherence.", standard.PriorDraws, 10, 1_000_000);
        Option<int> clips = Options.Count(
            "--likelihood-clips", "Test clips whose likelihood is estimated, each of another person where there are as many.",
            standard.LikelihoodClips, 1);
        Option<int> draws = Options.Count(
            "--draws", "Bootstrap draws for the intervals; 0 for none.", standard.Draws, 0, Options.MostDraws);
        Option<long> seed = Options.Seed("Of all draws.");
        Choice<ToleratedFault> tolerate = Tolerance.Option();
        Option<bool> skipBroken = Options.SkipBroken();
        var device = new ScoringDevice();
        Option<bool> json = Options.Json();
        var command = new Verb(
            "criteria",
            "Measure the four criteria of a multimodal VAE (Shi et al. 2019): latent factorisation, joint and cross coherence, synergy.",
            (
                "on a synthetic corpus, by its true traits",
                "cmvae criteria --model models/first --manifest corpus/manifest.jsonl --out c.json"))
        {
            corpusFiles.File, corpusFiles.Root, model, output, features, samples, prior, clips, draws, seed, tolerate, skipBroken, device,
            json,
        };
        return command.Runs((parsed, cancellationToken) =>
        {
            SoundReading reading = parsed.Reading(tolerate);
            string path = parsed.GetValue(output)!;
            StartedDevice started = ScoringDevice.Start(parsed, device.Order(parsed));
            using ScoringModel loaded = ScoringModel.Load(parsed.GetValue(model)!, null, started.Device, reading);
            CollapseWarning.Write(parsed, parsed.GetValue(model)!, loaded.Card.Collapse);
            var options = new CriteriaOptions
            {
                ImportanceSamples = parsed.GetValue(samples),
                PriorDraws = parsed.GetValue(prior),
                LikelihoodClips = parsed.GetValue(clips),
                Draws = parsed.GetValue(draws),
                Seed = parsed.GetValue(seed),
            };
            CriteriaResult result = CriteriaRun.Run(
                loaded,
                corpusFiles.Read(parsed),
                parsed.GetValue(features),
                parsed.GetValue(skipBroken),
                reading,
                options,
                parsed.InvocationConfiguration.Error,
                cancellationToken);
            parsed.ListTolerated(reading);
            result.Write(path);
            parsed.Print(json, () => result.Text(path), writer => CriteriaTables.Print(writer, result));
        });
    }
}
