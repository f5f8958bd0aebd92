using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// MS-VAE (after Zhu et al., arXiv 2102.03424, ICASSP 2021): one encoder per modality and ONE decoder that both share and that gives both
/// modalities, [x_face; x_voice] = D(z), so that a voice's z also decodes to a face and back. Works on standardised features.
/// </summary>
/// <remarks>
/// Weights start as PyTorch's linear layers do, uniform in +-1/sqrt(inputs), drawn from the library's own generator by seed and layer name,
/// so that every engine starts from the same numbers.
/// </remarks>
public sealed class MultimodalVae : nn.Module
{
    private readonly GaussianEncoder _voice;
    private readonly GaussianEncoder _face;
    private readonly DenseStack _decoder;
    private readonly Linear _output;

    /// <summary>Builds the networks with seeded weights on the CPU.</summary>
    /// <param name="options">The architecture.</param>
    /// <param name="voiceLength">Fv, features of a voice.</param>
    /// <param name="faceLength">Ff, features of a face.</param>
    /// <param name="seed">Seed of the weights.</param>
    /// <exception cref="DllNotFoundException">The application has no libtorch that loads; the message names the package to add.</exception>
    public MultimodalVae(ModelOptions options, int voiceLength, int faceLength, long seed)
        : base(NameOnceLoaded())
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        VoiceLength = voiceLength;
        FaceLength = faceLength;
        _voice = new GaussianEncoder(voiceLength, options.VoiceHidden, options);
        _face = new GaussianEncoder(faceLength, options.FaceHidden, options);
        _decoder = new DenseStack(options.LatentDimension, options.DecoderHidden, options.Activation, options.Dropout);
        _output = nn.Linear(_decoder.OutputCount, faceLength + voiceLength);
        register_module("voice", _voice);
        register_module("face", _face);
        register_module("decoder", _decoder);
        register_module("output", _output);
        Weights = [.. named_parameters().Select(entry => (entry.name, entry.parameter))];
        Arrays.Write(InitialWeights(seed), NamedTensors);
    }

    // The base's constructor is the first call into libtorch.
    private static string NameOnceLoaded()
    {
        TorchLibrary.Require();
        return nameof(MultimodalVae);
    }

    /// <summary>The architecture.</summary>
    public ModelOptions Options { get; }

    /// <summary>Fv, features of a voice.</summary>
    public int VoiceLength { get; }

    /// <summary>Ff, features of a face.</summary>
    public int FaceLength { get; }

    /// <summary>The parameters in the order the optimiser has them.</summary>
    internal IReadOnlyList<(string Name, Parameter Value)> Weights { get; private set; }

    /// <summary>q(z|x) of standardised features; no dropout.</summary>
    /// <param name="modality">Voice or face.</param>
    /// <param name="features">[B, Fv] or [B, Ff].</param>
    /// <returns>Posteriors of B rows and D dimensions.</returns>
    public GaussianPosterior Encode(Modality modality, Tensor features) => Encode(modality, features, noise: null);

    /// <summary>D(z): standardised [face; voice]; no dropout.</summary>
    /// <param name="latent">[B, D].</param>
    /// <returns>[B, Ff + Fv], face first.</returns>
    public Tensor Decode(Tensor latent) => Decode(latent, noise: null);

    internal GaussianPosterior Encode(Modality modality, Tensor features, TrainingNoise? noise) => modality switch
    {
        Modality.Voice => _voice.Encode(features, noise),
        Modality.Face => _face.Encode(features, noise),
        _ => throw new ArgumentOutOfRangeException(nameof(modality), modality, "An encoder takes the voice or the face."),
    };

    internal Tensor Decode(Tensor latent, TrainingNoise? noise) => _output.forward(_decoder.Forward(latent, noise)); // [B, Ff + Fv]

    internal void MoveTo(Device device)
    {
        this.to(device);
        Weights = [.. named_parameters().Select(entry => (entry.name, entry.parameter))];
    }

    /// <summary>The weights as plain numbers by name, "voice.hidden.0.weight".</summary>
    internal Dictionary<string, NamedArray> ReadWeights() =>
        Weights.ToDictionary(entry => entry.Name, entry => Arrays.Read(entry.Value), StringComparer.Ordinal);

    /// <summary>Overwrites the weights by a safetensors file's; names and shapes must be this architecture's.</summary>
    /// <exception cref="InvalidDataException">
    /// The file is broken, or a weight is missing, superfluous or of another shape; the message names the file.
    /// </exception>
    internal void LoadWeights(string path) => Arrays.Load(path, NamedTensors);

    private IEnumerable<(string Name, Tensor Value)> NamedTensors => Weights.Select(entry => (entry.Name, (Tensor)entry.Value));

    /// <summary>The weights as the exporter takes them.</summary>
    internal (IReadOnlyList<DenseLayer> Hidden, DenseLayer Mean, DenseLayer LogVariance) EncoderLayers(Modality modality)
    {
        Dictionary<string, NamedArray> weights = ReadWeights();
        string prefix = modality == Modality.Voice ? "voice" : "face";
        int count = (modality == Modality.Voice ? Options.VoiceHidden : Options.FaceHidden).Count;
        return (
            [.. Enumerable.Range(0, count).Select(i => Layer(weights, $"{prefix}.hidden.{i}", Options.Activation))],
            Layer(weights, $"{prefix}.mean", Activation.None),
            Layer(weights, $"{prefix}.log_variance", Activation.None));
    }

    internal IReadOnlyList<DenseLayer> DecoderLayers()
    {
        Dictionary<string, NamedArray> weights = ReadWeights();
        return
        [
            .. Enumerable.Range(0, Options.DecoderHidden.Count).Select(i => Layer(weights, $"decoder.{i}", Options.Activation)),
            Layer(weights, "output", Activation.None),
        ];
    }

    private static DenseLayer Layer(Dictionary<string, NamedArray> weights, string name, Activation activation)
    {
        NamedArray weight = weights[$"{name}.weight"]; // [out, in]
        return new DenseLayer(weight.Values, weights[$"{name}.bias"].Values, (int)weight.Shape[1], (int)weight.Shape[0], activation);
    }

    private Dictionary<string, NamedArray> InitialWeights(long seed)
    {
        Dictionary<string, long[]> shapes = Weights.ToDictionary(entry => entry.Name, entry => entry.Value.shape);
        return shapes.ToDictionary(entry => entry.Key, entry =>
        {
            string layer = entry.Key[..entry.Key.LastIndexOf('.')];
            double bound = 1.0 / Math.Sqrt(shapes[$"{layer}.weight"][1]);
            SeededRandom random = SeededRandom.For(seed, $"weights/{entry.Key}");
            var values = new float[entry.Value.Aggregate(1L, (product, size) => product * size)];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)random.NextDouble(-bound, bound);
            }

            return new NamedArray(entry.Value, values);
        });
    }
}
