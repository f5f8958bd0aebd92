namespace CrossModalVae.Encoders;

/// <summary>
/// A pretrained network that is not trained further: rows of numbers (pictures, frames of a voice, samples) to vectors. Thread-safe: front
/// ends on several threads share one. A row's vector depends on that row alone. Implemented by CrossModalVae.Pipelines on ONNX Runtime.
/// </summary>
public interface IFrozenEncoder : IDisposable
{
    /// <summary>Numbers of one row.</summary>
    int InputLength { get; }

    /// <summary>D, numbers of one vector.</summary>
    int VectorLength { get; }

    /// <summary>Scores rows.</summary>
    /// <param name="rows">[N, <see cref="InputLength"/>], as the options of the recipe lay a row out.</param>
    /// <param name="vectors">[N, <see cref="VectorLength"/>] receives the vectors, not normalised.</param>
    void Encode(ReadOnlySpan<float> rows, Span<float> vectors);
}
