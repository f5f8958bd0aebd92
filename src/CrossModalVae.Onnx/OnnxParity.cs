using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CrossModalVae.Onnx;

/// <summary>Runs graphs in ONNX Runtime beside the trained model and measures their largest difference.</summary>
internal static class OnnxParity
{
    /// <summary>
    /// For each graph max |graph - trainer| / max(1, |trainer|) over its outputs, NaN where either gives one, on a batch of seeded random
    /// inputs that the model's statistics shape.
    /// </summary>
    /// <exception cref="DllNotFoundException">The application has no native ONNX Runtime; the message names the package to add.</exception>
    public static IReadOnlyList<ModelCardMeasurement> Measure(
        OnnxGraphs graphs, MultimodalVaeWeights weights, IMultimodalVaeReference reference, int batchSize, long seed)
    {
        NativeEngine.Require(() => _ = OrtEnv.Instance(), () => NativeEngine.OnnxRuntimeMissing);
        var random = new SeededRandom(seed);
        ModelCardMeasurement[] encoders =
        [
            new(OnnxContract.VoiceEncoderFile, batchSize, MeasureEncoder(graphs.VoiceEncoder, weights.Voice)),
            new(OnnxContract.FaceEncoderFile, batchSize, MeasureEncoder(graphs.FaceEncoder, weights.Face)),
        ];
        return graphs.Decoder is null || weights.Decoder is null
            ? encoders
            : [.. encoders, new(OnnxContract.DecoderFile, batchSize, MeasureDecoder(graphs.Decoder, weights.Decoder.LatentDimension))];

        double MeasureEncoder(byte[] graph, GaussianEncoderWeights encoder)
        {
            Modality modality = encoder.Modality;
            float[] features = DrawFeatures(encoder, batchSize, random); // [B, F]
            (float[] mean, float[] logVariance) = reference.Encode(modality, features, batchSize);
            string[] outputs = [OnnxContract.Mean(modality), OnnxContract.LogVariance(modality)];
            float[][] found = Run(graph, OnnxContract.Features(modality), features, [batchSize, .. InputShape(encoder)], outputs);
            return Math.Max(Difference(found[0], mean), Difference(found[1], logVariance));
        }

        double MeasureDecoder(byte[] graph, int latentDimension)
        {
            int count = batchSize * latentDimension;
            float[] latent = [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())]; // [B, D]
            (float[] face, float[] voice) = reference.Decode(latent, batchSize);
            string[] outputs = [OnnxContract.FaceReconstruction, OnnxContract.VoiceReconstruction];
            float[][] found = Run(graph, OnnxContract.Latent, latent, [batchSize, latentDimension], outputs);
            return Math.Max(Difference(found[0], face), Difference(found[1], voice));
        }
    }

    /// <summary>What the trainer gives for one seeded row a modality, for the card.</summary>
    public static ModelCardExample Example(MultimodalVaeWeights weights, IMultimodalVaeReference reference, long seed) =>
        Example(weights, (encoder, row) => reference.Encode(encoder.Modality, row, 1).Mean, seed);

    /// <summary>What graphs give for the same rows.</summary>
    public static ModelCardExample Example(MultimodalVaeWeights weights, OnnxGraphs graphs, long seed) =>
        Example(weights, (encoder, row) => Encode(graphs, encoder, row, 1).Mean, seed);

    /// <summary>What an encoder's graph gives for features, [B, F] to [B, D] each.</summary>
    public static (float[] Mean, float[] LogVariance) Encode(
        OnnxGraphs graphs, GaussianEncoderWeights encoder, float[] features, int batchSize)
    {
        Modality modality = encoder.Modality;
        string[] outputs = [OnnxContract.Mean(modality), OnnxContract.LogVariance(modality)];
        int[] shape = [batchSize, .. InputShape(encoder)];
        float[][] found = Run(graphs.Encoder(modality), OnnxContract.Features(modality), features, shape, outputs);
        return (found[0], found[1]);
    }

    private static ModelCardExample Example(
        MultimodalVaeWeights weights, Func<GaussianEncoderWeights, float[], float[]> mean, long seed)
    {
        return new ModelCardExample(seed, Mean(weights.Voice), Mean(weights.Face));

        float[] Mean(GaussianEncoderWeights encoder) => mean(encoder, DrawFeatures(encoder, 1, new SeededRandom(seed)));
    }

    /// <summary>The shape of a row of an encoder's features.</summary>
    public static int[] InputShape(GaussianEncoderWeights encoder) => encoder.Tower is null
        ? [encoder.InputCount]
        : [.. TowerGraph.InputShape(encoder.Tower.Input).Select(size => size ?? encoder.Tower.Input.UnitCount)];

    private static float[] DrawFeatures(GaussianEncoderWeights encoder, int batchSize, SeededRandom random) =>
        ModelCardExample.Draw(encoder.Statistics, encoder.Tower?.Input.BlockLength ?? 1, encoder.InputCount, batchSize, random);

    private static float[][] Run(byte[] graph, string input, float[] values, int[] shape, string[] outputs)
    {
        using var session = new InferenceSession(graph);
        var tensor = new DenseTensor<float>(values, shape);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results =
            session.Run([NamedOnnxValue.CreateFromTensor(input, tensor)], outputs);
        return [.. results.Select(result => result.AsEnumerable<float>().ToArray())];
    }

    /// <summary>max |graph - trainer| / max(1, |trainer|); NaN where either is.</summary>
    internal static double Difference(ReadOnlySpan<float> graph, ReadOnlySpan<float> trainer)
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
