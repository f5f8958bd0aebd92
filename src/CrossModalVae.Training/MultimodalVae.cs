using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// MS-VAE (after Zhu et al., arXiv 2102.03424, ICASSP 2021): one encoder per modality and ONE decoder that both share and that gives both
/// modalities, [x_face; x_voice] = D(z), so that a voice's z also decodes to a face and back. Works on standardised features.
/// </summary>
/// <remarks>
/// Weights start as PyTorch's linear layers do, uniform in +-1/sqrt(inputs) (convolutions: He et al. 2015), drawn from the library's own
/// generator by seed and layer name, so that they are the same on every device and version of libtorch.
/// </remarks>
internal sealed class MultimodalVae : nn.Module
{
    private readonly GaussianEncoder _voice;
    private readonly GaussianEncoder _face;
    private readonly SharedDecoder? _decoder;

    /// <summary>Builds networks without towers for Fv voice and Ff face features with seeded weights on the CPU.</summary>
    /// <exception cref="DllNotFoundException">The application has no libtorch that loads; the message names the package to add.</exception>
    public MultimodalVae(ModelOptions options, int voiceLength, int faceLength, long seed)
        : this(options, EncoderInput.Flat(Modality.Voice, voiceLength), EncoderInput.Flat(Modality.Face, faceLength), seed)
    {
    }

    /// <summary>Builds the networks that an objective needs (default: all of MS-VAE's), with seeded weights on the CPU.</summary>
    /// <exception cref="DllNotFoundException">The application has no libtorch that loads; the message names the package to add.</exception>
    public MultimodalVae(ModelOptions options, EncoderInput voice, EncoderInput face, long seed, ObjectiveOptions? objective = null)
        : base(NameOnceLoaded())
    {
        Options = options;
        (Voice, Face) = (voice, face);
        bool isConditional = objective?.Bound == BoundKind.Conditional;
        _voice = new GaussianEncoder(voice, options.VoiceHidden, options, isConditional);
        _face = new GaussianEncoder(face, options.FaceHidden, options, isConditional);
        register_module("voice", _voice);
        register_module("face", _face);
        if (objective?.HasDecoder != false)
        {
            _decoder = SharedDecoder.Create(options, voice, face, register_module);
        }

        if (objective?.Bound == BoundKind.MmvaePlus)
        {
            register_parameter(PrivatePriorName(Modality.Voice), new Parameter(zeros(options.PrivateDimension)));
            register_parameter(PrivatePriorName(Modality.Face), new Parameter(zeros(options.PrivateDimension)));
        }

        Find();
        TensorArrays.CopyTo(InitialWeights(seed), Weights.Select(entry => (entry.Name, (Tensor)entry.Value)));
    }

    public ModelOptions Options { get; }

    /// <summary>How a voice's features are read.</summary>
    public EncoderInput Voice { get; }

    /// <summary>How a face's features are read.</summary>
    public EncoderInput Face { get; }

    /// <summary>Numbers of a voice that is decoded, all features of one example.</summary>
    public int VoiceLength => Voice.ExampleLength;

    /// <summary>Numbers of a face that is decoded, all features of one example.</summary>
    public int FaceLength => Face.ExampleLength;

    /// <summary>The parameters in the order the optimiser has them.</summary>
    public IReadOnlyList<(string Name, Parameter Value)> Weights { get; private set; } = [];

    /// <summary>What is kept beside the parameters without gradients: the running statistics of batch normalisation.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Buffers { get; private set; } = [];

    private IEnumerable<(string Name, Tensor Value)> NamedTensors =>
        Weights.Select(entry => (entry.Name, (Tensor)entry.Value)).Concat(Buffers);

    /// <summary>
    /// q(z|x) of standardised examples, [B, Fv] or [B, Ff], or as the modality's tower takes them. With noise it is a step of training:
    /// units are dropped, and batch normalisation uses the batch's statistics.
    /// </summary>
    public GaussianPosterior Encode(Modality modality, Tensor features, TrainingNoise? noise = null) => modality switch
    {
        Modality.Voice => _voice.Encode(features, noise),
        Modality.Face => _face.Encode(features, noise),
        _ => throw new ArgumentOutOfRangeException(nameof(modality), modality, "An encoder takes the voice or the face."),
    };

    /// <summary>The same, and what the heads took, [B, H].</summary>
    public (GaussianPosterior Posterior, Tensor Hidden) EncodeHidden(Modality modality, Tensor features, TrainingNoise? noise = null) =>
        EncoderOf(modality).EncodeHidden(features, noise);

    /// <summary>
    /// q(w|x) of a modality's private part, of what its heads took; of the conditional bound q(w|x, c), c the other modality's embedding;
    /// null where the architecture has none.
    /// </summary>
    public GaussianPosterior? Private(Modality modality, Tensor hidden, Tensor? condition = null) =>
        EncoderOf(modality).Private(hidden, condition);

    /// <summary>
    /// r(w) of MMVAE+, from which a modality's private part is drawn where the other modality is encoded: mean 0, its variances learned;
    /// [rows, P].
    /// </summary>
    public GaussianPosterior PrivatePrior(Modality modality, long rows)
    {
        Tensor own = Weights.Single(entry => entry.Name == PrivatePriorName(modality)).Value; // [P]
        Tensor logVariance = own.expand(rows, Options.PrivateDimension); // [rows, P]
        return new GaussianPosterior(zeros_like(logVariance), logVariance);
    }

    /// <summary>q(z|clip) of standardised rows [B, F] as clips are scored: a tower's examples of a clip are averaged.</summary>
    public GaussianPosterior Score(Modality modality, Tensor rows) => modality switch
    {
        Modality.Voice => _voice.Score(rows),
        Modality.Face => _face.Score(rows),
        _ => throw new ArgumentOutOfRangeException(nameof(modality), modality, "An encoder takes the voice or the face."),
    };

    /// <summary>What the heads take of standardised rows [B, F] as clips are scored, [B, H].</summary>
    public Tensor ScoredHidden(Modality modality, Tensor rows) => EncoderOf(modality).ScoredHidden(rows);

    /// <summary>H, what the heads of a modality's encoder take.</summary>
    public int HiddenCount(Modality modality) => EncoderOf(modality).HiddenCount;

    /// <summary>Whether a weight is one of an encoder's tower or hidden layers.</summary>
    public static bool IsBody(string name) => (name.StartsWith("voice.", StringComparison.Ordinal)
        || name.StartsWith("face.", StringComparison.Ordinal)) && !IsHead(name);

    /// <summary>Whether a weight is one of a head, mean or log-variance.</summary>
    public static bool IsHead(string name) => name.Split('.') is ["voice" or "face", "mean" or "log_variance", _] || IsPrivateHead(name);

    /// <summary>Whether a weight is one of a private part's heads.</summary>
    public static bool IsPrivateHead(string name) => name.Split('.') is ["voice" or "face", "private_mean" or "private_log_variance", _];

    /// <summary>Keeps towers and hidden layers as they are in training, or trains them again.</summary>
    /// <param name="frozen">Whether to keep them.</param>
    /// <param name="isMeant">Whether a weight is one of them.</param>
    public void Freeze(bool frozen, Func<string, bool> isMeant)
    {
        (_voice.IsFrozen, _face.IsFrozen) = (frozen && isMeant("voice.tower."), frozen && isMeant("face.tower."));
        foreach ((_, Parameter value) in Weights.Where(entry => isMeant(entry.Name)))
        {
            value.requires_grad = !frozen;
        }
    }

    /// <summary>Gives a tower's batch normalisation statistics: see <see cref="LayerStack.Recover"/>.</summary>
    public void RecoverNormalisation(Modality modality, Action encode) => EncoderOf(modality).RecoverNormalisation(encode);

    private GaussianEncoder EncoderOf(Modality modality) => modality == Modality.Voice ? _voice : _face;

    /// <summary>
    /// D(z), standardised [face; voice], of z [B, D], with private parts [B, D + 2 P]: shared, the voice's, the face's; without noise no
    /// dropout.
    /// </summary>
    public Tensor Decode(Tensor latent, TrainingNoise? noise = null) => _decoder!.Forward(latent, noise); // [B, Ff + Fv]

    /// <summary>Whether there is a D.</summary>
    public bool HasDecoder => _decoder is not null;

    public void MoveTo(Device device)
    {
        this.to(device);
        Find();
    }

    /// <summary>The weights as plain numbers by name, "voice.hidden.0.weight".</summary>
    public Dictionary<string, NamedArray> ReadWeights() =>
        NamedTensors.ToDictionary(entry => entry.Name, entry => entry.Value.ToNamedArray(), StringComparer.Ordinal);

    /// <summary>Overwrites the weights by a safetensors file's; names and shapes must be this architecture's.</summary>
    /// <exception cref="InvalidDataException">
    /// The file is broken, or a weight is missing, superfluous or of another shape; the message names the file.
    /// </exception>
    public void LoadWeights(string path) => TensorArrays.Load(path, NamedTensors);

    /// <summary>The weights as the exporter takes them.</summary>
    public MultimodalVaeWeights ToWeights(RecipeStatistics statistics)
    {
        Dictionary<string, NamedArray> weights = ReadWeights();
        return new MultimodalVaeWeights(
            Encoder(Voice, "voice", Options.VoiceHidden.Count, statistics.Voice),
            Encoder(Face, "face", Options.FaceHidden.Count, statistics.Face),
            _decoder?.ToWeights(statistics, prefix => Hidden(prefix, Options.DecoderHidden.Count), Layer, name => weights[name]));

        GaussianEncoderWeights Encoder(EncoderInput input, string prefix, int hiddenCount, FeatureStatistics own) => new(
            input.Modality,
            own,
            [.. Hidden($"{prefix}.hidden", hiddenCount)],
            Layer($"{prefix}.mean", Activation.None),
            Layer($"{prefix}.log_variance", Activation.None))
        {
            Tower = input.Tower is null ? null : new TowerWeights(
                input, LayerWeights.Fold(input.Tower.Layers, name => weights[$"{prefix}.tower.{name}"])),
        };

        IEnumerable<DenseLayer> Hidden(string prefix, int count) =>
            Enumerable.Range(0, count).Select(i => Layer($"{prefix}.{i}", Options.Activation));

        DenseLayer Layer(string name, Activation activation)
        {
            NamedArray weight = weights[$"{name}.weight"]; // [out, in]
            return new DenseLayer(weight.Values, weights[$"{name}.bias"].Values, (int)weight.Shape[1], (int)weight.Shape[0], activation);
        }
    }

    // The base's constructor is the first call into libtorch.
    private static string NameOnceLoaded()
    {
        TorchLibrary.Require();
        return nameof(MultimodalVae);
    }

    private void Find()
    {
        _voice.Refresh();
        _face.Refresh();
        _decoder?.Refresh();
        Weights = [.. named_parameters().Select(entry => (entry.name, entry.parameter))];
        Buffers = [.. named_buffers().Select(entry => (entry.name, entry.buffer))];
    }

    private static string PrivatePriorName(Modality modality) => $"private_prior_{EnumText.Of(modality)}_log_variance";

    // Uniform in +-1/sqrt(inputs) as PyTorch's linear layers, +-sqrt(6/inputs) for convolutions before a ReLU (He et al. 2015); batch
    // normalisation starts as the identity.
    private Dictionary<string, NamedArray> InitialWeights(long seed)
    {
        Dictionary<string, long[]> shapes = Weights.ToDictionary(entry => entry.Name, entry => entry.Value.shape);
        return shapes.ToDictionary(entry => entry.Key, entry =>
        {
            var values = new float[entry.Value.Aggregate(1L, (product, size) => product * size)];
            if (!entry.Key.Contains('.', StringComparison.Ordinal))
            {
                return new NamedArray(entry.Value, values); // a prior's log-variances
            }

            string layer = entry.Key[..entry.Key.LastIndexOf('.')];
            long[] weight = shapes[$"{layer}.weight"];
            if (weight.Length == 1)
            {
                Array.Fill(values, entry.Key.EndsWith(".weight", StringComparison.Ordinal) ? 1f : 0f);
                return new NamedArray(entry.Value, values);
            }

            double bound = weight.Length == 4 ? Math.Sqrt(6.0 / (weight[1] * weight[2] * weight[3])) : 1.0 / Math.Sqrt(weight[1]);
            SeededRandom random = SeededRandom.For(seed, $"weights/{entry.Key}");
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)random.NextDouble(-bound, bound);
            }

            return new NamedArray(entry.Value, values);
        });
    }
}
