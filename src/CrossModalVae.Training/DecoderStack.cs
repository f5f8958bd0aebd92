using CrossModalVae.Towers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// One network of a decoder: hidden layers, then one fully connected layer to the numbers of its modalities without a branch of their own,
/// and for every other one transposed convolutions.
/// </summary>
/// <param name="Prefix">What its names in the model begin with.</param>
/// <param name="Hidden">The hidden layers.</param>
/// <param name="Output">The last layer; null where each modality has a branch.</param>
/// <param name="Face">The face's branch.</param>
/// <param name="Voice">The voice's branch.</param>
internal sealed record DecoderStack(
    string Prefix, DenseStack Hidden, Linear? Output, DecoderStack.Branch? Face, DecoderStack.Branch? Voice)
{
    /// <summary>Builds the modules of one modality, or of face and voice, and registers them with the model, which owns them.</summary>
    public static DecoderStack Create(
        ModelOptions options, int inputCount, string prefix, EncoderInput[] modalities, Action<string, nn.Module> register)
    {
        var hidden = new DenseStack(inputCount, options.DecoderHidden, options.Activation, options.Dropout);
        register($"{prefix}decoder", hidden);
        Branch? ofFace = Branched(Modality.Face, "face_branch"), ofVoice = Branched(Modality.Voice, "voice_branch");
        int plain = modalities.Where(input => (input.Modality == Modality.Face ? ofFace : ofVoice) is null)
            .Sum(input => input.ExampleLength);
        Linear? output = plain == 0 ? null : nn.Linear(hidden.OutputCount, plain);
        if (output is not null)
        {
            register($"{prefix}output", output);
        }

        return new DecoderStack(prefix, hidden, output, ofFace, ofVoice);

        Branch? Branched(Modality modality, string name)
        {
            EncoderInput? input = modalities.FirstOrDefault(own => own.Modality == modality);
            if (options.Decoder != DecoderKind.Convolutional || input?.Tower is null)
            {
                return null;
            }

            UpsamplingArchitecture architecture = UpsamplingArchitecture.Create(input.Tower.Input);
            var branch = new Branch(
                architecture, nn.Linear(hidden.OutputCount, architecture.SeedLength), new LayerStack(architecture.Layers));
            register($"{name}_seed", branch.Seed);
            register(name, branch.Layers);
            return branch;
        }
    }

    /// <summary>[B, inputs] to the numbers of its modalities, the face's first, [B, F].</summary>
    public Tensor Forward(Tensor latent, TrainingNoise? noise)
    {
        Tensor h = Hidden.Forward(latent, noise); // [B, H]
        Tensor? plain = Output?.forward(h); // [B, Ff + Fv], or of one modality
        if (Face is null && Voice is null)
        {
            return plain!;
        }

        Tensor[] parts = [.. new[] { Face?.Forward(h, noise) ?? plain, Voice?.Forward(h, noise) ?? plain }.OfType<Tensor>()];
        return parts.Length == 1 ? parts[0] : cat(parts, 1); // [B, F]
    }

    public void Refresh()
    {
        Face?.Layers.Refresh();
        Voice?.Layers.Refresh();
    }

    /// <summary>The fully connected layers as plain arrays.</summary>
    public IReadOnlyList<DenseLayer> Layers(Func<string, IEnumerable<DenseLayer>> hidden, Func<string, Activation, DenseLayer> layer) =>
        Output is null ? [.. hidden($"{Prefix}decoder")] : [.. hidden($"{Prefix}decoder"), layer($"{Prefix}output", Activation.None)];

    /// <summary>One modality's part: a fully connected layer to a small plane, and transposed convolutions.</summary>
    internal sealed record Branch(UpsamplingArchitecture Architecture, Linear Seed, LayerStack Layers)
    {
        public Tensor Forward(Tensor h, TrainingNoise? noise)
        {
            (TowerInput example, PlaneSize first) = (Architecture.Input, Architecture.Size);
            Tensor plane = Seed.forward(h).relu().reshape(h.shape[0], Architecture.Channels, first.Height, first.Width); // [B, C, h, w]
            Tensor y = Layers.Forward(plane, noise).narrow(3, 0, example.Columns); // [B, planes, H', W'], or [B, bins, 1, T]
            return example.Modality == Modality.Voice
                ? y.squeeze(2).transpose(1, 2).flatten(1) // [B, T bins]
                : y.narrow(2, 0, example.Rows).flatten(1); // [B, planes H W]
        }

        public UpsamplingWeights ToWeights(string name, Func<string, Activation, DenseLayer> layer, Func<string, NamedArray> array) => new(
            Architecture,
            layer($"{name}_seed", Activation.Relu),
            LayerWeights.Fold(Architecture.Layers, weight => array($"{name}.{weight}")));
    }
}
