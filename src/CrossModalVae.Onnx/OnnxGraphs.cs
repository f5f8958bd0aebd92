using CrossModalVae.Towers;

namespace CrossModalVae.Onnx;

/// <summary>The files of a model's graphs, the decoder null where there is none. The same weights and hashes give the same bytes.</summary>
internal sealed record OnnxGraphs(byte[] VoiceEncoder, byte[] FaceEncoder, byte[]? Decoder)
{
    /// <summary>Builds the graphs of a model; the SHA-256 of the recipe as used, in hexadecimal, is written into their metadata.</summary>
    public static OnnxGraphs Build(MultimodalVaeWeights weights, string recipeHash)
    {
        string weightsHash = WeightsHash.Compute(weights);
        return new OnnxGraphs(
            BuildEncoder(weights.Voice, recipeHash, weightsHash),
            BuildEncoder(weights.Face, recipeHash, weightsHash),
            weights.Decoder is null ? null : BuildDecoder(weights.Decoder, recipeHash, weightsHash));
    }

    /// <summary>The encoder of a modality.</summary>
    public byte[] Encoder(Modality modality) => modality == Modality.Voice ? VoiceEncoder : FaceEncoder;

    /// <summary>Builds the encoders of an ensemble, each graph with all members.</summary>
    public static OnnxGraphs Build(Ensemble ensemble, string recipeHash, string weightsHash)
    {
        return new OnnxGraphs(Of(Modality.Voice, "voice"), Of(Modality.Face, "face"), Decoder: null);

        byte[] Of(Modality modality, string prefix)
        {
            GaussianEncoderWeights[] encoders = Encoders(ensemble, modality);
            var graph = new OnnxGraphBuilder($"{prefix}_encoder");
            string x = Input(graph, encoders[0]);
            Members(graph, ensemble, modality, x, OnnxContract.Mean(modality), OnnxContract.LogVariance(modality));
            graph.Output(
                OnnxContract.Mean(modality),
                Dimension(encoders),
                "the members' posterior means at unit length, scaled by the roots of their weights");
            graph.Output(OnnxContract.LogVariance(modality), Dimension(encoders), "log-variances, which an ensemble has not: 0");
            return graph.Build(
                $"The {prefix} encoders of an ensemble of {encoders.Length} models.",
                Metadata(OnnxContract.Role(OnnxContract.EncoderFile(modality)), recipeHash, weightsHash));
        }
    }

    /// <summary>Writes the posterior of one encoder, [B, D] each, on features of the graph.</summary>
    public static void Posterior(OnnxGraphBuilder graph, GaussianEncoderWeights encoder, string x, string mean, string logVariance)
    {
        var body = new EncoderGraph(graph, encoder, x, Prefix(encoder.Modality));
        body.Head(encoder.Mean, mean); // [B, D]
        body.Head(encoder.LogVariance, logVariance); // [B, D]
    }

    /// <summary>Writes the members' means side by side, [B, D], and log-variances of 0, on features of the graph.</summary>
    public static void Members(
        OnnxGraphBuilder graph, Ensemble ensemble, Modality modality, string x, string mean, string logVariance)
    {
        GaussianEncoderWeights[] encoders = Encoders(ensemble, modality);
        var parts = new List<string>();
        foreach ((int index, GaussianEncoderWeights encoder) in encoders.Index())
        {
            string own = $"{Prefix(modality)}_{index}";
            string head = new EncoderGraph(graph, encoder, x, own).Head(encoder.Mean, $"{own}_mean"); // [B, Di]
            parts.Add(graph.UnitLength(head, Ensemble.Scale(ensemble.Members[index]), own)); // [B, Di]
        }

        string all = graph.Node("Concat", mean, [.. parts], ("axis", 1)); // [B, D]
        string zeros = graph.Floats($"{Prefix(modality)}_zeros", new float[Dimension(encoders)]); // [D]
        graph.Node("Mul", logVariance, [all, zeros]); // [B, D]
    }

    private static GaussianEncoderWeights[] Encoders(Ensemble ensemble, Modality modality) =>
        [.. ensemble.Members.Select(member => modality == Modality.Voice ? member.Weights.Voice : member.Weights.Face)];

    private static int Dimension(GaussianEncoderWeights[] encoders) => encoders.Sum(encoder => encoder.LatentDimension);

    private static string Prefix(Modality modality) => modality == Modality.Voice ? "voice" : "face";

    private static byte[] BuildEncoder(GaussianEncoderWeights encoder, string recipeHash, string weightsHash)
    {
        string prefix = Prefix(encoder.Modality);
        string role = OnnxContract.Role(OnnxContract.EncoderFile(encoder.Modality));
        var graph = new OnnxGraphBuilder($"{prefix}_encoder");
        (string mean, string logVariance) = (OnnxContract.Mean(encoder.Modality), OnnxContract.LogVariance(encoder.Modality));
        Posterior(graph, encoder, Input(graph, encoder), mean, logVariance);
        graph.Output(mean, encoder.LatentDimension, "posterior mean");
        graph.Output(logVariance, encoder.LatentDimension, "posterior log-variance");
        return graph.Build(
            encoder.Posterior == PosteriorKind.Laplace
                ? $"The {prefix} encoder q(z|x) of an MMVAE, Laplace with this mean and log_variance a dimension."
                : $"The {prefix} encoder q(z|x) = N(mean, diag exp(log_variance)) of an MS-VAE.",
            Metadata(role, recipeHash, weightsHash));
    }

    private static string Input(OnnxGraphBuilder graph, GaussianEncoderWeights encoder) => graph.Input(
        OnnxContract.Features(encoder.Modality),
        encoder.Tower is null ? [encoder.InputCount] : TowerGraph.InputShape(encoder.Tower.Input),
        "features as the front end delivers them");

    private static byte[] BuildDecoder(SharedDecoderWeights decoder, string recipeHash, string weightsHash)
    {
        var graph = new OnnxGraphBuilder("decoder");
        (int faceCount, int voiceCount) = (decoder.FaceLength, decoder.VoiceLength);

        string z = graph.Input(OnnxContract.Latent, decoder.LatentDimension, "a latent point");
        (string face, string voice) = decoder.VoiceLayers is IReadOnlyList<DenseLayer> ofVoice
            ? OfTwo(graph, decoder, ofVoice, z)
            : Standardised(graph, decoder, z); // [B, Ff], [B, Fv]
        face = decoder.FaceIsLogit ? graph.Node("Sigmoid", "face_probability", [face]) : face;
        voice = decoder.VoiceIsLogit ? graph.Node("Sigmoid", "voice_probability", [voice]) : voice;
        FeatureStatistics faces = Spread(decoder.FaceStatistics, faceCount, blocks: true);
        FeatureStatistics voices = Spread(decoder.VoiceStatistics, voiceCount, blocks: false);
        string faceOut = graph.Restore(face, faces, "face", OnnxContract.FaceReconstruction); // [B, Ff]
        string voiceOut = graph.Restore(voice, voices, "voice", OnnxContract.VoiceReconstruction); // [B, Fv]
        graph.Output(faceOut, faceCount, "face features in the front end's units");
        graph.Output(voiceOut, voiceCount, "voice features in the front end's units");
        return graph.Build(
            decoder.PrivateDimension == 0
                ? "The shared decoder of an MS-VAE: both modalities from one latent point."
                : "The decoders of both modalities, each of the shared and its own private part of a latent point [shared, voice, face].",
            Metadata(OnnxContract.Role(OnnxContract.DecoderFile), recipeHash, weightsHash));
    }

    private const string Face = "face_standardised";
    private const string Voice = "voice_standardised";

    // Each modality's network, of z = [u, w_voice, w_face] that of the face takes [u, w_face] and that of the voice [u, w_voice].
    private static (string Face, string Voice) OfTwo(
        OnnxGraphBuilder graph, SharedDecoderWeights decoder, IReadOnlyList<DenseLayer> ofVoice, string z)
    {
        int p = decoder.PrivateDimension, d = decoder.LatentDimension - (2 * p);
        string shared = Columns("shared", 0, d), voice = Columns("voice_latent", 0, d + p);
        string face = graph.Node("Concat", "face_latent", [shared, Columns("face_private", d + p, d + (2 * p))], ("axis", 1)); // [B, D + P]
        return (
            One(face, decoder.Layers, decoder.FaceBranch, "face_decoder", Face),
            One(voice, ofVoice, decoder.VoiceBranch, "voice_decoder", Voice));

        string Columns(string output, int from, int to) => graph.Node("Slice", output,
        [
            z, graph.Integers($"{output}_from", [from]), graph.Integers($"{output}_to", [to]), graph.Integers($"{output}_axis", [1]),
        ]);

        string One(string h, IReadOnlyList<DenseLayer> layers, UpsamplingWeights? branch, string prefix, string output)
        {
            foreach ((int i, DenseLayer layer) in layers.Index())
            {
                h = graph.Dense(h, layer, branch is null && i == layers.Count - 1 ? output : $"{prefix}_hidden_{i}"); // [B, width]
            }

            return branch is null ? h : Upsample(graph, branch, h, output);
        }
    }

    // A modality without a branch of its own takes the last layer's numbers; a branch starts before that layer.
    private static (string Face, string Voice) Standardised(OnnxGraphBuilder graph, SharedDecoderWeights decoder, string z)
    {
        string last = z, hidden = z; // hidden: before the last layer, where that gives numbers
        for (int i = 0; i < decoder.Layers.Count; i++)
        {
            hidden = last;
            last = graph.Dense(last, decoder.Layers[i], $"decoder_hidden_{i}"); // [B, width]
        }

        return (decoder.FaceBranch, decoder.VoiceBranch) switch
        {
            (null, null) => graph.Split(last, decoder.FaceLength, decoder.VoiceLength, Face, Voice),
            (UpsamplingWeights face, UpsamplingWeights voice) => (Upsample(graph, face, last, Face), Upsample(graph, voice, last, Voice)),
            (UpsamplingWeights face, null) => (Upsample(graph, face, hidden, Face), last),
            (null, UpsamplingWeights voice) => (last, Upsample(graph, voice, hidden, Voice)),
        };
    }

    private static string Upsample(OnnxGraphBuilder graph, UpsamplingWeights branch, string h, string output)
    {
        (UpsamplingArchitecture architecture, TowerInput example) = (branch.Architecture, branch.Architecture.Input);
        bool isVoice = example.Modality == Modality.Voice;
        var layers = new LayerGraph(graph, branch.Layers, isVoice ? "voice_branch" : "face_branch");
        string seed = graph.Dense(h, branch.Seed, layers.Next()); // [B, C h w]
        long[] first = [-1, architecture.Channels, architecture.Size.Height, architecture.Size.Width];
        string plane = graph.Node("Reshape", layers.Next(), [seed, graph.Integers(layers.Next(), first)]); // [B, C, h, w]
        string y = layers.Walk(architecture.Layers, plane); // [B, planes, H', W'], or [B, bins, 1, T']
        long[] sizes = isVoice ? [1, example.Columns] : [example.Rows, example.Columns];
        string[] cut =
        [
            y, graph.Integers(layers.Next(), [0, 0]), graph.Integers(layers.Next(), sizes), graph.Integers(layers.Next(), [2, 3]),
        ];
        y = graph.Node("Slice", layers.Next(), cut); // [B, planes, H, W], or [B, bins, 1, T]
        if (isVoice)
        {
            y = graph.Node("Transpose", layers.Next(), [y], ("perm", new long[] { 0, 2, 3, 1 })); // [B, 1, T, bins]
        }

        return graph.Node("Flatten", output, [y], ("axis", 1));
    }

    // One statistic for every number: a tower's are one a plane (blocks) or one a bin (repeated).
    private static FeatureStatistics Spread(FeatureStatistics statistics, int count, bool blocks)
    {
        int share = count / statistics.Length;
        return statistics with { Mean = Of(statistics.Mean), StandardDeviation = Of(statistics.StandardDeviation) };

        float[] Of(float[] own) => [.. Enumerable.Range(0, count).Select(i => own[blocks ? i / share : i % own.Length])];
    }

    /// <summary>What every graph of a model says of itself.</summary>
    public static Dictionary<string, string> Metadata(string role, string recipeHash, string weightsHash) => new()
    {
        [OnnxContract.SchemaKey] = OnnxContract.Schema,
        [OnnxContract.RoleKey] = role,
        [OnnxContract.RecipeHashKey] = recipeHash,
        [OnnxContract.WeightsHashKey] = weightsHash,
        [OnnxContract.ToleranceKey] = OnnxContract.Tolerance.ToString("R", CultureInfo.InvariantCulture),
    };
}
