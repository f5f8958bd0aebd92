using CrossModalVae.Audio;
using CrossModalVae.Faces;
using CrossModalVae.Features;
using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Onnx.Fused;

/// <summary>The posterior of features, [B, F] to [B, D] each, as a trainer or another graph computes it.</summary>
internal delegate (float[] Mean, float[] LogVariance) PosteriorReference(Modality modality, float[] features, int batchSize);

/// <summary>
/// Runs fused graphs in ONNX Runtime beside front end and trainer, or front end and encoder, on made clips and pictures of several sizes.
/// </summary>
internal static class FusedParity
{
    /// <summary>The batch sizes that are compared.</summary>
    public static IReadOnlyList<int> BatchSizes { get; } = [1, 7];

    /// <summary>For both graphs max |graph - reference| / max(1, |reference|), the largest over all lengths or sizes.</summary>
    public static IEnumerable<ModelCardMeasurement> Measure(
        FusedGraphs graphs, Recipe recipe, FrozenEncoders encoders, PosteriorReference reference, int batchSize, long seed)
    {
        var random = new SeededRandom(seed);
        yield return new ModelCardMeasurement(OnnxContract.VoiceFusedFile, batchSize, MeasureVoice());
        yield return new ModelCardMeasurement(OnnxContract.FaceFusedFile, batchSize, MeasureFace());

        double MeasureVoice()
        {
            using var session = new InferenceSession(graphs.Voice);
            var frontEnd = new VoiceFrontEnd(recipe.Voice, encoder: encoders.Voice);
            return Lengths(recipe.Voice).Max(length =>
            {
                float[] samples = [.. Enumerable.Range(0, batchSize).SelectMany(_ => Sound(length, recipe.Voice.SampleRateHz, random))];
                float[] features = Features(frontEnd.FeatureCount, (row, into) => frontEnd.Extract(
                    new AudioClip(samples.AsMemory(row * length, length), recipe.Voice.SampleRateHz), into));
                return Difference(session, Modality.Voice, Value(samples, batchSize, length), features);
            });
        }

        double MeasureFace()
        {
            using var session = new InferenceSession(graphs.Face);
            var frontEnd = new FaceFrontEnd(recipe.Face, encoders.Face);
            return Sizes(recipe.Face).Max(size =>
            {
                (int height, int width) = size;
                byte[][] pictures = [.. Enumerable.Range(0, batchSize).Select(_ => Picture(height, width, random))];
                float[] features = Features(frontEnd.FeatureCount, (row, into) =>
                    frontEnd.Extract([new FaceImage(pictures[row], width, height)], into));
                byte[] pixels = [.. pictures.SelectMany(picture => picture)];
                return Difference(session, Modality.Face, Value(pixels, batchSize, height, width, 3), features);
            });
        }

        float[] Features(int count, FillRow fill)
        {
            var rows = new float[batchSize * count]; // [B, F]
            for (int row = 0; row < batchSize; row++)
            {
                fill(row, rows.AsSpan(row * count, count));
            }

            return rows;
        }

        double Difference(InferenceSession session, Modality modality, OrtValue input, float[] features)
        {
            (float[] mean, float[] logVariance) = reference(modality, features, batchSize);
            using (input)
            {
                using var options = new RunOptions();
                using IDisposableReadOnlyCollection<OrtValue> found = session.Run(
                    options, session.InputNames, [input], [OnnxContract.Mean(modality), OnnxContract.LogVariance(modality)]);
                return Math.Max(
                    OnnxParity.Difference(found[0].GetTensorDataAsSpan<float>(), mean),
                    OnnxParity.Difference(found[1].GetTensorDataAsSpan<float>(), logVariance));
            }
        }
    }

    // As long as the crop, longer, and where the recipe pads: shorter, and of hardly more than a frame.
    private static int[] Lengths(VoiceOptions options) => options.ShortClips == ShortClipPolicy.Refuse
        ? [options.SampleCount, (options.SampleCount * 4 / 3) + 1]
        : [options.SampleCount, (options.SampleCount * 4 / 3) + 1, (options.SampleCount * 3 / 5) + 1, options.FrameSamples + 1];

    // Nothing to resize, smaller, wide and high.
    private static (int Height, int Width)[] Sizes(FaceOptions options) =>
    [
        (Math.Max(FaceImage.SmallestSide, options.Height), Math.Max(FaceImage.SmallestSide, options.Width)),
        (13, 17),
        (90, 161),
        (200, 121),
    ];

    /// <summary>Harmonics of a voice's pitch that glide and swell, and a little noise, in steps of 16 bits.</summary>
    internal static float[] Sound(int length, int rateHz, SeededRandom random)
    {
        double pitch = random.NextDouble(90, 260), glide = random.NextDouble(0.1, 0.3), rhythm = random.NextDouble(2, 5);
        double[] heights = [.. Enumerable.Range(1, 24).Select(k => random.NextDouble(0.2, 1) / k)];
        var samples = new float[length];
        double phase = 0;
        for (int n = 0; n < length; n++)
        {
            double swell = 0.5 + (0.45 * Math.Sin(2 * Math.PI * rhythm * n / rateHz));
            phase += 2 * Math.PI * pitch * (1 + (glide * Math.Sin(2 * Math.PI * n / rateHz))) / rateHz;
            double x = 0;
            for (int k = 1; k <= heights.Length; k++)
            {
                x += heights[k - 1] * Math.Sin(k * phase);
            }

            samples[n] = (float)Math.Round(32768 * Math.Clamp((0.2 * swell * x) + (0.003 * random.NextGaussian()), -1, 0.99)) / 32768;
        }

        return samples;
    }

    /// <summary>Bright and dark blobs of several colours, and a little noise.</summary>
    internal static byte[] Picture(int height, int width, SeededRandom random)
    {
        double[] waves = [.. Enumerable.Range(0, 9).Select(_ => random.NextDouble(0.5, 4))];
        var pixels = new byte[height * width * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            (double y, double x, int c) = ((double)(i / 3 / width) / height, (double)(i / 3 % width) / width, i % 3);
            double blob = Math.Sin(waves[c] + (waves[3 + c] * 3 * x)) * Math.Cos(waves[6 + c] * 3 * y);
            pixels[i] = (byte)Math.Clamp(128 + (70 * blob) + (12 * random.NextGaussian()), 0, 255);
        }

        return pixels;
    }

    private static OrtValue Value<T>(T[] values, params long[] shape)
        where T : unmanaged => OrtValue.CreateTensorValueFromMemory(values, shape);

    private delegate void FillRow(int row, Span<float> features);
}
