using CrossModalVae.Towers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// The encoder of one modality: standardised features through a tower, where there is one, and hidden layers into two linear heads, mean
/// and log-variance.
/// </summary>
internal sealed class GaussianEncoder : nn.Module
{
    private readonly EncoderInput _input;
    private readonly LayerStack? _tower;
    private readonly DenseStack _hidden;
    private readonly Linear _mean;
    private readonly Linear _logVariance;
    private readonly (Linear Mean, Linear LogVariance)? _private;

    public GaussianEncoder(EncoderInput input, IReadOnlyList<int> widths, ModelOptions options, bool isConditional = false)
        : base(nameof(GaussianEncoder))
    {
        _input = input;
        if (input.Tower is not null)
        {
            _tower = new LayerStack(input.Tower.Layers);
            register_module("tower", _tower);
        }

        _hidden = new DenseStack(input.OutputCount, widths, options.Activation, options.Dropout);
        _mean = nn.Linear(_hidden.OutputCount, options.LatentDimension);
        _logVariance = nn.Linear(_hidden.OutputCount, options.LatentDimension);
        register_module("hidden", _hidden);
        register_module("mean", _mean);
        register_module("log_variance", _logVariance);
        if (options.PrivateDimension > 0)
        {
            int inputs = _hidden.OutputCount + (isConditional ? options.LatentDimension : 0);
            _private = (nn.Linear(inputs, options.PrivateDimension), nn.Linear(inputs, options.PrivateDimension));
            register_module("private_mean", _private.Value.Mean);
            register_module("private_log_variance", _private.Value.LogVariance);
        }
    }

    /// <summary>H, what the heads take.</summary>
    public int HiddenCount => _hidden.OutputCount;

    /// <summary>Whether tower and hidden layers stay as they are in training, the statistics of batch normalisation too.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>q(z|x) of standardised examples, [B, F] or as the tower takes them; with noise it is a step of training.</summary>
    public GaussianPosterior Encode(Tensor x, TrainingNoise? noise) => EncodeHidden(x, noise).Posterior;

    /// <summary>The same, and what the heads took, [B, H].</summary>
    public (GaussianPosterior Posterior, Tensor Hidden) EncodeHidden(Tensor x, TrainingNoise? noise)
    {
        Tensor h = Hidden(x, noise); // [B, H]
        return (new GaussianPosterior(_mean.forward(h), _logVariance.forward(h)), h); // [B, D] each
    }

    /// <summary>
    /// q(w|x) of the private part, of what the heads take, [B, H], and of the condition, [B, D], where it is conditional; null where the
    /// architecture has none.
    /// </summary>
    public GaussianPosterior? Private(Tensor hidden, Tensor? condition)
    {
        Tensor h = condition is null ? hidden : cat([hidden, condition], 1); // [B, H], or [B, H + D]
        return _private is not { } own ? null : new GaussianPosterior(own.Mean.forward(h), own.LogVariance.forward(h)); // [B, P] each
    }

    /// <summary>
    /// q(z|clip) of standardised rows [B, F] as they are scored: the mean of mu and of log sigma^2 over a voice's parts, or over a face's
    /// pictures and their mirror images.
    /// </summary>
    public GaussianPosterior Score(Tensor rows)
    {
        if (_input.Tower is null)
        {
            return Encode(rows, noise: null);
        }

        long b = rows.shape[0];
        GaussianPosterior all = Encode(cat(Examples(rows), 0), noise: null); // [K B, D] each
        return new GaussianPosterior(Mean(all.Mean), Mean(all.LogVariance)); // [B, D] each

        Tensor Mean(Tensor values) => values.reshape(-1, b, values.shape[1]).mean([0]);
    }

    /// <summary>What the heads take of standardised rows [B, F] as they are scored, [B, H].</summary>
    public Tensor ScoredHidden(Tensor rows)
    {
        if (_input.Tower is null)
        {
            return Hidden(rows, noise: null);
        }

        Tensor all = Hidden(cat(Examples(rows), 0), noise: null); // [K B, H]
        return all.reshape(-1, rows.shape[0], all.shape[1]).mean([0]);
    }

    private Tensor Hidden(Tensor x, TrainingNoise? noise)
    {
        Tensor features = _tower is null ? x : _tower.Forward(Planes(x), IsFrozen ? null : noise); // [B, F]
        return _hidden.Forward(features, noise); // [B, H]
    }

    private Tensor[] Examples(Tensor rows) => _input.Modality == Modality.Voice
        ? Parts(rows.reshape(rows.shape[0], -1, _input.UnitLength))
        : Pictures(rows);

    // A voice's frames, [B, T, bins], as one plane, [B, 1, bins, T], or as channels over time, [B, bins, 1, T].
    private Tensor Planes(Tensor x)
    {
        TowerInput shape = _input.Tower!.Input;
        return shape.Modality == Modality.Face ? x : x.transpose(1, 2).unsqueeze(shape.BinsAreChannels ? 2 : 1);
    }

    // K parts of C of T frames, the k-th from floor((T - C) k / (K - 1)).
    private Tensor[] Parts(Tensor frames)
    {
        long t = frames.shape[1], k = _input.ScoringCrops;
        if (k == 1)
        {
            return [frames];
        }

        long c = Math.Min(_input.ExampleUnits, t);
        return [.. Enumerable.Range(0, (int)k).Select(i => frames.narrow(1, (t - c) * i / (k - 1), c))]; // [B, C, bins] each
    }

    private Tensor[] Pictures(Tensor rows)
    {
        long[] shape = [rows.shape[0], -1, .. _input.ExampleShape];
        Tensor all = rows.reshape(shape); // [B, N, planes, height, width]
        Tensor[] pictures = [.. Enumerable.Range(0, (int)all.shape[1]).Select(i => all.select(1, i))]; // [B, planes, height, width] each
        return _input.Options!.ScoresMirrored ? [.. pictures, .. pictures.Select(picture => picture.flip(3))] : pictures;
    }

    /// <summary>Gives the tower's batch normalisation statistics: see <see cref="LayerStack.Recover"/>.</summary>
    public void RecoverNormalisation(Action encode) => _tower?.Recover(encode);

    /// <summary>Finds the tower's tensors anew after they have moved to another device.</summary>
    public void Refresh() => _tower?.Refresh();
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

    /// <summary>[B, inputs] to [B, OutputCount], float32; without noise nothing is dropped, with it layers are in its precision.</summary>
    public Tensor Forward(Tensor x, TrainingNoise? noise)
    {
        x = x.In(noise.Numbers());
        foreach (Linear layer in _layers)
        {
            x = Activate(nn.functional.linear(x, layer.weight!.In(x.dtype), layer.bias!.In(x.dtype))); // [B, width]
            if (noise is not null && _dropout > 0.0)
            {
                x = x * noise.DropoutMask(x.shape[0], x.shape[1], _dropout).In(x.dtype); // [B, width]
            }
        }

        return x.InFloat32();
    }

    private Tensor Activate(Tensor x) => _activation switch
    {
        Activation.Relu => x.relu(),
        Activation.Tanh => x.tanh(),
        _ => x,
    };
}
