using CrossModalVae.Recipes;

namespace CrossModalVae.Models;

/// <summary>
/// What a model folder says about itself, card.json: what the graphs are, what they were made from, how well they agree
/// with the trainer, and what they are for.
/// </summary>
public sealed record ModelCard
{
    /// <summary>The file's name in a model folder.</summary>
    public const string FileName = "card.json";

    /// <summary>A short name.</summary>
    public required string Name { get; init; }

    /// <summary>One or two sentences for a reader; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary><see cref="Recipes.RecipeHash.Compute"/> of <see cref="Recipe"/>.</summary>
    public required string RecipeHash { get; init; }

    /// <summary>SHA-256 of the trained weights.</summary>
    public required string WeightsHash { get; init; }

    /// <summary>Operator set version of the graphs.</summary>
    public required int Opset { get; init; }

    /// <summary>The graphs, at least one.</summary>
    public required IReadOnlyList<ModelCardFile> Files { get; init; }

    /// <summary>How well the graphs agree with the trainer.</summary>
    public required ModelCardParity Parity { get; init; }

    /// <summary>What the model was trained on.</summary>
    public required ModelCardData Data { get; init; }

    /// <summary>Scores by name, as in voice_to_face.auc; empty where nothing was measured.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>What the model is for.</summary>
    public required string IntendedUse { get; init; }

    /// <summary>What the model must not be used for.</summary>
    public required string Misuse { get; init; }

    /// <summary>The recipe as used, statistics included.</summary>
    public required Recipe Recipe { get; init; }
}
