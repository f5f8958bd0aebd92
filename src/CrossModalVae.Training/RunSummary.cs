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
        };
    }

    /// <summary>Writes the whole file: what the kept epoch reached on the validation split, and what was trained on.</summary>
    internal static void Write(string path, TrainingResult result)
    {
        EpochLog best = result.Best;
        JsonObject json = JsonFile.Start(FileSchema.RunMetrics);
        json["best_epoch"] = best.Epoch;
        json["epochs"] = result.Log.Count;
        json["selection"] = EnumText.Of(result.Recipe.Training.Selection);
        json["validation_auc"] = best.ValidationAuc;
        json["validation_loss"] = best.SelectionLoss;
        json["active_voice_dimensions"] = PosteriorGuard.ActiveCount(result.VoiceKlPerDimension);
        json["active_face_dimensions"] = PosteriorGuard.ActiveCount(result.FaceKlPerDimension);
        json["voice_kl_per_dimension"] = new JsonArray([.. result.VoiceKlPerDimension]);
        json["face_kl_per_dimension"] = new JsonArray([.. result.FaceKlPerDimension]);
        json["constant_voice_features"] = result.ConstantVoiceFeatureCount;
        json["constant_face_features"] = result.ConstantFaceFeatureCount;
        json["training_identities"] = result.TrainingIdentities;
        json["training_clips"] = result.TrainingClips;
        json["steps"] = result.Log.Sum(line => line.Steps);
        json["training_seconds"] = result.Log.Sum(line => line.Seconds);
        json["device"] = result.Device;
        if (result.Skipped.Count > 0)
        {
            json["skipped"] = new JsonArray([.. result.Skipped.Select(clip => clip.ToJson())]);
        }

        JsonFile.Write(path, FileSchema.RunMetrics, json);
    }
}
