using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

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
