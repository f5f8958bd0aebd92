using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// The encoder of one modality: standardised features through hidden layers into two linear heads, mean and log-variance.
/// </summary>
internal sealed class GaussianEncoder : nn.Module
{
    private readonly DenseStack _hidden;
    private readonly Linear _mean;
    private readonly Linear _logVariance;

    public GaussianEncoder(int inputCount, IReadOnlyList<int> widths, ModelOptions options)
        : base(nameof(GaussianEncoder))
    {
        _hidden = new DenseStack(inputCount, widths, options.Activation, options.Dropout);
        _mean = nn.Linear(_hidden.OutputCount, options.LatentDimension);
        _logVariance = nn.Linear(_hidden.OutputCount, options.LatentDimension);
        register_module("hidden", _hidden);
        register_module("mean", _mean);
        register_module("log_variance", _logVariance);
    }

    /// <summary>q(z|x) of standardised features [B, F].</summary>
    public GaussianPosterior Encode(Tensor x, TrainingNoise? noise)
    {
        Tensor h = _hidden.Forward(x, noise); // [B, H]
        return new GaussianPosterior(_mean.forward(h), _logVariance.forward(h)); // [B, D] each
    }
}

/// <summary>Hidden layers in order: affine map, activation, dropout in training.</summary>
internal sealed class DenseStack : nn.Module
{
    private readonly Linear[] _layers;
    private readonly Activation _activation;
    private readonly double _dropout;

    public DenseStack(int inputCount, IReadOnlyList<int> widths, Activation activation, double dropout)
        : base(nameof(DenseStack))
    {
        _activation = activation;
        _dropout = dropout;
        _layers = new Linear[widths.Count];
        for (int i = 0; i < widths.Count; i++)
        {
            _layers[i] = nn.Linear(i == 0 ? inputCount : widths[i - 1], widths[i]);
            register_module($"{i}", _layers[i]);
        }

        OutputCount = widths.Count == 0 ? inputCount : widths[^1];
    }

    public int OutputCount { get; }

    /// <summary>[B, inputs] to [B, OutputCount]; without noise nothing is dropped.</summary>
    public Tensor Forward(Tensor x, TrainingNoise? noise)
    {
        foreach (Linear layer in _layers)
        {
            x = Activate(layer.forward(x)); // [B, width]
            if (noise is not null && _dropout > 0.0)
            {
                x = x * noise.DropoutMask(x.shape[0], x.shape[1], _dropout); // [B, width]
            }
        }

        return x;
    }

    private Tensor Activate(Tensor x) => _activation switch
    {
        Activation.Relu => x.relu(),
        Activation.Tanh => x.tanh(),
        _ => x,
    };
}
