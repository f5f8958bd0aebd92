using System.Numerics.Tensors;
using CrossModalVae.Files;
using CrossModalVae.Metrics;
using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Onnx.Precision;

/// <summary>
/// What less precision costs: the area under the ROC curve of all voice-face trials of validation clips by the cosine of posterior means,
/// as training validates, before and after.
/// </summary>
internal static class PrecisionLoss
{
    private const int MostRows = 1000; // of a modality; a million trials tell 0.3 points
    private const int BatchSize = 32;

    /// <summary>Measures the loss and refuses one beyond the limit.</summary>
    /// <exception cref="InvalidOperationException">The loss is beyond the limit; the message has it.</exception>
    /// <exception cref="InvalidDataException">The validation clips have no target trial or no other.</exception>
    public static ModelCardPrecision Measure(
        OnnxGraphs before,
        OnnxGraphs after,
        MultimodalVaeWeights shape,
        PrecisionOptions options,
        long seed,
        CancellationToken cancellationToken)
    {
        EncoderRows voices = ReducedGraphs.Draw(options.Validation, shape.Voice, MostRows, seed);
        EncoderRows faces = ReducedGraphs.Draw(options.Validation, shape.Face, MostRows, seed);
        bool[] targets = [.. voices.Identities.SelectMany(voice => faces.Identities.Select(face => face == voice))]; // [Nv x Nf]
        if (!targets.Contains(true) || !targets.Contains(false))
        {
            throw new InvalidDataException(
                $"The validation clips ({voices.Count} with a voice, {faces.Count} with a face) are not of two people with both; "
                + "expected some, to measure what less precision costs.");
        }

        (double exact, double rounded) = (Auc(before), Auc(after));
        var cost = new ModelCardPrecision(options.Kind, rounded, exact, options.LossLimit, voices.Count, faces.Count);
        return exact - rounded <= options.LossLimit ? cost : throw UserError.Mark(new InvalidOperationException(
            Invariant($"{EnumText.Of(options.Kind)} costs {100 * (exact - rounded):0.00} points of AUC, voice to face, on the validation ")
            + Invariant($"clips ({100 * exact:0.00} % to {100 * rounded:0.00} %); must be at most {100 * options.LossLimit:0.00}. ")
            + "Nothing was written."));

        double Auc(OnnxGraphs graphs)
        {
            float[][] voiceMeans = Means(graphs.VoiceEncoder, voices, OnnxContract.VoiceMean, cancellationToken);
            float[][] faceMeans = Means(graphs.FaceEncoder, faces, OnnxContract.FaceMean, cancellationToken);
            float[] scores = [.. voiceMeans.SelectMany(v => faceMeans.Select(f => TensorPrimitives.CosineSimilarity<float>(v, f)))];
            return RocCurve.Compute(scores, targets).AreaScore; // refuses NaN
        }
    }

    private static float[][] Means(byte[] graph, EncoderRows rows, string output, CancellationToken cancellationToken)
    {
        using var session = new InferenceSession(graph);
        var means = new List<float[]>(); // [N][D]
        foreach (float[] batch in rows.Batches(BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using IDisposableReadOnlyCollection<OrtValue> found = rows.Run(session, batch, [output]);
            int dimension = (int)found[0].GetTensorTypeAndShape().Shape[1];
            means.AddRange(found[0].GetTensorDataAsSpan<float>().ToArray().Chunk(dimension));
        }

        return [.. means];
    }
}
