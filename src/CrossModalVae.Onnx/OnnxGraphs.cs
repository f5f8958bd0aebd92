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

    private static byte[] BuildEncoder(GaussianEncoderWeights encoder, string recipeHash, string weightsHash)
    {
        string prefix = encoder.Modality == Modality.Voice ? "voice" : "face";
        string role = OnnxContract.Role(OnnxContract.EncoderFile(encoder.Modality));
        var graph = new OnnxGraphBuilder($"{prefix}_encoder");

        string rows = Standardised(graph, encoder, prefix);
        TowerGraph? tower = encoder.Tower is null ? null : new TowerGraph(graph, encoder.Tower, prefix);
        string h = tower is null ? rows : tower.Layers(tower.Examples(rows)); // [B, F], or [K B, F'] for K examples a clip
        for (int i = 0; i < encoder.Hidden.Count; i++)
        {
            h = graph.Dense(h, encoder.Hidden[i], $"{prefix}_hidden_{i}"); // [K B, width]
        }

        Head(encoder.Mean, OnnxContract.Mean(encoder.Modality), "posterior mean"); // [B, D]
        Head(encoder.LogVariance, OnnxContract.LogVariance(encoder.Modality), "posterior log-variance"); // [B, D]

        void Head(DenseLayer layer, string output, string description)
        {
            bool several = encoder.Tower?.Input.ScoresSeveral == true;
            string head = graph.Dense(h, layer, several ? $"{output}_of_examples" : output);
            graph.Output(several ? tower!.Average(head, rows, layer.OutputCount, output) : head, layer.OutputCount, description);
        }

        return graph.Build(
            $"The {prefix} encoder q(z|x) = N(mean, diag exp(log_variance)) of an MS-VAE.", Metadata(role, recipeHash, weightsHash));
    }

    private static string Standardised(OnnxGraphBuilder graph, GaussianEncoderWeights encoder, string prefix)
    {
        string name = OnnxContract.Features(encoder.Modality);
        const string Description = "features as the front end delivers them";
        if (encoder.Tower is null)
        {
            return graph.Standardise(graph.Input(name, encoder.InputCount, Description), encoder.Statistics, prefix); // [B, F]
        }

        string x = graph.Input(name, TowerGraph.InputShape(encoder.Tower.Input), Description);
        int[] shape = encoder.Modality == Modality.Voice ? [] : [encoder.Statistics.Length, 1, 1];
        return graph.Standardise(x, encoder.Statistics, prefix, shape); // [B, frames, bins], [B, planes, height, width] or [B, N, ...]
    }

    private static byte[] BuildDecoder(SharedDecoderWeights decoder, string recipeHash, string weightsHash)
    {
        var graph = new OnnxGraphBuilder("decoder");
        (int faceCount, int voiceCount) = (decoder.FaceLength, decoder.VoiceLength);

        string h = graph.Input(OnnxContract.Latent, decoder.LatentDimension, "a latent point");
        for (int i = 0; i < decoder.Layers.Count; i++)
        {
            h = graph.Dense(h, decoder.Layers[i], $"decoder_hidden_{i}"); // [B, width]
        }

        (string face, string voice) = graph.Split(h, faceCount, voiceCount, "face_standardised", "voice_standardised");
        string faceOut = graph.Restore(face, Spread(decoder.FaceStatistics, faceCount, blocks: true), "face", OnnxContract.FaceReconstruction); // [B, Ff]
        string voiceOut = graph.Restore(voice, Spread(decoder.VoiceStatistics, voiceCount, blocks: false), "voice", OnnxContract.VoiceReconstruction); // [B, Fv]
        graph.Output(faceOut, faceCount, "face features in the front end's units");
        graph.Output(voiceOut, voiceCount, "voice features in the front end's units");
        return graph.Build(
            "The shared decoder of an MS-VAE: both modalities from one latent point.",
            Metadata(OnnxContract.Role(OnnxContract.DecoderFile), recipeHash, weightsHash));
    }

    // One statistic for every number: a tower's are one a plane (blocks) or one a bin (repeated).
    private static FeatureStatistics Spread(FeatureStatistics statistics, int count, bool blocks)
    {
        int share = count / statistics.Length;
        return statistics with { Mean = Of(statistics.Mean), StandardDeviation = Of(statistics.StandardDeviation) };

        float[] Of(float[] own) => [.. Enumerable.Range(0, count).Select(i => own[blocks ? i / share : i % own.Length])];
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
