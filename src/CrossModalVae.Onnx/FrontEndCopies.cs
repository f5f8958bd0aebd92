using System.Security.Cryptography;

namespace CrossModalVae.Onnx;

/// <summary>
/// Copies of a recipe's pretrained encoders in a model folder: a model without its front end scores nothing, and a file elsewhere may move
/// or change.
/// </summary>
internal static class FrontEndCopies
{
    /// <summary>The recipe with the copies' names as its encoders' paths.</summary>
    /// <exception cref="ArgumentException">The recipe has an encoder of which there is no graph, or the other way round.</exception>
    public static Recipe Name(Recipe recipe, IReadOnlyList<FrontEndGraph> graphs)
    {
        (Modality, bool)[] expected =
            [(Modality.Voice, recipe.Voice.Encoder is not null), (Modality.Face, recipe.Face.Encoder is not null)];
        foreach ((Modality modality, bool has) in expected)
        {
            if (has != graphs.Any(graph => graph.Modality == modality))
            {
                throw new ArgumentException(
                    $"'FrontEnds' has {(has ? "no" : "a")} graph for {modality}, and the recipe {(has ? "an" : "no")} encoder; "
                    + "must agree.");
            }
        }

        return recipe with
        {
            Voice = recipe.Voice with
            {
                Encoder = recipe.Voice.Encoder is null ? null : recipe.Voice.Encoder with { Path = OnnxContract.VoiceFrontEndFile },
            },
            Face = recipe.Face with
            {
                Encoder = recipe.Face.Encoder is null ? null : recipe.Face.Encoder with { Path = OnnxContract.FaceFrontEndFile },
            },
        };
    }

    /// <summary>The card's entry of a copy.</summary>
    public static ModelCardFile Describe(Recipe recipe, FrontEndGraph graph) =>
        new(OnnxContract.FrontEndFile(graph.Modality), Hash(recipe, graph), graph.Inputs, graph.Outputs);

    /// <summary>The card's sentence on whose weights they are.</summary>
    public static string Note(Recipe recipe, FrontEndGraph graph)
    {
        (string licence, string source) = graph.Modality == Modality.Voice
            ? (recipe.Voice.Encoder!.Licence, recipe.Voice.Encoder.Source)
            : (recipe.Face.Encoder!.Licence, recipe.Face.Encoder.Source);
        return $"{OnnxContract.FrontEndFile(graph.Modality)} holds pretrained weights that were not trained here; "
            + $"licence: {Stated(licence)}; source: {Stated(source)}.";
    }

    /// <summary>Writes the copies.</summary>
    /// <exception cref="InvalidDataException">A file is not the one that the recipe was used with.</exception>
    public static void Write(string folder, Recipe recipe, IReadOnlyList<FrontEndGraph> graphs)
    {
        foreach (FrontEndGraph graph in graphs)
        {
            byte[] bytes = File.ReadAllBytes(graph.Path);
            string found = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (found != Hash(recipe, graph))
            {
                throw new InvalidDataException(
                    $"{graph.Path}: SHA-256 is {found}; expected {Hash(recipe, graph)}, as the run's recipe has it: "
                    + "it is another encoder.");
            }

            File.WriteAllBytes(Path.Combine(folder, OnnxContract.FrontEndFile(graph.Modality)), bytes);
        }
    }

    private static string Stated(string text) => text.Length > 0 ? text : "not stated";

    private static string Hash(Recipe recipe, FrontEndGraph graph) =>
        graph.Modality == Modality.Voice ? recipe.Voice.Encoder!.Sha256 : recipe.Face.Encoder!.Sha256;
}
