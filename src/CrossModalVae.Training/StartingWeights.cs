using System.Security.Cryptography;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>The weights of a finished run, which another starts from: those of its encoders, and of its decoder where it fits.</summary>
/// <param name="Run">The run.</param>
/// <param name="Recipe">The run's recipe, with the statistics of the features that its encoders take.</param>
/// <param name="Weights">Its weights by name.</param>
/// <param name="Sha256">Of its file of weights.</param>
internal sealed record StartingWeights(RunFolder Run, Recipe Recipe, IReadOnlyDictionary<string, NamedArray> Weights, string Sha256)
{
    /// <summary>Reads a run.</summary>
    /// <exception cref="ArgumentException">The folder holds no finished run.</exception>
    public static StartingWeights Read(string folder)
    {
        var run = new RunFolder(folder);
        if (!run.IsFinished)
        {
            string found = run.IsBegun ? "holds a run that has not finished"
                : File.Exists(Path.Combine(folder, ModelCard.FileName))
                    ? "is an exported model, whose graphs have normalisation folded into their weights"
                    : "holds no run";
            throw UserError.Mark(new ArgumentException($"{folder}: {found}; training can start from the folder of a finished run only."));
        }

        return new StartingWeights(
            run,
            run.ReadRecipe(),
            SafetensorsFile.Read(run.WeightsPath).Tensors,
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(run.WeightsPath))));
    }

    /// <summary>Refuses a recipe whose encoders read other features, or are put together otherwise.</summary>
    /// <exception cref="ArgumentException">A sentence that names what differs.</exception>
    public void RequireFits(Recipe recipe)
    {
        string? other = RecipeHash.ComputeFeatures(recipe) != RecipeHash.ComputeFeatures(Recipe) ? "front ends"
            : recipe.Model.Activation != Recipe.Model.Activation ? "activation"
            : null;
        if (other is not null)
        {
            throw UserError.Mark(new ArgumentException(
                $"{Run.FolderPath}: the run has {(other == "front ends" ? "other" : "another")} {other} than the recipe '{recipe.Name}'; "
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
        string[] names = [.. tensors.Select(entry => entry.Name).Concat(Weights.Keys).Where(IsTaken).Distinct(StringComparer.Ordinal)];
        Dictionary<string, Tensor> own = tensors.ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
        foreach (string name in names)
        {
            string found = Weights.TryGetValue(name, out NamedArray? array) ? Shape(array.Shape) : "none";
            string expected = own.TryGetValue(name, out Tensor? value) ? Shape(value.shape) : "none";
            if (found != expected)
            {
                throw UserError.Mark(new ArgumentException(
                    $"{Run.FolderPath}: weight '{name}' is {found}, and the recipe '{recipe.Name}' has {expected}; "
                    + "training starts from encoders of the same architecture only."));
            }

            value!.copy_(tensor(array!.Values, [.. array.Shape]));
        }

        (string Name, Tensor Value)[] decoder =
            [.. tensors.Where(entry => IsDecoder(entry.Name) || MultimodalVae.IsPrivateHead(entry.Name))];
        if (decoder.All(entry => Weights.TryGetValue(entry.Name, out NamedArray? array) && array.Shape.SequenceEqual(entry.Value.shape)))
        {
            foreach ((string name, Tensor value) in decoder)
            {
                value.copy_(tensor(Weights[name].Values, [.. Weights[name].Shape]));
            }
        }

        // A closed form replaces the heads, log-variances that were never trained are 0, and a private part belongs to its decoder.
        bool IsTaken(string name) => !IsDecoder(name)
            && !MultimodalVae.IsPrivateHead(name)
            && !(MultimodalVae.IsHead(name) && recipe.Objective.Bound == BoundKind.RidgeCca)
            && !(name.Contains(".log_variance.", StringComparison.Ordinal) && !Recipe.Objective.HasDecoder);

        static bool IsDecoder(string name) => !MultimodalVae.IsBody(name) && !MultimodalVae.IsHead(name);

        static string Shape(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
    }
}
