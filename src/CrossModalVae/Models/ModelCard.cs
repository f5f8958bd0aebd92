using System.Text.Json.Serialization;
using CrossModalVae.Corpora;
using CrossModalVae.Recipes;

namespace CrossModalVae.Models;

/// <summary>
/// The model card, card.json of a model folder: what the graphs are, what they were made from, how well they agree with the trainer, and
/// what they are for.
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

    /// <summary>SHA-256 of the trained weights; with less precision, of these and what they were rounded to.</summary>
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

    /// <summary>Which encoders' posteriors collapsed in training: embeddings of such a model carry nothing. Default none.</summary>
    public PosteriorCollapse Collapse { get; init; }

    /// <summary>What a reader of the metrics must know, a sentence each; empty where nothing is.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The members of an ensemble; null for a single model.</summary>
    [JsonPropertyOrder(1)]
    public IReadOnlyList<ModelCardMember>? Members { get; init; }

    /// <summary>What the trainer's encoders give for seeded rows: a loaded model is tested by it. Null in older cards.</summary>
    [JsonPropertyOrder(1)]
    public ModelCardExample? Example { get; init; }

    /// <summary>What less precision than the trainer's costs; null for float32 encoders. Then <see cref="Parity"/> is of the float32
    /// graphs that these were made from, and <see cref="Example"/> what these give.</summary>
    [JsonPropertyOrder(1)]
    public ModelCardPrecision? Precision { get; init; }

    /// <summary>What the model is for.</summary>
    public required string IntendedUse { get; init; }

    /// <summary>What the model must not be used for.</summary>
    public required string Misuse { get; init; }

    /// <summary>The recipe as used, statistics included.</summary>
    public required Recipe Recipe { get; init; }
}

/// <summary>What a model was trained on.</summary>
/// <param name="Description">In words.</param>
/// <param name="Identities">People in the training split.</param>
/// <param name="Clips">Clips in the training split.</param>
/// <param name="Licence">The data's licence, or null where there is none.</param>
public sealed record ModelCardData(string Description, int Identities, int Clips, string? Licence)
{
    /// <summary>Broken clips that were left out of training and validation; null where none was.</summary>
    public IReadOnlyList<SkippedClip>? Skipped { get; init; }
}

/// <summary>One graph of a model folder.</summary>
/// <param name="File">The file's name in the folder.</param>
/// <param name="Sha256">SHA-256 of the file, 64 lower-case hexadecimal digits.</param>
/// <param name="Inputs">Its inputs in order.</param>
/// <param name="Outputs">Its outputs in order.</param>
public sealed record ModelCardFile(
    string File, string Sha256, IReadOnlyList<ModelCardTensor> Inputs, IReadOnlyList<ModelCardTensor> Outputs);

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Shape">Sizes per axis; null is free, as the batch is.</param>
public sealed record ModelCardTensor(string Name, IReadOnlyList<int?> Shape)
{
    /// <summary>Its element type as ONNX calls it, uint8; null for float32.</summary>
    [JsonPropertyOrder(1)]
    public string? Type { get; init; }
}

/// <summary>
/// What the trainer's encoders give for one row a modality, drawn by a seed from normal distributions with the recipe's statistics: loaded
/// graphs must give the same.
/// </summary>
/// <param name="Seed">The seed of both rows.</param>
/// <param name="VoiceMean">The voice's posterior mean, [D].</param>
/// <param name="FaceMean">The face's posterior mean, [D].</param>
public sealed record ModelCardExample(long Seed, IReadOnlyList<float> VoiceMean, IReadOnlyList<float> FaceMean)
{
    /// <summary>Rows of an encoder's input, [count, F], F = <paramref name="rowLength"/>.</summary>
    internal static float[] Draw(FeatureStatistics statistics, int blockLength, int rowLength, int count, SeededRandom random)
    {
        var features = new float[count * rowLength];
        for (int i = 0; i < features.Length; i++)
        {
            int own = i / blockLength % statistics.Length;
            features[i] = statistics.Mean[own] + (statistics.StandardDeviation[own] * (float)random.NextGaussian());
        }

        return features;
    }
}

/// <summary>How well exported graphs agree with the trainer.</summary>
/// <param name="Tolerance">The largest disagreement that export accepts.</param>
/// <param name="Runtime">What ran the graphs, with its version.</param>
/// <param name="Measured">What was measured: a graph, a batch size, the largest disagreement.</param>
public sealed record ModelCardParity(double Tolerance, string Runtime, IReadOnlyList<ModelCardMeasurement> Measured);

/// <summary>One comparison of a graph with the trainer.</summary>
/// <param name="File">The graph's file name.</param>
/// <param name="BatchSize">Rows in the batch, at least 1.</param>
/// <param name="LargestError">The largest disagreement of any output, at least 0.</param>
public sealed record ModelCardMeasurement(string File, int BatchSize, double LargestError);

/// <summary>The metadata of a model card, generated from its records; data-schemas/model-card.schema.json has the same fields.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    IgnoreReadOnlyProperties = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(RecipeJson.AutoConverter)])]
[JsonSerializable(typeof(ModelCard))]
internal sealed partial class ModelCardJson : JsonSerializerContext;
