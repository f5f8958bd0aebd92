using CrossModalVae.Towers;

namespace CrossModalVae.Models;

/// <summary>A trained tower as plain arrays, its batch normalisation folded into the convolutions before it.</summary>
public sealed class TowerWeights
{
    private readonly Dictionary<string, NamedArray> _arrays;

    private TowerWeights(EncoderInput input, Dictionary<string, NamedArray> arrays)
    {
        Input = input;
        _arrays = arrays;
    }

    /// <summary>How the encoder reads a row, and the layers.</summary>
    internal EncoderInput Input { get; }

    /// <summary>Name and array of every weight, in ordinal order of the names.</summary>
    internal IEnumerable<(string Name, NamedArray Value)> Arrays =>
        _arrays.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Value));

    /// <summary>The array of a name.</summary>
    internal NamedArray this[string name] => _arrays[name];

    /// <summary>
    /// Folds y = (conv(x) - m) / sqrt(v + eps) g + b of every convolution into conv'(x) + b', with W' = W g / sqrt(v + eps) and
    /// b' = b - m g / sqrt(v + eps).
    /// </summary>
    /// <param name="input">How the encoder reads a row, with its tower.</param>
    /// <param name="trained">The array of a name as the trainer has it.</param>
    internal static TowerWeights Fold(EncoderInput input, Func<string, NamedArray> trained)
    {
        var arrays = new Dictionary<string, NamedArray>(StringComparer.Ordinal);
        foreach (TowerLayer layer in input.Tower!.Weighted())
        {
            switch (layer)
            {
                case ConvolutionLayer convolution:
                    Fold(convolution.Name);
                    break;
                case SqueezeExcitationLayer excitation:
                    foreach (string part in (string[])["down", "up"])
                    {
                        foreach (string kind in (string[])["weight", "bias"])
                        {
                            string name = $"{excitation.Name}.{part}.{kind}";
                            arrays[name] = trained(name);
                        }
                    }

                    break;
                default:
                    throw new InvalidOperationException($"A {layer.GetType().Name} has no weights to fold.");
            }
        }

        return new TowerWeights(input, arrays);

        void Fold(string name)
        {
            NamedArray weight = trained($"{name}.weight");
            float[] scale = trained($"{name}.norm.weight").Values, shift = trained($"{name}.norm.bias").Values;
            float[] mean = trained($"{name}.norm.mean").Values, variance = trained($"{name}.norm.variance").Values;
            int outputs = scale.Length, size = weight.Values.Length / outputs;
            var folded = new float[weight.Values.Length];
            var bias = new float[outputs];
            for (int o = 0; o < outputs; o++)
            {
                double factor = scale[o] / Math.Sqrt(variance[o] + TowerArchitecture.NormalisationEpsilon);
                bias[o] = (float)(shift[o] - (mean[o] * factor));
                for (int i = o * size; i < (o + 1) * size; i++)
                {
                    folded[i] = (float)(weight.Values[i] * factor);
                }
            }

            arrays[$"{name}.weight"] = new NamedArray(weight.Shape, folded);
            arrays[$"{name}.bias"] = new NamedArray([outputs], bias);
        }
    }
}
