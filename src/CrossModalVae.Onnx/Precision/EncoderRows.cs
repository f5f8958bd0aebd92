using CrossModalVae.Features;
using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Onnx.Precision;

/// <summary>The clips of a source that have a modality, as rows of its encoder's input.</summary>
/// <param name="source">The features.</param>
/// <param name="encoder">The encoder that takes them.</param>
/// <param name="rows">Rows of the source.</param>
internal sealed class EncoderRows(FeatureSource source, GaussianEncoderWeights encoder, IReadOnlyList<int> rows)
{
    private readonly int _length = source.Length(encoder.Modality);

    /// <summary>The name of the encoder's input.</summary>
    public string InputName { get; } = OnnxContract.Features(encoder.Modality);

    public int Count => rows.Count;

    /// <summary>The person of each row.</summary>
    public IEnumerable<string> Identities => rows.Select(row => source.Clips[row].Identity);

    /// <summary>The features, [B, F] each.</summary>
    public IEnumerable<float[]> Batches(int size)
    {
        foreach (int[] batch in rows.Chunk(size))
        {
            var features = new float[batch.Length * _length];
            for (int i = 0; i < batch.Length; i++)
            {
                Span<float> own = features.AsSpan(i * _length, _length);
                source.Row(encoder.Modality, 0, batch[i], own).CopyTo(own);
            }

            yield return features;
        }
    }

    /// <summary>Outputs of a graph for a batch.</summary>
    public IDisposableReadOnlyCollection<OrtValue> Run(InferenceSession session, float[] features, IReadOnlyCollection<string> outputs)
    {
        using var options = new RunOptions();
        long[] shape = [features.Length / _length, .. OnnxParity.InputShape(encoder).Select(size => (long)size)];
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(features, shape);
        return session.Run(options, [InputName], [input], outputs);
    }
}
