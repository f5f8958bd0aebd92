using System.Text.Json.Nodes;
using CrossModalVae.Corpora;
using CrossModalVae.Metrics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Calibration;

/// <summary>Reads and writes a calibration (data-schemas/calibration.schema.json).</summary>
public static class CalibrationFile
{
    /// <summary>Writes a calibration.</summary>
    /// <param name="path">The file; its folder is created where missing.</param>
    /// <param name="report">The calibration.</param>
    /// <exception cref="IOException">The file cannot be written; it is as it was before.</exception>
    public static void Write(string path, CalibrationReport report) => JsonFile.Write(path, FileSchema.Calibration, ToJson(report));

    /// <summary>What <see cref="Write"/> writes.</summary>
    /// <param name="report">The calibration.</param>
    public static string Text(CalibrationReport report) => JsonFile.Text("calibration", FileSchema.Calibration, ToJson(report));

    /// <summary>Reads a calibration.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file does not follow its schema, or its reliability table counts other trials than it
    /// says.</exception>
    public static CalibrationReport Read(string path)
    {
        StrictJson json = JsonFile.Read(path, FileSchema.Calibration);
        ReliabilityBin[] reliability = json["reliability"].AsArray(bin => new ReliabilityBin(
            bin["predicted"].AsDouble(),
            bin["observed"].AsDouble(),
            bin["count"].AsInt64(),
            bin.Find("low")?.AsDouble(),
            bin.Find("high")?.AsDouble()));
        long counted = reliability.Sum(bin => bin.Count);
        return json["trial_count"].AsInt64() != counted
            ? throw json["trial_count"].Fault($"{counted}, as the reliability table counts")
            : new CalibrationReport
            {
                Direction = json["direction"].AsEnum<RetrievalDirection>(),
                Metric = json["metric"].AsEnum<RankingMetric>(),
                Identities = RankingJson.ReadIdentities(json),
                Split = json["split"].AsEnum<CorpusSplit>(),
                Seed = json["seed"].AsInt64(),
                Calibration = RankingJson.ReadCalibration(json),
                IsPriorGiven = json.Find("prior") is not null,
                TrialCount = counted,
                TargetCount = json.Find("target_count")?.AsInt64(),
                People = json["identities"].AsArray(identity => identity.AsString()),
                Before = Losses(json["before"]),
                After = Losses(json["after"]),
                IsHeldOut = json["held_out"].AsBoolean(),
                Reliability = reliability,
            };
    }

    private static ProbabilityLosses Losses(StrictJson json) =>
        new(json["brier"].AsDouble(), json["ece"].AsDouble(), json["log_loss"].AsDouble());

    private static JsonObject ToJson(CalibrationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        JsonObject json = JsonFile.Start(FileSchema.Calibration);
        json["direction"] = EnumText.Of(report.Direction);
        json["metric"] = EnumText.Of(report.Metric);
        RankingJson.Write(json, report.Identities);
        json["split"] = EnumText.Of(report.Split);
        json["seed"] = report.Seed;
        RankingJson.Write(json, report.Calibration, report.IsPriorGiven);
        json["trial_count"] = report.TrialCount;
        if (report.TargetCount is long targets)
        {
            json["target_count"] = targets;
        }

        json["identities"] = new JsonArray([.. report.People.Select(person => (JsonNode)person)]);
        json["before"] = ToJson(report.Before);
        json["after"] = ToJson(report.After);
        json["held_out"] = report.IsHeldOut;
        json["reliability"] = new JsonArray([.. report.Reliability.Select(ToJson)]);
        return json;
    }

    private static JsonObject ToJson(ProbabilityLosses losses) => new()
    {
        ["brier"] = losses.BrierLoss,
        ["ece"] = losses.ExpectedCalibrationError,
        ["log_loss"] = losses.LogLoss,
    };

    private static JsonObject ToJson(ReliabilityBin bin) => new()
    {
        ["predicted"] = bin.Predicted,
        ["observed"] = bin.Observed,
        ["count"] = bin.Count,
        ["low"] = bin.Low,
        ["high"] = bin.High,
    };
}
