using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace CrossModalVae.Training;

/// <summary>Posteriors of clips as they are scored: no dropout, no gradients.</summary>
/// <param name="Rows">[N] the clips' rows.</param>
/// <param name="Mean">mu, [N, D].</param>
/// <param name="LogVariance">log sigma^2, [N, D].</param>
internal readonly record struct EncodedRows(int[] Rows, float[] Mean, float[] LogVariance)
{
    // Rows a step: many of few features, few where a clip is many frames or pictures.
    private const int MostRows = 1024;
    private const int MostNumbers = 1 << 21;

    /// <summary>Encodes clips of a table.</summary>
    public static EncodedRows Of(
        MultimodalVae model, StandardisedTable table, Modality modality, int[] rows, Device device, CancellationToken cancellationToken)
    {
        var mean = new List<float>();
        var logVariance = new List<float>();
        using IDisposable gradients = no_grad();
        int length = modality == Modality.Voice ? table.Table.VoiceLength : table.Table.FaceLength;
        foreach (int[] chunk in rows.Chunk(Math.Clamp(MostNumbers / length, 1, MostRows)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            GaussianPosterior q = model.Score(modality, table.Rows(modality, chunk, device)); // [rows, D]
            mean.AddRange(q.Mean.ToFloats());
            logVariance.AddRange(q.LogVariance.ToFloats());
        }

        return new EncodedRows(rows, [.. mean], [.. logVariance]);
    }

    /// <summary>
    /// The means at a root mean square of 1: without a bound their scale is arbitrary, and only their directions carry something.
    /// </summary>
    public EncodedRows AtUnitScale()
    {
        float scale = (float)Math.Sqrt(TensorPrimitives.SumOfSquares<float>(Mean) / Math.Max(1, Mean.Length));
        var means = new float[Mean.Length];
        TensorPrimitives.Divide(Mean, scale > 0f ? scale : 1f, means);
        return this with { Mean = means };
    }
}
