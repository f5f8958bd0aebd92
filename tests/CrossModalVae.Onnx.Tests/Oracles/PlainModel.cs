using CrossModalVae.Models;
using CrossModalVae.Recipes;

namespace CrossModalVae.Onnx.Tests.Oracles;

/// <summary>The slow, obvious forward pass in double precision: what a graph must compute.</summary>
internal sealed class PlainModel(MultimodalVaeWeights weights, double disturbance = 0) : IMultimodalVaeReference
{
    public (float[] Mean, float[] LogVariance) Encode(Modality modality, float[] features, int batchSize)
    {
        GaussianEncoderWeights encoder = modality == Modality.Voice ? weights.Voice : weights.Face;
        double[] h = new double[features.Length];
        for (int i = 0; i < h.Length; i++)
        {
            int f = i % encoder.InputCount;
            h[i] = ((double)features[i] - encoder.Statistics.Mean[f]) / encoder.Statistics.StandardDeviation[f];
        }

        h = encoder.Hidden.Aggregate(h, (x, layer) => Dense(x, layer, batchSize));
        return (Single(Dense(h, encoder.Mean, batchSize), disturbance), Single(Dense(h, encoder.LogVariance, batchSize), 0));
    }

    public (float[] Face, float[] Voice) Decode(float[] latent, int batchSize)
    {
        SharedDecoderWeights decoder = weights.Decoder!;
        if (decoder.VoiceLayers is not null)
        {
            return DecodeParts(decoder, latent, batchSize);
        }

        double[] both = decoder.Layers.Aggregate(
            Array.ConvertAll(latent, x => (double)x), (x, layer) => Dense(x, layer, batchSize));
        int face = decoder.FaceStatistics.Length;
        int voice = decoder.VoiceStatistics.Length;
        return (Restore(both, 0, face, face + voice, batchSize, decoder.FaceStatistics),
            Restore(both, face, voice, face + voice, batchSize, decoder.VoiceStatistics));
    }

    // Of [u, w_voice, w_face] each modality's network has u and its own w.
    private static (float[] Face, float[] Voice) DecodeParts(SharedDecoderWeights decoder, float[] latent, int batchSize)
    {
        int p = decoder.PrivateDimension, all = decoder.LatentDimension, d = all - (2 * p);
        double[] Part(int own) =>
        [
            .. Enumerable.Range(0, batchSize).SelectMany(
                row => Enumerable.Range(0, d).Concat(Enumerable.Range(own, p)).Select(i => (double)latent[(row * all) + i])),
        ];
        double[] face = decoder.Layers.Aggregate(Part(d + p), (x, layer) => Dense(x, layer, batchSize));
        double[] voice = decoder.VoiceLayers!.Aggregate(Part(d), (x, layer) => Dense(x, layer, batchSize));
        (int ff, int fv) = (decoder.FaceStatistics.Length, decoder.VoiceStatistics.Length);
        return (
            Restore(face, 0, ff, ff, batchSize, decoder.FaceStatistics), Restore(voice, 0, fv, fv, batchSize, decoder.VoiceStatistics));
    }

    private static float[] Restore(double[] both, int offset, int count, int stride, int batchSize, FeatureStatistics statistics)
    {
        var result = new float[batchSize * count];
        for (int i = 0; i < result.Length; i++)
        {
            int f = i % count;
            result[i] = (float)((both[(i / count * stride) + offset + f] * statistics.StandardDeviation[f]) + statistics.Mean[f]);
        }

        return result;
    }

    private static double[] Dense(double[] x, DenseLayer layer, int batchSize)
    {
        var y = new double[batchSize * layer.OutputCount];
        for (int b = 0; b < batchSize; b++)
        {
            for (int o = 0; o < layer.OutputCount; o++)
            {
                double sum = layer.Bias[o];
                for (int i = 0; i < layer.InputCount; i++)
                {
                    sum += x[(b * layer.InputCount) + i] * layer.Weight[(o * layer.InputCount) + i];
                }

                y[(b * layer.OutputCount) + o] = layer.Activation switch
                {
                    Activation.Relu => Math.Max(0, sum),
                    Activation.Tanh => Math.Tanh(sum),
                    _ => sum,
                };
            }
        }

        return y;
    }

    private static float[] Single(double[] x, double shift) => Array.ConvertAll(x, value => (float)(value + shift));
}
