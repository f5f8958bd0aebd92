using CrossModalVae.Towers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// Walks a list of <see cref="TowerLayer"/> with tensors. Batch normalisation uses the batch's statistics in training and keeps running
/// ones (momentum 0.1, as PyTorch) for everything else.
/// </summary>
internal sealed class LayerStack : nn.Module
{
    private const double Momentum = 0.1;

    private readonly IReadOnlyList<TowerLayer> _layers;
    private readonly Dictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);
    private Dictionary<string, (double[] Sums, double[] Squares, long Count)>? _moments;

    public LayerStack(IReadOnlyList<TowerLayer> layers)
        : base(nameof(LayerStack))
    {
        _layers = layers;
        foreach (TowerLayer layer in TowerArchitecture.Weighted(layers))
        {
            switch (layer)
            {
                case ConvolutionLayer c:
                    Add($"{c.Name}.weight", c.Outputs, c.Inputs, c.Kernel.Height, c.Kernel.Width);
                    AddNormalisationOrBias(c.Name, c.Outputs, c.IsNormalised);
                    break;
                case TransposedLayer t:
                    Add($"{t.Name}.weight", t.Inputs, t.Outputs, t.Kernel.Height, t.Kernel.Width);
                    AddNormalisationOrBias(t.Name, t.Outputs, !t.IsLast);
                    break;
                case ProjectionLayer p:
                    Add($"{p.Name}.weight", p.Outputs, p.Inputs);
                    break;
                case SqueezeExcitationLayer s:
                    Add($"{s.Name}.down.weight", s.Squeezed, s.Channels);
                    Add($"{s.Name}.down.bias", s.Squeezed);
                    Add($"{s.Name}.up.weight", s.Channels, s.Squeezed);
                    Add($"{s.Name}.up.bias", s.Channels);
                    break;
                default:
                    throw new InvalidOperationException($"A {layer.GetType().Name} has no weights.");
            }
        }

        Refresh();
    }

    /// <summary>[B, C, H, W] to what the last layer gives, float32; with a step's noise in its precision.</summary>
    public Tensor Forward(Tensor x, TrainingNoise? noise)
    {
        // Left to the graph of gradients, what lies between is freed as the way back goes by.
        using var scope = NewDisposeScope();
        return Walk(_layers, x.In(noise.Numbers()), training: noise is not null).InFloat32().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Undoes the folding of batch normalisation: what changes nothing but adds a bias (mean 0, variance 1) gets the mean m and variance v
    /// that its inputs have while <paramref name="forward"/> runs, and scale sqrt(v + eps) and shift bias + m, which give the same numbers.
    /// Batches of training, normalised by their own statistics, then give about the same numbers too.
    /// </summary>
    public void Recover(Action forward)
    {
        _moments = new(StringComparer.Ordinal);
        forward();
        foreach ((string name, (double[] sums, double[] squares, long count)) in _moments)
        {
            double[] mean = [.. sums.Select(sum => sum / count)];
            double[] variance = [.. squares.Select((sum, c) => Math.Max(0, (sum / count) - (mean[c] * mean[c])))];
            using var scope = NewDisposeScope();
            _tensors[$"{name}.norm.mean"].copy_(Floats(mean));
            _tensors[$"{name}.norm.variance"].copy_(Floats(variance));
            _tensors[$"{name}.norm.weight"].copy_(Floats(variance.Select(v => Math.Sqrt(v + TowerArchitecture.NormalisationEpsilon))));
            _tensors[$"{name}.norm.bias"].Add(Floats(mean).to(_tensors[$"{name}.norm.bias"].device));
        }

        _moments = null;

        static Tensor Floats(IEnumerable<double> values) => tensor((float[])[.. values.Select(value => (float)value)]);
    }

    /// <summary>Finds the tensors anew after they have moved to another device.</summary>
    public void Refresh()
    {
        _tensors.Clear();
        foreach ((string name, Parameter value) in named_parameters())
        {
            _tensors[name] = value;
        }

        foreach ((string name, Tensor value) in named_buffers())
        {
            _tensors[name] = value;
        }
    }

    private void Add(string name, params long[] shape) => register_parameter(name, new Parameter(zeros(shape)));

    private void AddNormalisationOrBias(string name, int channels, bool isNormalised)
    {
        if (!isNormalised)
        {
            Add($"{name}.bias", channels);
            return;
        }

        Add($"{name}.norm.weight", channels);
        Add($"{name}.norm.bias", channels);
        register_buffer($"{name}.norm.mean", zeros(channels));
        register_buffer($"{name}.norm.variance", ones(channels));
    }

    private Tensor Walk(IReadOnlyList<TowerLayer> layers, Tensor x, bool training)
    {
        foreach (TowerLayer layer in layers)
        {
            x = layer switch
            {
                ConvolutionLayer c => Convolve(c, x, training), // [B, Outputs, H', W']
                TransposedLayer t => Transpose(t, x, training), // [B, Outputs, 2 H, 2 W]
                MaximumLayer m => nn.functional.max_pool2d(x, Sizes(m.Kernel), Sizes(m.Stride), Sizes(m.Padding)), // [B, C, H', W']
                WindowMeanLayer w => nn.functional.avg_pool2d(x, Sizes(w.Kernel), Sizes(w.Stride)), // [B, C, H', W']
                PaddingLayer p => nn.functional.pad(x, [0, p.Columns, 0, p.Rows, 0, p.Channels]), // [B, C', H', W']
                ProjectionLayer p => nn.functional.linear(x, Weight($"{p.Name}.weight", x)), // [B, Outputs]
                ResidualLayer r => Walk(r.Body, x, training).Plus(Walk(r.Shortcut, x, training)).relu_(), // [B, C', H', W']
                SqueezeExcitationLayer s => Excite(s, x), // [B, C, H, W]
                StatisticsLayer => Statistics(x.InFloat32()), // [B, 2 C H]
                FlattenLayer => x.flatten(1), // [B, C H W]
                AverageLayer => x.InFloat32().mean([2, 3]), // [B, C]
                _ => throw new InvalidOperationException($"No tensor arithmetic for a {layer.GetType().Name}."),
            };
        }

        return x;
    }

    private Tensor Convolve(ConvolutionLayer c, Tensor x, bool training)
    {
        Tensor? bias = c.IsNormalised ? null : Weight($"{c.Name}.bias", x);
        Tensor y = nn.functional.conv2d(x, Weight($"{c.Name}.weight", x), bias, Sizes(c.Stride), Sizes(c.Padding)); // [B, Outputs, H', W']
        y = c.IsNormalised ? Normalise(c.Name, y, training) : y;
        return c.IsRectified ? y.relu_() : y; // in place: what comes before is not needed again, and is a third of a step's memory
    }

    private Tensor Transpose(TransposedLayer t, Tensor x, bool training)
    {
        Tensor y = nn.functional.conv_transpose2d(
            x, Weight($"{t.Name}.weight", x), t.IsLast ? Weight($"{t.Name}.bias", x) : null, Sizes(t.Stride), Sizes(t.Padding));
        return t.IsLast ? y : Normalise(t.Name, y, training).relu_();
    }

    // A weight in the numbers of what it is multiplied with.
    private Tensor Weight(string name, Tensor x) => _tensors[name].In(x.dtype);

    private Tensor Normalise(string name, Tensor y, bool training)
    {
        Measure(name, y);
        return nn.functional.batch_norm(
            y,
            _tensors[$"{name}.norm.mean"],
            _tensors[$"{name}.norm.variance"],
            _tensors[$"{name}.norm.weight"],
            _tensors[$"{name}.norm.bias"],
            training && y.numel() > y.shape[1], // one number a channel has no variance
            Momentum,
            TowerArchitecture.NormalisationEpsilon);
    }

    // Adds a batch's sums and sums of squares of each channel, in Recover.
    private void Measure(string name, Tensor y)
    {
        if (_moments is null)
        {
            return;
        }

        Tensor mean = y.mean([0, 2, 3], keepdim: true); // [1, C, 1, 1]
        Tensor centred = y - mean; // [B, C, H, W]
        float[] means = mean.ToFloats(), variances = (centred * centred).mean([0, 2, 3]).ToFloats(); // [C]
        long count = y.numel() / y.shape[1];
        (double[] sums, double[] squares, long before) =
            _moments.GetValueOrDefault(name, (new double[means.Length], new double[means.Length], 0));
        for (int c = 0; c < means.Length; c++)
        {
            sums[c] += means[c] * (double)count;
            squares[c] += (variances[c] + ((double)means[c] * means[c])) * count;
        }

        _moments[name] = (sums, squares, before + count);
    }

    private Tensor Excite(SqueezeExcitationLayer s, Tensor x)
    {
        Tensor down = nn.functional.linear(x.mean([2, 3]), Weight($"{s.Name}.down.weight", x), Weight($"{s.Name}.down.bias", x)); // [B, r]
        Tensor up = nn.functional.linear(down.relu(), Weight($"{s.Name}.up.weight", x), Weight($"{s.Name}.up.bias", x)); // [B, C]
        return x * up.sigmoid().unsqueeze(2).unsqueeze(3); // [B, C, H, W]
    }

    private static Tensor Statistics(Tensor x)
    {
        Tensor flat = x.flatten(1, 2); // [B, C H, W]
        Tensor mean = flat.mean([2], keepdim: true); // [B, C H, 1]
        Tensor centred = flat - mean; // [B, C H, W]
        using Tensor squares = centred * centred; // [B, C H, W]
        Tensor deviation = squares.mean([2]).Plus(StatisticsLayer.VarianceFloor).sqrt(); // [B, C H]
        return cat([mean.squeeze(2), deviation], 1); // [B, 2 C H]
    }

    private static long[] Sizes(PlaneSize size) => [size.Height, size.Width];
}
