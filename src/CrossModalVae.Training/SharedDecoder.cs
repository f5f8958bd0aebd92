using CrossModalVae.Towers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// D(z): hidden layers, then one fully connected layer to the numbers of the modalities without a branch of their own, and for every other
/// one transposed convolutions. Gives standardised [face; voice], [B, Ff + Fv].
/// </summary>
internal sealed record SharedDecoder(
    DenseStack Hidden, Linear? Output, SharedDecoder.Branch? Face, SharedDecoder.Branch? Voice, int FaceLength)
{
    /// <summary>Builds the modules and registers them with the model, which owns them, under names of their own.</summary>
    public static SharedDecoder Create(ModelOptions options, EncoderInput voice, EncoderInput face, Action<string, nn.Module> register)
    {
        var hidden = new DenseStack(options.LatentDimension, options.DecoderHidden, options.Activation, options.Dropout);
        register("decoder", hidden);
        Branch? ofFace = Branched(face, "face_branch"), ofVoice = Branched(voice, "voice_branch");
        int plain = (ofFace is null ? face.ExampleLength : 0) + (ofVoice is null ? voice.ExampleLength : 0);
        Linear? output = plain == 0 ? null : nn.Linear(hidden.OutputCount, plain);
        if (output is not null)
        {
            register("output", output);
        }

        return new SharedDecoder(hidden, output, ofFace, ofVoice, face.ExampleLength);

        Branch? Branched(EncoderInput input, string name)
        {
            if (options.Decoder != DecoderKind.Convolutional || input.Tower is null)
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

    public Tensor Forward(Tensor latent, TrainingNoise? noise)
    {
        Tensor h = Hidden.Forward(latent, noise); // [B, H]
        Tensor? plain = Output?.forward(h); // [B, Ff + Fv], or of one modality
        if (Face is null && Voice is null)
        {
            return plain!;
        }

        Tensor face = Face?.Forward(h, noise) ?? plain!; // [B, Ff]
        Tensor voice = Voice?.Forward(h, noise) ?? plain!; // [B, Fv]
        return cat([face, voice], 1); // [B, Ff + Fv]
    }

    public void Refresh()
    {
        Face?.Layers.Refresh();
        Voice?.Layers.Refresh();
    }

    /// <summary>The decoder as plain arrays.</summary>
    /// <param name="statistics">Of both modalities.</param>
    /// <param name="hidden">The hidden layers.</param>
    /// <param name="layer">The fully connected layer of a name.</param>
    /// <param name="array">The array of a name.</param>
    /// <param name="voiceLength">Fv.</param>
    public SharedDecoderWeights ToWeights(
        RecipeStatistics statistics, IEnumerable<DenseLayer> hidden, Func<string, Activation, DenseLayer> layer,
        Func<string, NamedArray> array, int voiceLength) =>
        new(Output is null ? [.. hidden] : [.. hidden, layer("output", Activation.None)], statistics.Face, statistics.Voice)
        {
            FaceLength = FaceLength,
            VoiceLength = voiceLength,
            FaceBranch = Face?.ToWeights("face_branch", layer, array),
            VoiceBranch = Voice?.ToWeights("voice_branch", layer, array),
        };

    /// <summary>One modality's part: a fully connected layer to a small plane, and transposed convolutions.</summary>
    internal sealed record Branch(UpsamplingArchitecture Architecture, Linear Seed, LayerStack Layers)
    {
        public Tensor Forward(Tensor h, TrainingNoise? noise)
        {
            (TowerInput example, PlaneSize first) = (Architecture.Input, Architecture.Size);
            Tensor plane = Seed.forward(h).relu().reshape(h.shape[0], Architecture.Channels, first.Height, first.Width); // [B, C, h, w]
            Tensor y = Layers.Forward(plane, noise).narrow(3, 0, example.Columns); // [B, planes, H', W], or [B, bins, 1, T]
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
