using System.Text.Json.Nodes;
using CrossModalVae.Metrics;

namespace CrossModalVae.Retrieval;

/// <summary>The fields <c>a</c>, <c>b</c>, <c>trial_prior</c> and <c>prior</c> of calibrations and rankings.</summary>
internal static class ScoreCalibrationJson
{
    public static void Write(JsonObject json, ScoreCalibration calibration)
    {
        json["a"] = calibration.Slope;
        json["b"] = calibration.Intercept;
        json["trial_prior"] = calibration.TrialPrior;
        json["prior"] = calibration.Prior;
    }

    public static ScoreCalibration Read(StrictJson json) => new()
    {
        Slope = json["a"].AsDouble(),
        Intercept = json["b"].AsDouble(),
        TrialPrior = json["trial_prior"].AsDouble(),
        Prior = json["prior"].AsDouble(),
    };
}
