using CrossModalVae.Recipes;

namespace CrossModalVae.Models;

/// <summary>
/// Encoders of exported or imported graphs as plain arrays, from which training can start. What the graphs fold, training takes apart.
/// </summary>
public sealed class StartingEncoders
{
    internal StartingEncoders(
        string place,
        IReadOnlyList<string> parts,
        IReadOnlyDictionary<string, NamedArray> weights,
        string sha256,
        IReadOnlyDictionary<Modality, FeatureStatistics> statistics) =>
        (Place, Parts, Weights, Sha256, Statistics) = (place, parts, weights, sha256, statistics);

    /// <summary>The folder or file they were read from.</summary>
    public string Place { get; }

    /// <summary>What of a model they are, beginnings of weights' names: "voice.", "face.", "face.tower.", "decoder.".</summary>
    internal IReadOnlyList<string> Parts { get; }

    /// <summary>
    /// Weights by the trainer's names, but where the trainer has batch normalisation, "name.norm.*", the bias into which it is folded,
    /// "name.bias".
    /// </summary>
    internal IReadOnlyDictionary<string, NamedArray> Weights { get; }

    /// <summary>Of the weights.</summary>
    internal string Sha256 { get; }

    /// <summary>The recipe of an exported model; null for an imported network.</summary>
    internal Recipe? Recipe { get; init; }

    /// <summary>Statistics by which a modality's features are standardised for the encoders.</summary>
    internal IReadOnlyDictionary<Modality, FeatureStatistics> Statistics { get; }

    /// <summary>Side of the RGB pictures, in [0, 1], that an imported network takes; 0 for an exported model.</summary>
    internal int PictureSide { get; init; }

    /// <summary>A sentence on whose weights they are; empty where there is nothing to say.</summary>
    internal string Note { get; init; } = "";
}
