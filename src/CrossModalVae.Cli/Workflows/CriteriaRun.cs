using System.Text.Json.Nodes;
using CrossModalVae.Audio;
using CrossModalVae.Baselines;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Criteria;
using CrossModalVae.Models;
using CrossModalVae.Scoring;
using CrossModalVae.Synthesis;

namespace CrossModalVae.Cli.Workflows;

/// <summary>The four criteria of a model on a corpus.</summary>
internal sealed record CriteriaResult(
    ModelCard Card,
    bool IsSynthetic,
    IReadOnlyList<Clip> Clips,
    JointProposal Joint,
    CriteriaOptions Options,
    IReadOnlyList<CriterionRow> Rows)
{
    internal string Text(string path) => JsonFile.Text(path, FileSchema.Criteria, ToJson());

    internal void Write(string path) => JsonFile.Write(path, FileSchema.Criteria, ToJson());

    private JsonObject ToJson()
    {
        JsonObject json = JsonFile.Start(FileSchema.Criteria);
        json["model"] = Card.Name;
        json["recipe_hash"] = Card.RecipeHash;
        json["weights_hash"] = Card.WeightsHash;
        json["traits"] = IsSynthetic ? "synthetic-truth" : "manifest";
        json["train_clip_count"] = Clips.Count(clip => clip.Split == CorpusSplit.Train);
        json["test_clip_count"] = Clips.Count(clip => clip.Split == CorpusSplit.Test);
        json["test_identity_count"] = TestIdentities;
        json["importance_samples"] = Options.ImportanceSamples;
        json["prior_draws"] = Options.PriorDraws;
        json["seed"] = Options.Seed;
        json["joint"] = EnumText.Of(Joint);
        json["rows"] = new JsonArray([.. Rows.Select(row => new JsonObject
        {
            ["criterion"] = EnumText.Of(row.Criterion),
            ["what"] = row.What,
            ["from"] = row.From,
            ["shared"] = row.IsShared,
            ["metric"] = EnumText.Of(row.Metric),
            ["value"] = row.Value,
            ["chance"] = row.Chance,
            ["low"] = row.Interval?.Low,
            ["high"] = row.Interval?.High,
            ["ceiling"] = row.Ceiling,
        })]);
        return json;
    }

    internal int TestIdentities =>
        Clips.Where(clip => clip.Split == CorpusSplit.Test).Select(clip => clip.Identity).Distinct(StringComparer.Ordinal).Count();
}

/// <summary>Measures the criteria of a model: features of the corpus, posteriors and decodings by ONNX Runtime.</summary>
internal static class CriteriaRun
{
    internal static CriteriaResult Run(
        ScoringModel loaded,
        Manifest manifest,
        string? features,
        bool skipBroken,
        SoundReading reading,
        CriteriaOptions options,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        var generator = new Generator(loaded);
        generator.RequireUnconditional("the criteria need both from one point and its prior");
        CorpusGuard.RequireSeparateSplits(manifest.Clips.Select(clip => (clip.Identity, clip.Split)));
        foreach (CorpusSplit split in new[] { CorpusSplit.Train, CorpusSplit.Test })
        {
            int people = manifest.Clips.Where(clip => clip.Split == split && IsPair(clip)).DistinctBy(clip => clip.Identity).Count();
            if (people < IdentitySplit.FewestToCompare)
            {
                throw new InvalidDataException(
                    $"{manifest.FilePath}: {Counted.Of(people, "person")} of the {EnumText.Of(split)} split with voice and face; the "
                    + $"criteria need at least {IdentitySplit.FewestToCompare}: classifiers are trained on the training split and "
                    + "judged on the test split.");
            }
        }

        using FeatureStore? store = features is null ? null : FeatureStore.Open(features);
        FeatureTable table = CorpusFeatures.Get(
            manifest, loaded.Recipe, store, IsPair, skipBroken, reading, loaded.FrontEnds, error, cancellationToken);
        bool isSynthetic = SyntheticTruth.Exists(manifest.Folder);
        IReadOnlyList<Trait> traits = isSynthetic ? Traits(SyntheticTruth.Read(manifest.Folder)) : Trait.OfManifest(table.Clips);
        if (!isSynthetic)
        {
            error.WriteLine(traits.Count > 0
                ? $"note: traits are the manifest's: {string.Join(", ", traits.Select(trait => trait.Name))}"
                : "note: the manifest has no attribute (gender, age, nationality) of enough training people; only synergy is measured");
        }

        CriteriaData data = Data(loaded, generator, table, cancellationToken);
        int clips = Math.Min(options.LikelihoodClips, table.Clips.Count(clip => clip.Split == CorpusSplit.Test));
        using ProgressBar progress = ProgressBar.Start("likelihoods", clips, error);
        IReadOnlyList<CriterionRow> rows = CriteriaMeasurement.Run(data, traits, options, progress, cancellationToken);
        return new CriteriaResult(loaded.Card, isSynthetic, table.Clips, data.Joint, options, rows);
    }

    private static bool IsPair(Clip clip) => clip.Voice is not null && clip.Faces.Count > 0;

    private static CriteriaData Data(ScoringModel loaded, Generator generator, FeatureTable table, CancellationToken cancellationToken)
    {
        Recipe recipe = loaded.Recipe;
        (EncoderInput voice, EncoderInput face) = (EncoderInput.Of(recipe, Modality.Voice), EncoderInput.Of(recipe, Modality.Face));
        RecipeStatistics statistics = recipe.Statistics!;
        return new CriteriaData(
            table.Clips,
            Side(loaded.VoiceEncoder, table.Voice, table.VoiceLength, voice, statistics.Voice),
            Side(loaded.FaceEncoder, table.Face, table.FaceLength, face, statistics.Face),
            latents =>
            {
                IReadOnlyList<GeneratedFeatures> decoded = generator.Decode(latents, cancellationToken);
                return (
                    [.. decoded.Select(one => Standardised(one.Face, statistics.Face, face))],
                    [.. decoded.Select(one => Standardised(one.Voice, statistics.Voice, voice))]);
            },
            (modality, example) => modality == Modality.Voice && voice.Tower is not null ? OverTime(example, voice.UnitLength) : example,
            recipe.Objective.Bound switch
            {
                BoundKind.Mvae or BoundKind.Dmvae => JointProposal.ProductWithPrior,
                BoundKind.Mvtcae or BoundKind.Crmvae => JointProposal.Product,
                BoundKind.Mopoe => JointProposal.MixtureOfProducts,
                _ => JointProposal.Mixture,
            })
        {
            PrivateDimensions = generator.Dimension - recipe.Model.LatentDimension,
            Posterior = recipe.Objective.Posterior,
        };

        CriteriaSide Side(OnnxEncoder encoder, float[] rows, int length, EncoderInput input, FeatureStatistics own)
        {
            int count = table.Clips.Count;
            var batches = new OnnxBatchOptions { BatchSize = recipe.Scoring.BatchSize };
            IReadOnlyList<float[]> posterior = encoder.Score(rows, count, batches, cancellationToken); // means and log-variances
            return new CriteriaSide(
                [
                    .. Enumerable.Range(0, count).Select(
                        row => Standardised(rows.AsSpan(row * length, input.ExampleLength).ToArray(), own, input)),
                ],
                Rows(posterior[0], count),
                Rows(posterior[1], count));
        }
    }

    private static float[] OverTime(float[] frames, int bins)
    {
        var pooled = new float[2 * bins];
        PooledFeatures.OverTime(frames, bins, pooled);
        return pooled;
    }

    private static float[] Standardised(float[] example, FeatureStatistics statistics, EncoderInput input)
    {
        statistics.Standardise(example, input.BlockLength);
        return example;
    }

    private static float[][] Rows(float[] values, int count) =>
        [.. Enumerable.Range(0, count).Select(row => values[(row * (values.Length / count))..((row + 1) * (values.Length / count))])];

    private static Trait[] Traits(SyntheticTruth truth)
    {
        return
        [
            new("sex", null, 2, (clip, side) => (double)Shared(clip, side).Sex),
            new("size", null, 0, (clip, side) => Shared(clip, side).Size),
            new("age", null, 0, (clip, side) => Shared(clip, side).Age),
            new("build", null, 0, (clip, side) => Shared(clip, side).Build),
            new("origin", null, 0, (clip, side) => Shared(clip, side).Origin),
            Voice("pitch", traits => traits.Pitch),
            Voice("pitch range", traits => traits.PitchRange),
            Voice("speaking rate", traits => traits.SpeakingRate),
            Voice("nasality", traits => traits.Nasality),
            Face("nose size", traits => traits.NoseSize),
            Face("eye spacing", traits => traits.EyeSpacing),
            Face("lip fullness", traits => traits.LipFullness),
            Face("brow weight", traits => traits.BrowWeight),
            Face("hair colour", traits => traits.HairColour),
            Face("hair length", traits => traits.HairLength),
            Face("hair volume", traits => traits.HairVolume),
            Face("eye colour", traits => traits.EyeColour),
            Face("beard (men)", traits => traits.Shared.Sex == Sex.Male ? traits.Beard : null),
        ];

        IdentityTraits Of(Clip clip) => truth.Identities.TryGetValue(clip.Identity, out IdentityTraits? traits)
            ? traits
            : throw new InvalidDataException($"'{clip.Identity}' of the manifest is no identity of {SyntheticTruth.TraitsFileName}.");

        SharedTraits Shared(Clip clip, Modality side) => side == Modality.Voice ? Of(clip).Voice.Shared : Of(clip).Face.Shared;

        Trait Voice(string name, Func<VoiceTraits, double?> value) => new(name, Modality.Voice, 0, (clip, _) => value(Of(clip).Voice));

        Trait Face(string name, Func<FaceTraits, double?> value) => new(name, Modality.Face, 0, (clip, _) => value(Of(clip).Face));
    }
}
