using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CrossModalVae.Faces;
using CrossModalVae.Towers;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// The weights that training starts from: those of a finished run's encoders, and of its decoder where it fits, or those of graphs.
/// </summary>
/// <param name="Place">The run's folder, or where the graphs were read.</param>
/// <param name="Kind">What it is in messages: run, model, network.</param>
/// <param name="Recipe">The recipe that the weights were trained with; null for an imported network.</param>
/// <param name="Parts">Beginnings of the names of what there is.</param>
/// <param name="Weights">By name.</param>
/// <param name="Sha256">Of the weights.</param>
internal sealed record StartingWeights(
    string Place,
    string Kind,
    Recipe? Recipe,
    IReadOnlyList<string> Parts,
    IReadOnlyDictionary<string, NamedArray> Weights,
    string Sha256)
{
    private const string NormScale = ".norm.weight", NormShift = ".norm.bias", NormMean = ".norm.mean", NormVariance = ".norm.variance";

    private static readonly string[] WholeModel = [""];
    private static readonly string[] Sections = ["voice", "face"];

    /// <summary>Whether batch normalisation is folded into the weights.</summary>
    public bool IsFolded { get; init; }

    /// <summary>Side of an imported network's pictures; 0 for others.</summary>
    public int PictureSide { get; init; }

    /// <summary>A sentence on whose weights they are; empty where there is nothing to say.</summary>
    public string Note { get; init; } = "";

    /// <summary>What the encoders have learnt to take.</summary>
    public required IReadOnlyDictionary<Modality, FeatureStatistics> Statistics { get; init; }

    /// <summary>Reads a run.</summary>
    /// <exception cref="ArgumentException">The folder holds no finished run.</exception>
    public static StartingWeights Read(string folder)
    {
        var run = new RunFolder(folder);
        if (!run.IsFinished)
        {
            string found = run.IsBegun ? "a run that has not finished" : "no run";
            throw UserError.Mark(new ArgumentException(
                $"{folder}: holds {found}; training can start from the folder of a finished run or of an exported model, or from an "
                + "encoder (.onnx)."));
        }

        Recipe recipe = run.ReadRecipe();
        return new StartingWeights(
            run.FolderPath,
            "run",
            recipe,
            WholeModel,
            SafetensorsFile.Read(run.WeightsPath).Tensors,
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(run.WeightsPath))))
        {
            Statistics = new Dictionary<Modality, FeatureStatistics>
            {
                [Modality.Voice] = recipe.Statistics!.Voice,
                [Modality.Face] = recipe.Statistics.Face,
            },
        };
    }

    /// <summary>Takes encoders of graphs.</summary>
    public static StartingWeights Of(StartingEncoders encoders) => new(
        encoders.Place,
        encoders.Recipe is null ? "network" : "model",
        encoders.Recipe,
        encoders.Parts,
        encoders.Weights,
        encoders.Sha256)
    {
        IsFolded = true,
        PictureSide = encoders.PictureSide,
        Note = encoders.Note,
        Statistics = encoders.Statistics,
    };

    /// <summary>Whether a weight, or what begins so, is among them.</summary>
    public bool Covers(string name) => Parts.Any(part => name.StartsWith(part, StringComparison.Ordinal));

    /// <summary>Refuses a recipe whose encoders read other features, or are put together otherwise.</summary>
    /// <exception cref="ArgumentException">A sentence that names what differs.</exception>
    public void RequireFits(Recipe recipe)
    {
        if (Recipe is null)
        {
            RequirePictures(recipe);
            return;
        }

        JsonObject theirs = RecipeWriter.FeatureSections(Recipe), own = RecipeWriter.FeatureSections(recipe);
        string[] others =
        [
            .. Sections.Where(section => Covers($"{section}.") && !JsonNode.DeepEquals(theirs[section], own[section])),
        ];
        string? other = others.Length > 0 ? "other front ends"
            : recipe.Model.Activation != Recipe.Model.Activation ? "another activation"
            : null;
        if (other is not null)
        {
            string sections = others.Length == 1 ? $" (section '{others[0]}')" : "";
            throw UserError.Mark(new ArgumentException(
                $"{Place}: the {Kind} has {other} than the recipe '{recipe.Name}'{sections}; "
                + "training starts from encoders of the same kind only."));
        }
    }

    /// <summary>Copies what the model has too.</summary>
    /// <exception cref="ArgumentException">An encoder's layer is of another shape, or is one model's alone.</exception>
    public void CopyTo(MultimodalVae model, Recipe recipe)
    {
        using IDisposable gradients = no_grad();
        using var scope = NewDisposeScope();
        (string Name, Tensor Value)[] tensors = [.. model.Weights.Select(entry => (entry.Name, (Tensor)entry.Value)), .. model.Buffers];
        Dictionary<string, Tensor> own = tensors.ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
        Dictionary<string, NamedArray> weights = Unfolded(own.ContainsKey);
        string[] names = [.. own.Keys.Concat(weights.Keys).Where(IsTaken).Distinct(StringComparer.Ordinal)];
        foreach (string name in names)
        {
            string found = weights.TryGetValue(name, out NamedArray? array) ? Shape(array.Shape) : "none";
            string expected = own.TryGetValue(name, out Tensor? value) ? Shape(value.shape) : "none";
            if (found != expected)
            {
                throw UserError.Mark(new ArgumentException(
                    $"{Place}: weight '{name}' is {found}, and the recipe '{recipe.Name}' has {expected}; "
                    + "training starts from encoders of the same architecture only."));
            }

            value!.copy_(tensor(array!.Values, [.. array.Shape]));
        }

        (string Name, Tensor Value)[] decoder =
            [.. tensors.Where(entry => IsDecoder(entry.Name) || MultimodalVae.IsPrivateHead(entry.Name))];
        if (decoder.All(entry => weights.TryGetValue(entry.Name, out NamedArray? array) && array.Shape.SequenceEqual(entry.Value.shape)))
        {
            foreach ((string name, Tensor value) in decoder)
            {
                value.copy_(tensor(weights[name].Values, [.. weights[name].Shape]));
            }
        }

        // A closed form replaces the heads, log-variances that were never trained are 0, and a private part belongs to its decoder.
        bool IsTaken(string name) => Covers(name)
            && !IsDecoder(name)
            && !MultimodalVae.IsPrivateHead(name)
            && !(MultimodalVae.IsHead(name) && recipe.Objective.Bound == BoundKind.RidgeCca)
            && !(name.Contains(".log_variance.", StringComparison.Ordinal) && Recipe?.Objective.HasPosteriors == false);

        static bool IsDecoder(string name) => !MultimodalVae.IsBody(name) && !MultimodalVae.IsHead(name);

        static string Shape(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
    }

    // A folded bias becomes a normalisation that changes nothing but adds it, until LayerStack.Recover gives it statistics.
    private Dictionary<string, NamedArray> Unfolded(Func<string, bool> isOwn)
    {
        var weights = new Dictionary<string, NamedArray>(Weights, StringComparer.Ordinal);
        const string Bias = ".bias";
        foreach ((string name, NamedArray bias) in Weights)
        {
            string layer = name[..Math.Max(0, name.Length - Bias.Length)];
            if (IsFolded && name.EndsWith(Bias, StringComparison.Ordinal) && isOwn(layer + NormScale))
            {
                weights.Remove(name);
                weights[layer + NormScale] = All((float)Math.Sqrt(1 + TowerArchitecture.NormalisationEpsilon));
                weights[layer + NormShift] = bias;
                weights[layer + NormMean] = All(0);
                weights[layer + NormVariance] = All(1);
            }

            NamedArray All(float value) => new(bias.Shape, [.. bias.Values.Select(_ => value)]);
        }

        return weights;
    }

    private void RequirePictures(Recipe recipe)
    {
        FaceOptions face = recipe.Face;
        string? found = recipe.Model.FaceTower?.Kind is not TowerKind.DlibResnet ? "'model.face_tower' is not a dlib-resnet"
            : face.Encoder is not null ? "'face.encoder' is given"
            : face.Colour != FaceColour.Rgb ? "'face.colour' is not rgb"
            : (face.Width, face.Height) != (PictureSide, PictureSide) ? $"'face' is of {face.Width} x {face.Height}"
            : face.Normalisation != FaceNormalisation.Corpus ? "'face.normalisation' is not corpus"
            : null;
        if (found is not null)
        {
            throw UserError.Mark(new ArgumentException(
                $"{Place}: the network is a dlib-resnet tower for rgb pictures of {PictureSide} x {PictureSide}, normalised by its own "
                + $"numbers in place of the corpus's, and of the recipe '{recipe.Name}' {found}."));
        }
    }
}
