namespace CrossModalVae.Onnx;

/// <summary>The files of a model's three graphs. The same weights and hashes give the same bytes.</summary>
internal sealed record OnnxGraphs(byte[] VoiceEncoder, byte[] FaceEncoder, byte[] Decoder)
{
    /// <summary>Builds the graphs of a model; the SHA-256 of the recipe as used, in hexadecimal, is written into their metadata.</summary>
    public static OnnxGraphs Build(MultimodalVaeWeights weights, string recipeHash)
    {
        string weightsHash = WeightsHash.Compute(weights);
        return new OnnxGraphs(
            BuildEncoder(weights.Voice, recipeHash, weightsHash),
            BuildEncoder(weights.Face, recipeHash, weightsHash),
            BuildDecoder(weights.Decoder, recipeHash, weightsHash));
    }

    private static byte[] BuildEncoder(GaussianEncoderWeights encoder, string recipeHash, string weightsHash)
    {
        string prefix = encoder.Modality == Modality.Voice ? "voice" : "face";
        string role = OnnxContract.Role(OnnxContract.EncoderFile(encoder.Modality));
        var graph = new OnnxGraphBuilder($"{prefix}_encoder");

        string h = graph.Input(OnnxContract.Features(encoder.Modality), encoder.InputCount, "features as the front end delivers them");
        h = graph.Standardise(h, encoder.Statistics, prefix); // [B, F]
        for (int i = 0; i < encoder.Hidden.Count; i++)
        {
            h = graph.Dense(h, encoder.Hidden[i], $"{prefix}_hidden_{i}"); // [B, width]
        }

        string mean = graph.Dense(h, encoder.Mean, OnnxContract.Mean(encoder.Modality)); // [B, D]
        string logVariance = graph.Dense(h, encoder.LogVariance, OnnxContract.LogVariance(encoder.Modality)); // [B, D]
        graph.Output(mean, encoder.LatentDimension, "posterior mean");
        graph.Output(logVariance, encoder.LatentDimension, "posterior log-variance");
        return graph.Build(
            $"The {prefix} encoder q(z|x) = N(mean, diag exp(log_variance)) of an MS-VAE.", Metadata(role, recipeHash, weightsHash));
    }

    private static byte[] BuildDecoder(SharedDecoderWeights decoder, string recipeHash, string weightsHash)
    {
        var graph = new OnnxGraphBuilder("decoder");
        int faceCount = decoder.FaceStatistics.Length;
        int voiceCount = decoder.VoiceStatistics.Length;

        string h = graph.Input(OnnxContract.Latent, decoder.LatentDimension, "a latent point");
        for (int i = 0; i < decoder.Layers.Count; i++)
        {
            h = graph.Dense(h, decoder.Layers[i], $"decoder_hidden_{i}"); // [B, width]
        }

        (string face, string voice) = graph.Split(h, faceCount, voiceCount, "face_standardised", "voice_standardised");
        string faceOut = graph.Restore(face, decoder.FaceStatistics, "face", OnnxContract.FaceReconstruction); // [B, Ff]
        string voiceOut = graph.Restore(voice, decoder.VoiceStatistics, "voice", OnnxContract.VoiceReconstruction); // [B, Fv]
        graph.Output(faceOut, faceCount, "face features in the front end's units");
        graph.Output(voiceOut, voiceCount, "voice features in the front end's units");
        return graph.Build(
            "The shared decoder of an MS-VAE: both modalities from one latent point.",
            Metadata(OnnxContract.Role(OnnxContract.DecoderFile), recipeHash, weightsHash));
    }

    private static Dictionary<string, string> Metadata(string role, string recipeHash, string weightsHash) => new()
    {
        [OnnxContract.SchemaKey] = OnnxContract.Schema,
        [OnnxContract.RoleKey] = role,
        [OnnxContract.RecipeHashKey] = recipeHash,
        [OnnxContract.WeightsHashKey] = weightsHash,
        [OnnxContract.ToleranceKey] = OnnxContract.Tolerance.ToString("R", CultureInfo.InvariantCulture),
    };
}
