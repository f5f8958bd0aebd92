using System.Text.Json.Nodes;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Metrics;

namespace CrossModalVae.Evaluation;

/// <content>The scores of populations, systems and directions.</content>
public static partial class EvaluationFile
{
    private static readonly Dictionary<string, EvaluationMetric> MetricNamed = EvaluationMetrics.All.ToDictionary(
        EvaluationMetrics.Key, StringComparer.Ordinal);

    private static readonly Dictionary<string, Stratum> StratumOf = Strata.All.ToDictionary(Strata.Name, StringComparer.Ordinal);

    /// <summary>A metric as all score files hold it.</summary>
    internal static JsonObject ToJson(MetricValue metric)
    {
        JsonObject json = WithInterval(
            new() { ["value"] = metric.Value, ["chance"] = metric.Chance, ["count"] = metric.Count }, metric.Interval);
        if (metric.ByIdentity is IdentityMetric own)
        {
            json["by_identity"] = WithInterval(
                new() { ["value"] = own.Value, ["chance"] = own.Chance, ["count"] = own.Count }, own.Interval);
        }

        return json;
    }

    /// <summary>A difference as all score files hold it.</summary>
    internal static JsonObject ToJson(MetricDifference difference)
    {
        JsonObject json = WithInterval(new() { ["value"] = difference.Value }, difference.Interval);
        json["by_identity"] = WithInterval(new() { ["value"] = difference.ByIdentityValue }, difference.ByIdentityInterval);
        return json;
    }

    private static JsonObject ToJson(PopulationScores scores)
    {
        var json = new JsonObject
        {
            ["population"] = EnumText.Of(scores.Population),
            ["split"] = EnumText.Of(scores.Split),
            ["identity_count"] = scores.IdentityCount,
            ["one_clip_identity_count"] = scores.OneClipIdentityCount,
            ["clip_count"] = scores.ClipCount,
            ["notes"] = Sentences(scores.Notes),
            ["warnings"] = Sentences(scores.Warnings),
            ["systems"] = new JsonArray(
            [
                .. scores.Systems.Select(system => new JsonObject
                {
                    ["system"] = EnumText.Of(system.Kind),
                    ["identity_count"] = system.IdentityCount,
                    ["scores"] = new JsonArray([.. system.Scores.Select(ToJson)]),
                }),
            ]),
        };
        if (scores.ModalityGap is ModalityGap gap)
        {
            json["modality_gap"] = new JsonObject
            {
                ["distance"] = gap.Distance,
                ["spread"] = gap.Spread,
                ["relative_distance"] = double.IsFinite(gap.RelativeDistance) ? gap.RelativeDistance : null,
            };
        }

        if (scores.Transductive is TransductiveClusters clusters)
        {
            json["transductive"] = new JsonObject { ["voice"] = ToJson(clusters.Voice), ["face"] = ToJson(clusters.Face) };
        }

        if (scores.Explanation is ScoreExplanation explanation)
        {
            json["explanation"] = ToJson(explanation);
        }

        if (scores.Uncertainty.Count > 0)
        {
            json["uncertainty"] = new JsonArray([.. scores.Uncertainty.Select(ToJson)]);
        }

        if (scores.Differences.Count > 0)
        {
            json["differences"] = new JsonArray([.. scores.Differences.Select(ToJson)]);
        }

        return json;
    }

    private static JsonObject ToJson(TransductiveModality clusters) => new()
    {
        ["row_count"] = clusters.RowCount,
        ["cluster_count"] = clusters.ClusterCount,
        ["clustered_count"] = clusters.ClusteredCount,
        ["source"] = clusters.FromFeatures ? "features" : "embeddings",
    };

    private static JsonObject ToJson(DirectionScores scores)
    {
        var json = new JsonObject
        {
            ["stratum"] = Strata.Name(scores.Stratum),
            ["direction"] = EnumText.Of(scores.Direction),
            ["query_count"] = scores.ProbeCount,
            ["gallery_count"] = scores.GalleryCount,
            ["identity_count"] = scores.IdentityCount,
            ["left_out_query_count"] = scores.LeftOutProbeCount,
            ["left_out_identity_count"] = scores.LeftOutIdentityCount,
            ["small_group_identity_count"] = scores.SmallGroupIdentityCount,
            ["pair_count"] = scores.PairCount,
            ["all_pairs"] = scores.IsEnumerated,
            ["eer_nearest"] = scores.NearestEqualErrorRate,
            ["eer_convex_hull"] = scores.ConvexHullEqualErrorRate,
            ["figures"] = Metrics(scores.Metrics, ToJson),
        };
        if (scores.Verification is RocCurve curve)
        {
            json["roc"] = new JsonObject
            {
                ["false_acceptance"] = Rates(RocInterval.Rates),
                ["true_acceptance"] = Rates(RocInterval.Sample(curve)),
            };
            if (scores.VerificationBand.Count > 0)
            {
                json["roc_band"] = new JsonObject
                {
                    ["false_acceptance"] = Rates(scores.VerificationBand.Select(at => at.FalseAcceptanceRate)),
                    ["low"] = Rates(scores.VerificationBand.Select(at => at.Low)),
                    ["high"] = Rates(scores.VerificationBand.Select(at => at.High)),
                };
            }
        }

        return json;

        static JsonArray Rates(IEnumerable<double> rates) => new([.. rates.Select(rate => JsonValue.Create(rate))]);
    }

    private static JsonObject ToJson(DirectionDifference difference) => new()
    {
        ["against"] = EnumText.Of(difference.Against),
        ["stratum"] = Strata.Name(difference.Stratum),
        ["direction"] = EnumText.Of(difference.Direction),
        ["identity_count"] = difference.IdentityCount,
        ["figures"] = Metrics(difference.Metrics, ToJson),
    };

    private static JsonArray Sentences(IEnumerable<string> sentences) =>
        new([.. sentences.Select(sentence => JsonValue.Create(sentence))]);

    private static JsonObject Metrics<T>(IReadOnlyDictionary<EvaluationMetric, T> metrics, Func<T, JsonObject> toJson) =>
        new(metrics.OrderBy(pair => pair.Key).Select(pair => KeyValuePair.Create(
            EvaluationMetrics.Key(pair.Key), (JsonNode?)toJson(pair.Value))));

    private static JsonObject WithInterval(JsonObject json, Interval? interval)
    {
        if (interval is (double low, double high))
        {
            json["interval"] = new JsonArray(low, high);
        }

        return json;
    }

    private static PopulationScores PopulationOf(StrictJson json)
    {
        var scores = new PopulationScores
        {
            Split = json["split"].AsEnum<CorpusSplit>(),
            IdentityCount = json["identity_count"].AsInt32(),
            OneClipIdentityCount = json["one_clip_identity_count"].AsInt32(),
            ClipCount = json["clip_count"].AsInt32(),
            ModalityGap = json.Find("modality_gap") is StrictJson gap
                ? new ModalityGap(gap["distance"].AsDouble(), gap["spread"].AsDouble())
                : null,
            Transductive = json.Find("transductive") is StrictJson clusters
                ? new TransductiveClusters(ClustersOf(clusters["voice"]), ClustersOf(clusters["face"]))
                : null,
            Explanation = json.Find("explanation") is StrictJson explanation ? ExplanationOf(explanation) : null,
            Uncertainty = json.Find("uncertainty")?.AsArray(UncertaintyOf) ?? [],
            Notes = json["notes"].AsArray(note => note.AsString()),
            Systems = json["systems"].AsArray(
                system => new SystemScores(system["system"].AsEnum<SystemKind>(), system["scores"].AsArray(DirectionOf))
                {
                    IdentityCount = system["identity_count"].AsInt32(),
                }),
            Differences = json.Find("differences")?.AsArray(DifferenceOf) ?? [],
        };
        return json["population"].AsEnum<Population>() == scores.Population
            ? scores
            : throw json["population"].Fault($"\"{EnumText.Of(scores.Population)}\", as the split is {EnumText.Of(scores.Split)}");
    }

    private static TransductiveModality ClustersOf(StrictJson json) => new(
        json["row_count"].AsInt32(),
        json["cluster_count"].AsInt32(),
        json["clustered_count"].AsInt32(),
        json["source"].AsString() == "features");

    private static DirectionScores DirectionOf(StrictJson json) => new()
    {
        Stratum = StratumOf[json["stratum"].AsString()],
        Direction = json["direction"].AsEnum<RetrievalDirection>(),
        ProbeCount = json["query_count"].AsInt32(),
        GalleryCount = json["gallery_count"].AsInt32(),
        IdentityCount = json["identity_count"].AsInt32(),
        LeftOutProbeCount = json["left_out_query_count"].AsInt32(),
        LeftOutIdentityCount = json["left_out_identity_count"].AsInt32(),
        SmallGroupIdentityCount = json["small_group_identity_count"].AsInt32(),
        PairCount = json["pair_count"].AsInt64(),
        IsEnumerated = json["all_pairs"].AsBoolean(),
        NearestEqualErrorRate = json["eer_nearest"].AsDouble(),
        ConvexHullEqualErrorRate = json["eer_convex_hull"].AsDouble(),
        Metrics = json["figures"].Children.ToDictionary(metric => MetricNamed[metric.Name!], MetricOf),
        Verification = json.Find("roc") is StrictJson curve ? CurveOf(curve) : null,
        VerificationBand = json.Find("roc_band") is StrictJson band ? BandOf(band) : [],
    };

    private static RocCurve CurveOf(StrictJson json)
    {
        double[] rates = RatesOf(json["false_acceptance"]);
        return RocCurve.OfCorners([0, .. rates, 1], [0, .. RatesOf(json["true_acceptance"], rates.Length), 1]);
    }

    private static IReadOnlyList<RocInterval> BandOf(StrictJson json)
    {
        double[] rates = RatesOf(json["false_acceptance"]);
        double[] low = RatesOf(json["low"], rates.Length, isCurve: false), high = RatesOf(json["high"], rates.Length, isCurve: false);
        return [.. rates.Select((rate, i) => new RocInterval(rate, low[i], high[i]))];
    }

    // As many as false acceptance rates. A curve ascends; an interval's end, a quantile at each rate by itself, need not.
    private static double[] RatesOf(StrictJson json, int? count = null, bool isCurve = true)
    {
        double[] rates = [.. json.AsArray(rate => rate.AsDouble())];
        return count is int expected && rates.Length != expected
            ? throw json.Fault($"{expected} rates, as false_acceptance has, not {rates.Length}")
            : !isCurve || rates.Zip(rates.Skip(1)).All(pair => pair.First <= pair.Second) ? rates : throw json.Fault("ascending rates");
    }

    private static DirectionDifference DifferenceOf(StrictJson json) => new(
        json["against"].AsEnum<SystemKind>(),
        StratumOf[json["stratum"].AsString()],
        json["direction"].AsEnum<RetrievalDirection>(),
        json["figures"].Children.ToDictionary(metric => MetricNamed[metric.Name!], metric => new MetricDifference(
            metric["value"].AsDouble(), IntervalOf(metric), metric["by_identity"]["value"].AsDouble(), IntervalOf(metric["by_identity"]))),
        json["identity_count"].AsInt32());

    private static MetricValue MetricOf(StrictJson json) => new(
        json["value"].AsDouble(), json["chance"].AsDouble(), json["count"].AsInt64())
    {
        Interval = IntervalOf(json),
        ByIdentity = json.Find("by_identity") is StrictJson own
            ? new IdentityMetric(own["value"].AsDouble(), own["chance"].AsDouble(), own["count"].AsInt32(), IntervalOf(own))
            : null,
    };

    private static Interval? IntervalOf(StrictJson json) =>
        json.Find("interval") is StrictJson ends ? new Interval(ends.Children[0].AsDouble(), ends.Children[1].AsDouble()) : null;
}
