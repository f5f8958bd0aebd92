using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CrossModalVae.Onnx;

/// <summary>Runs graphs in ONNX Runtime beside the trained model and measures how far they disagree.</summary>
public static class OnnxParity
{
    /// <summary>The largest disagreement of each graph at one batch size.</summary>
    /// <param name="graphs">The graphs.</param>
    /// <param name="weights">The model's weights; their statistics shape the random inputs.</param>
    /// <param name="reference">The model as its trainer computes it.</param>
    /// <param name="batchSize">Rows of the comparison, above 0.</param>
    /// <param name="seed">Seed of the random inputs.</param>
    /// <returns>For each graph max |graph - trainer| / max(1, |trainer|) over its outputs; NaN where either side gives one.</returns>
    /// <exception cref="DllNotFoundException">The application has no native ONNX Runtime; the message names the package to add.</exception>
    public static IReadOnlyList<ModelCardMeasurement> Measure(
        OnnxGraphs graphs, MultimodalVaeWeights weights, IMultimodalVaeReference reference, int batchSize, long seed)
    {
        ArgumentNullException.ThrowIfNull(graphs);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        NativeEngine.Require(() => _ = OrtEnv.Instance(), () => NativeEngine.OnnxRuntimeMissing);

        var random = new SeededRandom(seed);
        return
        [
            new(OnnxContract.VoiceEncoderFile, batchSize, MeasureEncoder(graphs.VoiceEncoder, weights.Voice, reference, batchSize, random)),
            new(OnnxContract.FaceEncoderFile, batchSize, MeasureEncoder(graphs.FaceEncoder, weights.Face, reference, batchSize, random)),
            new(OnnxContract.DecoderFile, batchSize, MeasureDecoder(graphs.Decoder, weights.Decoder, reference, batchSize, random)),
        ];
    }

    private static double MeasureEncoder(
        byte[] graph, GaussianEncoderWeights encoder, IMultimodalVaeReference reference, int batchSize, SeededRandom random)
    {
        float[] features = DrawFeatures(encoder.Statistics, batchSize, random); // [B, F]
        (float[] mean, float[] logVariance) = reference.Encode(encoder.Modality, features, batchSize);
        float[][] outputs = Run(
            graph,
            OnnxContract.Features(encoder.Modality),
            features,
            batchSize,
            OnnxContract.Mean(encoder.Modality),
            OnnxContract.LogVariance(encoder.Modality));
        return Math.Max(Disagreement(outputs[0], mean), Disagreement(outputs[1], logVariance));
    }

    private static double MeasureDecoder(
        byte[] graph, SharedDecoderWeights decoder, IMultimodalVaeReference reference, int batchSize, SeededRandom random)
    {
        var latent = new float[batchSize * decoder.LatentDimension]; // [B, D]
        for (int i = 0; i < latent.Length; i++)
        {
            latent[i] = (float)random.NextGaussian();
        }

        (float[] face, float[] voice) = reference.Decode(latent, batchSize);
        float[][] outputs = Run(
            graph,
            OnnxContract.Latent,
            latent,
            batchSize,
            OnnxContract.FaceReconstruction,
            OnnxContract.VoiceReconstruction);
        return Math.Max(Disagreement(outputs[0], face), Disagreement(outputs[1], voice));
    }

    private static float[] DrawFeatures(FeatureStatistics statistics, int batchSize, SeededRandom random)
    {
        int length = statistics.Length;
        var features = new float[batchSize * length];
        for (int i = 0; i < features.Length; i++)
        {
            features[i] = statistics.Mean[i % length] + (statistics.StandardDeviation[i % length] * (float)random.NextGaussian());
        }

        return features;
    }

    private static float[][] Run(byte[] graph, string input, float[] values, int batchSize, params string[] outputs)
    {
        using var session = new InferenceSession(graph);
        var tensor = new DenseTensor<float>(values, [batchSize, values.Length / batchSize]);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results =
            session.Run([NamedOnnxValue.CreateFromTensor(input, tensor)], outputs);
        return [.. results.Select(result => result.AsEnumerable<float>().ToArray())];
    }

    private static double Disagreement(float[] graph, float[] trainer)
    {
        if (graph.Length != trainer.Length)
        {
            throw new InvalidOperationException($"The graph gives {graph.Length} numbers; the trainer gives {trainer.Length}.");
        }

        double worst = 0;
        for (int i = 0; i < graph.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs((double)graph[i] - trainer[i]) / Math.Max(1.0, Math.Abs((double)trainer[i])));
        }

        return worst;
    }
}
