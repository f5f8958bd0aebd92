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
