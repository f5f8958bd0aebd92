using CrossModalVae.Features;
using CrossModalVae.Pipelines.Saving;
using CrossModalVae.Scoring.Encoders;

namespace CrossModalVae.Pipelines.FrontEnds;

/// <summary>A front end in a bundle: its recipe section, as a recipe of that section alone, and the graph of its network.</summary>
internal sealed record SavedFrontEnd(System.Text.Json.Nodes.JsonNode Recipe, string? Graph = null)
{
    public static SavedFrontEnd Of(Recipe recipe, GraphFile? graph, BundleWriter writer) => new(
        RecipeWriter.ToJson(WithPath(recipe, "graph.onnx") with { Name = "front-end" }), // not where it lies on this machine
        graph is null ? null : writer.Add(graph));

    /// <summary>The section, and its network opened, which ends with what is returned as owned.</summary>
    public (Recipe Recipe, FrozenEncoders Encoders, IDisposable? Owned) Load(BundleReader reader)
    {
        Recipe recipe = RecipeReader.Parse(Recipe.ToJsonString(), "the recipe of a front end");
        if (Graph is null)
        {
            return (recipe, FrozenEncoders.None, null);
        }

        RecipeEncoders encoders = reader.Graph(Graph, file => RecipeEncoders.Open(WithPath(recipe, file), device: reader.Device.Device));
        return (recipe, encoders.Encoders, encoders);
    }

    private static Recipe WithPath(Recipe recipe, string path) => recipe with
    {
        Voice = recipe.Voice with { Encoder = recipe.Voice.Encoder is null ? null : recipe.Voice.Encoder with { Path = path } },
        Face = recipe.Face with { Encoder = recipe.Face.Encoder is null ? null : recipe.Face.Encoder with { Path = path } },
    };
}
