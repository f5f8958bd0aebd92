using CrossModalVae.Towers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// A convolutional tower: walks the layers of a <see cref="TowerArchitecture"/> with tensors. Batch normalisation uses the batch's
/// statistics in training and keeps running ones (momentum 0.1, as PyTorch) for everything else.
/// </summary>
internal sealed class Tower : nn.Module
{
    private const double Momentum = 0.1;

    private readonly TowerArchitecture _architecture;
    private readonly Dictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);

    public Tower(TowerArchitecture architecture)
        : base(nameof(Tower))
    {
        _architecture = architecture;
        foreach (TowerLayer layer in architecture.Weighted())
        {
            switch (layer)
            {
                case ConvolutionLayer c:
                    Add($"{c.Name}.weight", c.Outputs, c.Inputs, c.Kernel.Height, c.Kernel.Width);
                    Add($"{c.Name}.norm.weight", c.Outputs);
                    Add($"{c.Name}.norm.bias", c.Outputs);
                    register_buffer($"{c.Name}.norm.mean", zeros(c.Outputs));
                    register_buffer($"{c.Name}.norm.variance", ones(c.Outputs));
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

    /// <summary>Examples, [B, frames, bins] or [B, planes, height, width], to [B, OutputCount].</summary>
    public Tensor Forward(Tensor x, bool training)
    {
        if (_architecture.Input.Modality == Modality.Voice)
        {
            Tensor turned = x.transpose(1, 2); // [B, bins, frames]
            x = turned.unsqueeze(_architecture.Input.BinsAreChannels ? 2 : 1); // [B, bins, 1, frames] or [B, 1, bins, frames]
        }

        return Walk(_architecture.Layers, x, training);
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

    private Tensor Walk(IReadOnlyList<TowerLayer> layers, Tensor x, bool training)
    {
        foreach (TowerLayer layer in layers)
        {
            x = layer switch
            {
                ConvolutionLayer c => Convolve(c, x, training), // [B, Outputs, H', W']
                MaximumLayer m => nn.functional.max_pool2d(x, Sizes(m.Kernel), Sizes(m.Stride), Sizes(m.Padding)), // [B, C, H', W']
                ResidualLayer r => Walk(r.Body, x, training).Plus(Walk(r.Shortcut, x, training)).relu(), // [B, C', H', W']
                SqueezeExcitationLayer s => Excite(s, x), // [B, C, H, W]
                StatisticsLayer => Statistics(x), // [B, 2 C H]
                AverageLayer => x.mean([2, 3]), // [B, C]
                _ => throw new InvalidOperationException($"No tensor arithmetic for a {layer.GetType().Name}."),
            };
        }

        return x;
    }

    private Tensor Convolve(ConvolutionLayer c, Tensor x, bool training)
    {
        Tensor y = nn.functional.conv2d(x, _tensors[$"{c.Name}.weight"], null, Sizes(c.Stride), Sizes(c.Padding)); // [B, Outputs, H', W']
        string norm = $"{c.Name}.norm";
        y = nn.functional.batch_norm(
            y,
            _tensors[$"{norm}.mean"],
            _tensors[$"{norm}.variance"],
            _tensors[$"{norm}.weight"],
            _tensors[$"{norm}.bias"],
            training && y.numel() > y.shape[1], // one number a channel has no variance
            Momentum,
            TowerArchitecture.NormalisationEpsilon);
        return c.IsRectified ? y.relu() : y;
    }

    private Tensor Excite(SqueezeExcitationLayer s, Tensor x)
    {
        Tensor down = nn.functional.linear(x.mean([2, 3]), _tensors[$"{s.Name}.down.weight"], _tensors[$"{s.Name}.down.bias"]); // [B, r]
        Tensor up = nn.functional.linear(down.relu(), _tensors[$"{s.Name}.up.weight"], _tensors[$"{s.Name}.up.bias"]); // [B, C]
        return x * up.sigmoid().unsqueeze(2).unsqueeze(3); // [B, C, H, W]
    }

    private static Tensor Statistics(Tensor x)
    {
        Tensor flat = x.flatten(1, 2); // [B, C H, W]
        Tensor mean = flat.mean([2], keepdim: true); // [B, C H, 1]
        Tensor centred = flat - mean; // [B, C H, W]
        Tensor deviation = (centred * centred).mean([2]).Plus(StatisticsLayer.VarianceFloor).sqrt(); // [B, C H]
        return cat([mean.squeeze(2), deviation], 1); // [B, 2 C H]
    }

    private static long[] Sizes(PlaneSize size) => [size.Height, size.Width];
}
