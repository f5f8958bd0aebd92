using System.Text.Json.Nodes;

namespace CrossModalVae.Training;

/// <summary>Writes a run's <c>metrics.json</c>: what the kept epoch reached on the validation split.</summary>
internal static class RunMetrics
{
    public static void Write(string path, TrainingResult result)
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
        json["voice_kl_per_dimension"] = Numbers(result.VoiceKlPerDimension);
        json["face_kl_per_dimension"] = Numbers(result.FaceKlPerDimension);
        json["constant_voice_features"] = result.ConstantVoiceFeatureCount;
        json["constant_face_features"] = result.ConstantFaceFeatureCount;
        json["training_identities"] = result.TrainingIdentities;
        json["training_clips"] = result.TrainingClips;
        json["steps"] = result.Log.Sum(line => line.Steps);
        json["training_seconds"] = result.Log.Sum(line => line.Seconds);
        json["device"] = result.Device;
        JsonFile.Write(path, FileSchema.RunMetrics, json);
    }

    private static JsonArray Numbers(IEnumerable<double> values) => new([.. values.Select(value => (JsonNode)value)]);
}
