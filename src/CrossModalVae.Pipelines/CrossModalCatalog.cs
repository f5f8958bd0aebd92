namespace CrossModalVae.Pipelines;

/// <summary>The steps of this library on ML.NET's own catalogs: <c>ml.Transforms.VoiceSpectrogram(...)</c> and so on.</summary>
public static partial class CrossModalCatalog
{
    /// <summary>
    /// Scores an ONNX graph in batches, many times faster than a row at a time; see <see cref="OnnxBatchScoringEstimator"/>. The
    /// transformer owns a native session: dispose it.
    /// </summary>
    /// <param name="catalog">ML.NET's transforms.</param>
    /// <param name="outputColumnNames">The columns that receive the graph's outputs: those of the same names as ApplyOnnxModel has it,
    /// where every name is an output's; else the first ones in the graph's order, or the options' tensors.</param>
    /// <param name="inputColumnNames">The column that is fed, one, Vector of Single of the graph's input length; it may have any
    /// name.</param>
    /// <param name="modelFile">The .onnx file.</param>
    /// <param name="options">Batch size, device, tensor names. Default: 256 rows on the CPU.</param>
    /// <exception cref="FileNotFoundException">The file is missing.</exception>
    /// <exception cref="InvalidDataException">The file is no ONNX graph of float matrices with a free first axis.</exception>
    /// <exception cref="ArgumentException">Names or options do not fit the graph.</exception>
    public static OnnxBatchScoringEstimator ApplyOnnxModelBatched(
        this TransformsCatalog catalog,
        IReadOnlyList<string> outputColumnNames,
        IReadOnlyList<string> inputColumnNames,
        string modelFile,
        OnnxBatchOptions? options = null) =>
            OnnxBatchScoringEstimator.Create(
                catalog, outputColumnNames, inputColumnNames, modelFile, encoder: null, options ?? new OnnxBatchOptions());

    /// <summary>As the above, for one output.</summary>
    /// <param name="catalog">ML.NET's transforms.</param>
    /// <param name="outputColumnName">The column that receives the graph's output of that name, else its first one, or the options' tensor.
    /// </param>
    /// <param name="inputColumnName">The column that is fed, Vector of Single of the graph's input length.</param>
    /// <param name="modelFile">The .onnx file.</param>
    /// <param name="options">Batch size, device, tensor names. Default: 256 rows on the CPU.</param>
    /// <exception cref="FileNotFoundException">The file is missing.</exception>
    /// <exception cref="InvalidDataException">The file is no ONNX graph of float matrices with a free first axis.</exception>
    /// <exception cref="ArgumentException">Names or options do not fit the graph.</exception>
    public static OnnxBatchScoringEstimator ApplyOnnxModelBatched(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        string modelFile,
        OnnxBatchOptions? options = null) =>
            catalog.ApplyOnnxModelBatched([outputColumnName], [inputColumnName], modelFile, options);

    /// <summary>
    /// Scores a loaded ONNX graph in batches; see <see cref="OnnxBatchScoringEstimator"/>. The encoder stays its owner's to dispose.
    /// </summary>
    /// <param name="catalog">ML.NET's transforms.</param>
    /// <param name="outputColumnNames">The columns that receive the graph's outputs, as for a file.</param>
    /// <param name="inputColumnNames">The column that is fed, one, Vector of Single of the graph's input length.</param>
    /// <param name="encoder">The graph.</param>
    /// <param name="options">Batch size and tensor names; the device must be the encoder's. Default:
    /// 256 rows on the encoder's device.</param>
    /// <exception cref="ArgumentException">Names or options do not fit the graph.</exception>
    public static OnnxBatchScoringEstimator ApplyOnnxModelBatched(
        this TransformsCatalog catalog,
        IReadOnlyList<string> outputColumnNames,
        IReadOnlyList<string> inputColumnNames,
        OnnxEncoder encoder,
        OnnxBatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        return OnnxBatchScoringEstimator.Create(
            catalog, outputColumnNames, inputColumnNames, null, encoder, options ?? new OnnxBatchOptions { Device = encoder.Device });
    }

    /// <summary>One embedding of a clip from the posteriors of its voice and face; see <see cref="JointEmbeddingEstimator"/>.</summary>
    /// <param name="catalog">ML.NET's transforms.</param>
    /// <param name="outputColumnName">The joint embeddings' column.</param>
    /// <param name="kind">How both become one. Default: the mean of directions.</param>
    /// <param name="columns">The posteriors' columns. Default: those of <see cref="ModelColumns"/>.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static JointEmbeddingEstimator JointEmbedding(
        this TransformsCatalog catalog,
        string outputColumnName,
        JointEmbedding kind = Recipes.JointEmbedding.MeanOfDirections,
        JointEmbeddingColumns? columns = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        return new JointEmbeddingEstimator(catalog, outputColumnName, kind, columns ?? new JointEmbeddingColumns());
    }
}
