using CrossModalVae.Features;

namespace CrossModalVae.Pipelines;

/// <summary>
/// ML.NET pipelines of a loaded model: from files or what is in memory, or from prepared features, to the graphs' outputs, in the columns
/// of <see cref="ModelColumns"/>.
/// </summary>
public static class ModelPipelines
{
    /// <summary>Voices to VoiceFeatures, VoiceMean and VoiceLogVariance.</summary>
    /// <param name="model">The model; it stays the caller's, and must outlive what is made of it.</param>
    /// <param name="ml">The context.</param>
    /// <param name="columns">The input columns. Default: Voice.</param>
    public static EstimatorChain<OnnxBatchScoringTransformer> CreateVoicePipeline(
        this ScoringModel model, MLContext ml, PipelineColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(ml);
        columns ??= new PipelineColumns();
        return ReadVoice(model, ml, columns)
            .Append(ScoreVoice(model, ml))
            .AppendCacheCheckpoint(ml);
    }

    /// <summary>Face frames to FaceFeatures, FaceMean and FaceLogVariance.</summary>
    /// <param name="model">The model; it stays the caller's, and must outlive what is made of it.</param>
    /// <param name="ml">The context.</param>
    /// <param name="columns">The input columns. Default: Faces.</param>
    public static EstimatorChain<OnnxBatchScoringTransformer> CreateFacePipeline(
        this ScoringModel model, MLContext ml, PipelineColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(ml);
        columns ??= new PipelineColumns();
        return ReadFace(model, ml, columns)
            .Append(ScoreFace(model, ml))
            .AppendCacheCheckpoint(ml);
    }

    /// <summary>Both modalities to all columns of both pipelines and JointEmbedding. Columns that are not read are not computed.</summary>
    /// <param name="model">The model; it stays the caller's, and must outlive what is made of it.</param>
    /// <param name="ml">The context.</param>
    /// <param name="columns">The input columns. Default: Voice and Faces.</param>
    /// <remarks>
    /// As the pipelines of one modality do, it ends with a cache checkpoint: what is appended, such as a trainer that makes many passes,
    /// reads every file once a fit. That holds for what is appended to the pipeline itself; a chain that has it inside needs a
    /// checkpoint of its own (AppendCacheCheckpoint).
    /// </remarks>
    public static EstimatorChain<JointEmbeddingTransformer> CreateJointPipeline(
        this ScoringModel model, MLContext ml, PipelineColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(ml);
        columns ??= new PipelineColumns();
        return ReadVoice(model, ml, columns) // one chain: of a chain within a chain, ML.NET forgets the checkpoint
            .Append(ScoreVoice(model, ml))
            .Append(ReadFace(model, ml, columns))
            .Append(ScoreFace(model, ml))
            .Append(ml.Transforms.JointEmbedding(ModelColumns.JointEmbedding, model.Recipe.Scoring.Joint))
            .AppendCacheCheckpoint(ml);
    }

    /// <summary>
    /// Prepared features, for example of a <see cref="FeatureStore"/>, to the same columns: VoiceFeatures and FaceFeatures, Vector
    /// of Single with NaN for a missing modality, to both posteriors and JointEmbedding.
    /// </summary>
    /// <param name="model">The model; it stays the caller's, and must outlive what is made of it.</param>
    /// <param name="ml">The context.</param>
    public static EstimatorChain<JointEmbeddingTransformer> CreateFeaturePipeline(this ScoringModel model, MLContext ml)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(ml);
        return new EstimatorChain<ITransformer>()
            .Append(ScoreVoice(model, ml))
            .Append(ScoreFace(model, ml))
            .Append(ml.Transforms.JointEmbedding(ModelColumns.JointEmbedding, model.Recipe.Scoring.Joint))
            .AppendCacheCheckpoint(ml);
    }

    /// <summary>
    /// The same columns by steps that <c>ml.Model.Save</c> holds and <c>ml.Model.Load</c> gives back with nothing to be registered; see
    /// <see cref="SavablePipelineEstimator"/>. Slower than the others: rows are computed one at a time, on the CPU.
    /// </summary>
    /// <param name="model">The model, of whichever recipe; what is fitted does not need it, but ml.Model.Save needs its folder.</param>
    /// <param name="ml">The context.</param>
    /// <param name="modality">What is embedded: voices, faces or both. Default both.</param>
    /// <param name="columns">The input columns. Default: Voice and Faces.</param>
    /// <exception cref="NotSupportedException">ml.Model.Save cannot hold the model; the message says why and names SaveBundle.</exception>
    public static SavablePipelineEstimator CreateSavablePipeline(
        this ScoringModel model, MLContext ml, Modality modality = Modality.Joint, PipelineColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(ml);
        return new SavablePipelineEstimator(model, ml, columns ?? new PipelineColumns(), modality);
    }

    private static VoiceSpectrogramEstimator ReadVoice(ScoringModel model, MLContext ml, PipelineColumns columns) =>
        ml.Transforms.VoiceSpectrogram(
            ModelColumns.VoiceFeatures,
            columns.Voice,
            model.Recipe.Voice,
            columns.Folder,
            columns.StartSeconds,
            columns.DurationSeconds,
            model.Reading,
            model.FrontEnds.Voice,
            columns.SampleRateHz,
            columns.SampleRate);

    private static FaceTensorEstimator ReadFace(ScoringModel model, MLContext ml, PipelineColumns columns) =>
        ml.Transforms.FaceTensor(
            ModelColumns.FaceFeatures, columns.Faces, model.Recipe.Face, columns.Folder, columns.FaceBoxes, model.FrontEnds.Face);

    private static OnnxBatchScoringEstimator ScoreVoice(ScoringModel model, MLContext ml) =>
        ml.Transforms.ApplyOnnxModelBatched(
            [ModelColumns.VoiceMean, ModelColumns.VoiceLogVariance], [ModelColumns.VoiceFeatures], model.VoiceEncoder, Options(model));

    private static OnnxBatchScoringEstimator ScoreFace(ScoringModel model, MLContext ml) =>
        ml.Transforms.ApplyOnnxModelBatched(
            [ModelColumns.FaceMean, ModelColumns.FaceLogVariance], [ModelColumns.FaceFeatures], model.FaceEncoder, Options(model));

    private static OnnxBatchOptions Options(ScoringModel model) =>
        new() { BatchSize = model.Recipe.Scoring.BatchSize, Device = model.Device };
}
