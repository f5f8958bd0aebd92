using CrossModalVae.Towers;

namespace CrossModalVae.Models;

/// <summary>A trained tower as plain arrays, its batch normalisation folded into the convolutions before it.</summary>
public sealed class TowerWeights
{
    internal TowerWeights(EncoderInput input, LayerWeights layers) => (Input, Layers) = (input, layers);

    /// <summary>How the encoder reads a row, and the layers.</summary>
    internal EncoderInput Input { get; }

    internal LayerWeights Layers { get; }
}

/// <summary>One modality's part of a convolutional decoder as plain arrays.</summary>
public sealed class UpsamplingWeights
{
    internal UpsamplingWeights(UpsamplingArchitecture architecture, DenseLayer seed, LayerWeights layers) =>
        (Architecture, Seed, Layers) = (architecture, seed, layers);

    internal UpsamplingArchitecture Architecture { get; }

    /// <summary>From the hidden layers to the first plane.</summary>
    internal DenseLayer Seed { get; }

    internal LayerWeights Layers { get; }
}

/// <summary>The weights of a list of layers by name, batch normalisation folded.</summary>
internal sealed class LayerWeights
{
    private readonly Dictionary<string, NamedArray> _arrays = new(StringComparer.Ordinal);

    private LayerWeights()
    {
    }

    /// <summary>Name and array of every weight, in ordinal order of the names.</summary>
    public IEnumerable<(string Name, NamedArray Value)> Arrays =>
        _arrays.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Value));

    /// <summary>The array of a name.</summary>
    public NamedArray this[string name] => _arrays[name];

    /// <summary>
    /// Folds y = (conv(x) - m) / sqrt(v + eps) g + b of every convolution into conv'(x) + b', with W' = W g / sqrt(v + eps) and
    /// b' = b - m g / sqrt(v + eps).
    /// </summary>
    /// <param name="layers">The layers.</param>
    /// <param name="trained">The array of a name as the trainer has it.</param>
    public static LayerWeights Fold(IEnumerable<TowerLayer> layers, Func<string, NamedArray> trained)
    {
        var weights = new LayerWeights();
        foreach (TowerLayer layer in TowerArchitecture.Weighted(layers))
        {
            switch (layer)
            {
                case ConvolutionLayer { IsNormalised: true } convolution:
                    weights.Fold(convolution.Name, trained, outputAxis: 0);
                    break;
                case ConvolutionLayer convolution:
                    weights.Copy([$"{convolution.Name}.weight", $"{convolution.Name}.bias"], trained);
                    break;
                case ProjectionLayer projection:
                    weights.Copy([$"{projection.Name}.weight"], trained);
                    break;
                case TransposedLayer { IsLast: false } transposed:
                    weights.Fold(transposed.Name, trained, outputAxis: 1);
                    break;
                case TransposedLayer last:
                    weights.Copy([$"{last.Name}.weight", $"{last.Name}.bias"], trained);
                    break;
                case SqueezeExcitationLayer s:
                    weights.Copy([$"{s.Name}.down.weight", $"{s.Name}.down.bias", $"{s.Name}.up.weight", $"{s.Name}.up.bias"], trained);
                    break;
                default:
                    throw new InvalidOperationException($"A {layer.GetType().Name} has no weights to fold.");
            }
        }

        return weights;
    }

    private void Copy(string[] names, Func<string, NamedArray> trained)
    {
        foreach (string name in names)
        {
            _arrays[name] = trained(name);
        }
    }

    private void Fold(string name, Func<string, NamedArray> trained, int outputAxis)
    {
        NamedArray weight = trained($"{name}.weight");
        float[] scale = trained($"{name}.norm.weight").Values, shift = trained($"{name}.norm.bias").Values;
        float[] mean = trained($"{name}.norm.mean").Values, variance = trained($"{name}.norm.variance").Values;
        double[] factors = [.. scale.Zip(variance, (g, v) => g / Math.Sqrt(v + TowerArchitecture.NormalisationEpsilon))];
        int inner = weight.Shape.Skip(outputAxis + 1).Aggregate(1, (product, size) => product * (int)size);
        float[] folded = [.. weight.Values.Select((value, i) => (float)(value * factors[i / inner % scale.Length]))];
        _arrays[$"{name}.weight"] = new NamedArray(weight.Shape, folded);
        _arrays[$"{name}.bias"] = new NamedArray(
            [scale.Length], [.. factors.Select((factor, o) => (float)(shift[o] - (mean[o] * factor)))]);
    }
}
