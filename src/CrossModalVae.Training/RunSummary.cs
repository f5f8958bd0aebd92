using System.Text.Json.Nodes;
using CrossModalVae.Corpora;

namespace CrossModalVae.Training;

/// <summary>The part of a finished run's <c>metrics.json</c> that export reads.</summary>
/// <param name="BestEpoch">The epoch whose weights were kept, one-based.</param>
/// <param name="ValidationAuc">Voice-face verification AUC on the validation identities, chance 0.5; null where it was not defined.</param>
/// <param name="TrainingIdentities">Identities in the training split.</param>
/// <param name="TrainingClips">Clips in the training split.</param>
public sealed record RunSummary(int BestEpoch, double? ValidationAuc, int TrainingIdentities, int TrainingClips)
{
    /// <summary>Broken clips that were left out of training and validation.</summary>
    public IReadOnlyList<SkippedClip> Skipped { get; init; } = [];

    /// <summary>The 95 % interval of the AUC; null where it was not defined, or in runs of older versions.</summary>
    public (double Low, double High)? ValidationAucInterval { get; init; }

    /// <summary>Identities in the validation split; null in runs of older versions.</summary>
    public int? ValidationIdentities { get; init; }

    /// <summary>Which encoders' posteriors have collapsed in the kept epoch.</summary>
    public PosteriorCollapse Collapse { get; init; }

    /// <summary>What a reader of these figures must know, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Reads a run's <c>metrics.json</c>.</summary>
    /// <param name="path">The file, <see cref="RunFolder.MetricsPath"/>.</param>
    /// <exception cref="FileNotFoundException">There is no such file: the run has not finished.</exception>
    /// <exception cref="InvalidDataException">The file does not follow its schema.</exception>
    public static RunSummary Read(string path)
    {
        StrictJson json = JsonFile.Read(path, FileSchema.RunMetrics);
        return new RunSummary(
            json["best_epoch"].AsInt32(),
            json.Find("validation_auc")?.AsDouble(),
            json["training_identities"].AsInt32(),
            json["training_clips"].AsInt32())
        {
            Skipped = json.Find("skipped")?.AsArray(SkippedClip.Of) ?? [],
            ValidationAucInterval = json.Find("validation_auc_low")?.AsDouble() is double low
                ? (low, json["validation_auc_high"].AsDouble())
                : null,
            ValidationIdentities = json.Find("validation_identities")?.AsInt32(),
            Collapse = json.Find("collapse")?.AsEnum<PosteriorCollapse>() ?? ActiveOf(json),
            Notes = json.Find("notes")?.AsArray(note => note.AsString()) ?? [],
        };
    }

    // A run of an older version has the counts of active dimensions alone.
    private static PosteriorCollapse ActiveOf(StrictJson json) => PosteriorGuard.Find(
        [.. json["voice_kl_per_dimension"].AsArray(kl => kl.AsDouble())], [.. json["face_kl_per_dimension"].AsArray(kl => kl.AsDouble())]);

    /// <summary>Writes the whole file: what the kept epoch reached on the validation split, and what was trained on.</summary>
    internal static void Write(string path, TrainingResult result)
    {
        EpochLog best = result.Best;
        JsonObject json = JsonFile.Start(FileSchema.RunMetrics);
        json["best_epoch"] = best.Epoch;
        json["epochs"] = result.Log.Count;
        json["selection"] = EnumText.Of(result.Recipe.Training.Selection);
        json["validation_auc"] = best.ValidationAuc;
        json["validation_auc_low"] = best.ValidationAucLow;
        json["validation_auc_high"] = best.ValidationAucHigh;
        json["validation_identity_auc"] = best.ValidationIdentityAuc;
        json["validation_same_gender_auc"] = result.Scores.SameGenderAuc;
        json["validation_identities"] = result.ValidationIdentities;
        json["validation_clips"] = result.ValidationClips;
        json["validation_loss"] = best.SelectionLoss;
        if (best.Validation.Terms is not null)
        {
            json["validation_terms"] = new JsonObject(
                best.Validation.Terms.Select(term => KeyValuePair.Create(term.Key, (JsonNode?)JsonValue.Create(term.Value))));
        }

        json["collapse"] = EnumText.Of(result.Collapse);
        json["notes"] = new JsonArray([.. result.Notes]);
        json["active_voice_dimensions"] = PosteriorGuard.ActiveCount(result.VoiceKlPerDimension);
        json["active_face_dimensions"] = PosteriorGuard.ActiveCount(result.FaceKlPerDimension);
        json["voice_kl_per_dimension"] = new JsonArray([.. result.VoiceKlPerDimension]);
        json["face_kl_per_dimension"] = new JsonArray([.. result.FaceKlPerDimension]);
        json["constant_voice_features"] = result.ConstantVoiceFeatureCount;
        json["constant_face_features"] = result.ConstantFaceFeatureCount;
        json["training_identities"] = result.TrainingIdentities;
        json["training_clips"] = result.TrainingClips;
        if (result.Pretraining is PretrainingData pretraining)
        {
            json["pretraining"] = new JsonObject
            {
                ["identities"] = pretraining.Identities,
                ["clips"] = pretraining.Clips,
                ["data_sha256"] = pretraining.DataSha256,
            };
        }

        json["steps"] = result.Log.Sum(line => line.Steps);
        double seconds = result.Log.Sum(line => line.Seconds);
        json["training_seconds"] = seconds;
        json["pairs_per_second"] = result.Log.Any(line => line.PairsPerSecond is null)
            ? null
            : result.Log.Sum(line => line.PairsPerSecond * line.Seconds) / seconds;
        json["device"] = result.Device;
        if (result.Skipped.Count > 0)
        {
            json["skipped"] = new JsonArray([.. result.Skipped.Select(clip => clip.ToJson())]);
        }

        JsonFile.Write(path, FileSchema.RunMetrics, json);
    }
}
