using System.Text.Json.Nodes;

namespace CrossModalVae.Evaluation;

/// <content>What was examined in addition: explanation and uncertainty.</content>
public static partial class EvaluationFile
{
    private static JsonObject ToJson(ScoreExplanation explanation) => new()
    {
        ["identity_count"] = explanation.IdentityCount,
        ["pair_count"] = explanation.PairCount,
        ["auc"] = WithInterval(new() { ["value"] = explanation.Auc }, explanation.AucInterval),
        ["parts"] = new JsonArray(
        [
            .. explanation.Parts.Select(part => new JsonObject
            {
                ["attribute"] = EnumText.Of(part.Attribute),
                ["score_change"] = part.Change,
                ["variance_share"] = part.VarianceShare,
                ["auc_gain"] = WithInterval(new() { ["value"] = part.Gain }, part.GainInterval),
            }),
        ]),
        ["rest"] = new JsonObject
        {
            ["variance_share"] = explanation.RestVarianceShare,
            ["auc_gain"] = WithInterval(new() { ["value"] = explanation.Rest }, explanation.RestInterval),
        },
    };

    private static ScoreExplanation ExplanationOf(StrictJson json) => new(
        json["identity_count"].AsInt32(),
        json["pair_count"].AsInt64(),
        json["auc"]["value"].AsDouble(),
        IntervalOf(json["auc"]),
        json["parts"].AsArray(part => new ExplainedPart(
            part["attribute"].AsEnum<PairTrait>(),
            part["score_change"].AsDouble(),
            part["variance_share"].AsDouble(),
            part["auc_gain"]["value"].AsDouble(),
            IntervalOf(part["auc_gain"]))),
        json["rest"]["auc_gain"]["value"].AsDouble(),
        IntervalOf(json["rest"]["auc_gain"]),
        json["rest"]["variance_share"].AsDouble());

    private static JsonObject ToJson(UncertaintyScores scores) => new()
    {
        ["task"] = EnumText.Of(scores.Task),
        ["direction"] = EnumText.Of(scores.Direction),
        ["answer_count"] = scores.AnswerCount,
        ["identity_count"] = scores.IdentityCount,
        ["risk"] = scores.Risk,
        ["ideal_aurc"] = scores.IdealArea,
        ["confidences"] = new JsonArray(
        [
            .. scores.Confidences.Select(one => new JsonObject
            {
                ["confidence"] = EnumText.Of(one.Kind),
                ["aurc"] = WithInterval(new() { ["value"] = one.Area }, one.AreaInterval),
                ["excess_aurc"] = one.Excess,
                ["below_random"] = WithInterval(new() { ["value"] = one.Gain }, one.GainInterval),
            }),
        ]),
    };

    private static UncertaintyScores UncertaintyOf(StrictJson json) => new(
        json["direction"].AsEnum<RetrievalDirection>(),
        json["task"].AsEnum<SelectiveTask>(),
        json["answer_count"].AsInt32(),
        json["identity_count"].AsInt32(),
        json["risk"].AsDouble(),
        json["ideal_aurc"].AsDouble(),
        json["confidences"].AsArray(one => new ConfidenceScores(
            one["confidence"].AsEnum<ConfidenceKind>(),
            one["aurc"]["value"].AsDouble(),
            IntervalOf(one["aurc"]),
            one["excess_aurc"].AsDouble(),
            one["below_random"]["value"].AsDouble(),
            IntervalOf(one["below_random"]),
            [])));
}
