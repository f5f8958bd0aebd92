using System.Text.Json.Nodes;
using CrossModalVae.Faces;
using CrossModalVae.Files;

namespace CrossModalVae.Recipes;

/// <summary>
/// Writes a recipe with every option spelt out, so that a recipe as used stays true when a default changes; options that were added since the first version
/// are spelt out where they are not at their default, which never changes. Presets are not named: their options are there.
/// </summary>
public static partial class RecipeWriter
{
    /// <summary>Writes a recipe file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="recipe">The recipe.</param>
    /// <exception cref="ArgumentException">The recipe has a value it cannot have.</exception>
    /// <exception cref="IOException">The file cannot be written; it is as it was before.</exception>
    public static void Write(string path, Recipe recipe) => JsonFile.Write(path, FileSchema.Recipe, ToJson(recipe));

    /// <summary>What <see cref="Write"/> writes.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <exception cref="ArgumentException">The recipe has a value it cannot have.</exception>
    public static string Text(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return JsonFile.Text($"recipe '{recipe.Name}'", FileSchema.Recipe, ToJson(recipe));
    }

    /// <summary>The recipe as a document, to be part of another (a model card).</summary>
    /// <param name="recipe">The recipe.</param>
    /// <exception cref="ArgumentException">The recipe has a value it cannot have.</exception>
    internal static JsonObject ToJson(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        recipe.Validate();
        JsonObject json = JsonFile.Start(FileSchema.Recipe);
        json["name"] = recipe.Name;
        json["description"] = recipe.Description;
        AddModel(json, recipe);
        json["scoring"] = new JsonObject { ["batch_size"] = recipe.Scoring.BatchSize, ["joint"] = EnumText.Of(recipe.Scoring.Joint) };
        json["clustering"] = new JsonObject
        {
            ["method"] = EnumText.Of(recipe.Clustering.Method),
            ["eps"] = recipe.Clustering.Eps is double eps ? eps : "auto",
            ["min_samples"] = recipe.Clustering.MinSamples,
            ["min_cluster_size"] = recipe.Clustering.MinClusterSize,
            ["selection"] = EnumText.Of(recipe.Clustering.Selection),
            ["metric"] = EnumText.Of(recipe.Clustering.Metric),
        };
        json["ranking"] = new JsonObject { ["metric"] = EnumText.Of(recipe.Ranking.Metric), ["count"] = recipe.Ranking.Count };
        AddStatistics(json, recipe);
        return json;
    }

    /// <summary>The sections that shape the model, for its hash.</summary>
    internal static JsonObject ModelSections(Recipe recipe)
    {
        var json = new JsonObject();
        AddModel(json, recipe);
        AddStatistics(json, recipe);
        return json;
    }

    /// <summary>The sections that determine what the front ends deliver of clips as they are, for the hash of a feature store.</summary>
    internal static JsonObject FeatureSections(Recipe recipe)
    {
        var json = new JsonObject();
        AddFrontEnds(json, recipe);
        return json;
    }

    /// <summary>The same and the section that determines augmented views, for a feature store's header.</summary>
    internal static JsonObject ViewSections(Recipe recipe)
    {
        JsonObject json = FeatureSections(recipe);
        AddAugmentation(json, recipe);
        return json;
    }

    private static void AddModel(JsonObject json, Recipe recipe)
    {
        AddFrontEnds(json, recipe);
        AddNetworks(json, recipe);
    }

    private static void AddFrontEnds(JsonObject json, Recipe recipe)
    {
        json["voice"] = Voice(recipe.Voice);
        json["face"] = Face(recipe.Face);
    }

    private static void AddNetworks(JsonObject json, Recipe recipe)
    {
        json["model"] = new JsonObject
        {
            ["latent_dimension"] = recipe.Model.LatentDimension,
            ["voice_hidden"] = Array(recipe.Model.VoiceHidden),
            ["face_hidden"] = Array(recipe.Model.FaceHidden),
            ["decoder_hidden"] = Array(recipe.Model.DecoderHidden),
            ["activation"] = EnumText.Of(recipe.Model.Activation),
            ["dropout"] = recipe.Model.Dropout,
        };
        json["objective"] = new JsonObject
        {
            ["beta"] = recipe.Objective.Beta,
            ["beta_warm_up_epochs"] = recipe.Objective.BetaWarmUpEpochs,
            ["alignment"] = EnumText.Of(recipe.Objective.Alignment),
            ["alignment_weight"] = recipe.Objective.AlignmentWeight,
            ["contrast_weight"] = recipe.Objective.ContrastWeight,
            ["contrast_temperature"] = recipe.Objective.ContrastTemperature,
        };
        json["training"] = new JsonObject
        {
            ["epochs"] = recipe.Training.Epochs,
            ["passes_per_epoch"] = recipe.Training.PassesPerEpoch,
            ["batch_size"] = recipe.Training.BatchSize,
            ["learning_rate"] = recipe.Training.LearningRate,
            ["weight_decay"] = recipe.Training.WeightDecay,
            ["gradient_clip_norm"] = recipe.Training.GradientClipNorm,
            ["seed"] = recipe.Training.Seed,
            ["validation_share"] = recipe.Training.ValidationShare,
            ["selection"] = EnumText.Of(recipe.Training.Selection),
            ["sampling"] = EnumText.Of(recipe.Training.Sampling),
        };
        AddAugmentation(json, recipe);
    }

    private static JsonObject Face(FaceOptions face)
    {
        var json = new JsonObject
        {
            ["width"] = face.Width,
            ["height"] = face.Height,
            ["colour"] = EnumText.Of(face.Colour),
            ["frames"] = EnumText.Of(face.Frames),
        };

        // Options that came later: left out at their defaults, which are fixed for good, so that the hashes of models made before them stay true.
        var d = new FaceOptions();
        AddUnless(json, "frame_count", face.FrameCount, d.FrameCount);
        AddUnless(json, "decoding", EnumText.Of(face.Decoding), EnumText.Of(d.Decoding));
        AddUnless(json, "normalisation", EnumText.Of(face.Normalisation), EnumText.Of(d.Normalisation));
        return json;
    }

    private static void AddStatistics(JsonObject json, Recipe recipe)
    {
        if (recipe.Statistics is RecipeStatistics statistics)
        {
            json["statistics"] = new JsonObject { ["voice"] = Features(statistics.Voice), ["face"] = Features(statistics.Face) };
        }
    }

    private static JsonObject Features(FeatureStatistics statistics) => new()
    {
        ["mean"] = new JsonArray([.. statistics.Mean.Select(value => (JsonNode)value)]),
        ["standard_deviation"] = new JsonArray([.. statistics.StandardDeviation.Select(value => (JsonNode)value)]),
        ["clip_count"] = statistics.ClipCount,
    };

    private static JsonArray Array(IReadOnlyList<int> values) => new([.. values.Select(value => (JsonNode)value)]);
}
