using CrossModalVae.Audio;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Pipelines.Bundles;
using CrossModalVae.Pipelines.Encoders;

namespace CrossModalVae.Pipelines;

/// <summary>
/// A model folder and its recipe as ML.NET pipelines: what was exported and nothing else. Loading checks that the recipe is the one the
/// model was trained by, that every graph is the file its card was written for, and that it carries this library's metadata. Owns native
/// sessions: dispose it, after the pipelines made by it are no longer used.
/// </summary>
public sealed class PipelineBundle : IDisposable
{
    /// <summary>The column of joint embeddings in <see cref="CreateJointPipeline"/>.</summary>
    public const string JointColumn = "joint_embedding";

    private readonly SoundReading? _reading;
    private readonly RecipeEncoders _frontEnds;

    private PipelineBundle(
        string folder, ModelCard card, Recipe recipe, RecipeEncoders frontEnds, ExecutionDevice device, SoundReading? reading)
    {
        (_reading, _frontEnds) = (reading, frontEnds);
        Card = card;
        Recipe = recipe;
        Device = device;
        int voiceCount = new VoiceFrontEnd(recipe.Voice, encoder: frontEnds.Encoders.Voice).FeatureCount;
        int faceCount = new FaceFrontEnd(recipe.Face, frontEnds.Encoders.Face).FeatureCount;
        EncoderInput voice = EncoderInput.Of(recipe, Modality.Voice, voiceCount);
        EncoderInput face = EncoderInput.Of(recipe, Modality.Face, faceCount);
        int latent = recipe.Model.LatentDimension;
        var opened = new List<OnnxEncoder>();
        OnnxEncoder Open(string file, OnnxTensor input, params OnnxTensor[] outputs)
        {
            opened.Add(ModelFolder.Open(folder, card, file, input, outputs, device));
            return opened[^1];
        }

        try
        {
            VoiceEncoder = Open(
                OnnxContract.VoiceEncoderFile,
                new(OnnxContract.VoiceFeatures, voice.RowLength),
                new(OnnxContract.VoiceMean, latent),
                new(OnnxContract.VoiceLogVariance, latent));
            FaceEncoder = Open(
                OnnxContract.FaceEncoderFile,
                new(OnnxContract.FaceFeatures, face.RowLength),
                new(OnnxContract.FaceMean, latent),
                new(OnnxContract.FaceLogVariance, latent));
            Decoder = !recipe.Objective.HasDecoder ? null : Open(
                OnnxContract.DecoderFile,
                new(OnnxContract.Latent, recipe.Model.DecodedDimension),
                new(OnnxContract.FaceReconstruction, face.ExampleLength),
                new(OnnxContract.VoiceReconstruction, voice.ExampleLength));
        }
        catch
        {
            opened.ForEach(encoder => encoder.Dispose());
            throw;
        }
    }

    /// <summary>What the model folder says about itself.</summary>
    public ModelCard Card { get; }

    /// <summary>The recipe: the card's, with the scoring, clustering and ranking sections of the recipe file where one was given.</summary>
    public Recipe Recipe { get; }

    /// <summary>Where the graphs are computed.</summary>
    public ExecutionDevice Device { get; }

    /// <summary>The recipe's pretrained encoders, of the copies in the model folder; they end with the bundle.</summary>
    public FrozenEncoders FrontEnds => _frontEnds.Encoders;

    /// <summary>voice_features [B, F] to voice_mean and voice_log_variance [B, D].</summary>
    public OnnxEncoder VoiceEncoder { get; }

    /// <summary>face_features [B, F] to face_mean and face_log_variance [B, D].</summary>
    public OnnxEncoder FaceEncoder { get; }

    /// <summary>
    /// latent [B, D], or with private parts [B, D + 2 P], to face_reconstruction and voice_reconstruction [B, F] in the front ends' units;
    /// null where the recipe trains no decoder.
    /// </summary>
    public OnnxEncoder? Decoder { get; }

    /// <summary>Loads a model folder.</summary>
    /// <param name="modelFolder">The folder with card.json and the graphs.</param>
    /// <param name="recipeFile">
    /// The recipe to score by, as used or as it was before training; it must be the model's but for scoring, clustering and ranking.
    /// Default: recipe.json of the folder, else the card's own.
    /// </param>
    /// <param name="device">Where the graphs are computed. Default the CPU.</param>
    /// <param name="reading">Which faults of sound files are tolerated, and the list of files that had them. Default none.</param>
    /// <exception cref="FileNotFoundException">The card, a graph or the recipe is missing.</exception>
    /// <exception cref="InvalidDataException">A file is not what it must be, the recipe is another one, a graph has another SHA-256 than
    /// the card says, or is not this library's.</exception>
    /// <exception cref="InvalidOperationException">The device is not there; the message names what is missing.</exception>
    public static PipelineBundle Load(
        string modelFolder, string? recipeFile = null, ExecutionDevice device = default, SoundReading? reading = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelFolder);
        ModelCard card = ModelCardReader.Read(modelFolder);
        ModelCardReader.CheckFiles(modelFolder, card);
        string ownRecipe = Path.Combine(modelFolder, ModelFolder.RecipeFile);
        string? chosen = recipeFile ?? (File.Exists(ownRecipe) ? ownRecipe : null);
        RecipeEncoders frontEnds = ModelFolder.OpenFrontEnds(modelFolder, card, device);
        try
        {
            Recipe recipe = chosen is null ? card.Recipe : ReadRecipe(chosen, modelFolder, card, frontEnds);
            return new PipelineBundle(modelFolder, card, recipe, frontEnds, device, reading);
        }
        catch
        {
            frontEnds.Dispose();
            throw;
        }
    }

    /// <summary>Wav path to voice_features, voice_mean and voice_log_variance.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="columns">The input columns. Default: voice_path.</param>
    public EstimatorChain<OnnxBatchScoringTransformer> CreateVoicePipeline(MLContext ml, BundleColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(ml);
        columns ??= new BundleColumns();
        return ReadVoice(ml, columns)
            .Append(ScoreVoice(ml))
            .AppendCacheCheckpoint(ml);
    }

    /// <summary>Paths of face frames to face_features, face_mean and face_log_variance.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="columns">The input columns. Default: face_paths.</param>
    public EstimatorChain<OnnxBatchScoringTransformer> CreateFacePipeline(MLContext ml, BundleColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(ml);
        columns ??= new BundleColumns();
        return ReadFace(ml, columns)
            .Append(ScoreFace(ml))
            .AppendCacheCheckpoint(ml);
    }

    /// <summary>Both paths to all columns of both pipelines and joint_embedding. Columns that are not read are not computed.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="columns">The input columns. Default: voice_path and face_paths.</param>
    /// <remarks>
    /// As the pipelines of one modality do, it ends with a cache checkpoint: what is appended, such as a trainer that makes many passes,
    /// reads every file once a fit. That holds for what is appended to the pipeline itself; a chain that has it inside needs a
    /// checkpoint of its own (AppendCacheCheckpoint).
    /// </remarks>
    public EstimatorChain<JointEmbeddingTransformer> CreateJointPipeline(MLContext ml, BundleColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(ml);
        columns ??= new BundleColumns();
        return ReadVoice(ml, columns) // one chain: of a chain within a chain, ML.NET forgets the checkpoint
            .Append(ScoreVoice(ml))
            .Append(ReadFace(ml, columns))
            .Append(ScoreFace(ml))
            .Append(ml.Transforms.JointEmbedding(JointColumn, Recipe.Scoring.Joint))
            .AppendCacheCheckpoint(ml);
    }

    /// <summary>
    /// Prepared features, for example of a <see cref="FeatureStore"/>, to the same columns: voice_features and face_features, Vector
    /// of Single with NaN for a missing modality, to both posteriors and joint_embedding.
    /// </summary>
    /// <param name="ml">The context.</param>
    public EstimatorChain<JointEmbeddingTransformer> CreateFeaturePipeline(MLContext ml)
    {
        ArgumentNullException.ThrowIfNull(ml);
        return new EstimatorChain<ITransformer>()
            .Append(ScoreVoice(ml))
            .Append(ScoreFace(ml))
            .Append(ml.Transforms.JointEmbedding(JointColumn, Recipe.Scoring.Joint))
            .AppendCacheCheckpoint(ml);
    }

    /// <summary>Embeds one modality of a corpus: posterior means, or joint embeddings. Clips without it are left out.</summary>
    /// <param name="manifest">The corpus, or a part of it.</param>
    /// <param name="modality">What to embed.</param>
    /// <param name="progress">Receives the number of clips read so far.</param>
    /// <param name="cancellationToken">Ends the work between clips.</param>
    /// <returns>A row for each clip that has the modality, in the manifest's order.</returns>
    /// <exception cref="InvalidDataException">A wav or jpg file is broken; the message names it.</exception>
    /// <exception cref="FileNotFoundException">A wav or jpg file is missing.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public EmbeddingSet Embed(
        Manifest manifest, Modality modality, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
            Embed(manifest, [modality], EmbeddingParts.None, progress, cancellationToken);

    /// <summary>Embeds several modalities of a corpus in one pass over its files.</summary>
    /// <param name="manifest">The corpus, or a part of it.</param>
    /// <param name="modalities">What to embed, at least one; for <paramref name="parts"/> voices and faces only.</param>
    /// <param name="parts">What to compute beside the means. Default nothing.</param>
    /// <param name="progress">Receives the number of clips read so far.</param>
    /// <param name="cancellationToken">Ends the work between clips.</param>
    /// <returns>For each clip in the manifest's order a row for each modality it has, voice, face, joint.</returns>
    /// <exception cref="ArgumentException">No modality is asked for, or parts that joint embeddings do not have.</exception>
    /// <exception cref="InvalidDataException">A wav or jpg file is broken; the message names it.</exception>
    /// <exception cref="FileNotFoundException">A wav or jpg file is missing.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public EmbeddingSet Embed(
        Manifest manifest,
        IReadOnlyCollection<Modality> modalities,
        EmbeddingParts parts = EmbeddingParts.None,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(modalities);
        RequireEmbeddable(modalities, parts);
        return new ManifestEmbedder(this, manifest, modalities, parts).Run(progress, cancellationToken);
    }

    /// <summary>
    /// Embeds several modalities of a corpus from prepared features; no wav or jpg file is opened. A float32 store gives exactly what the
    /// files give, a float16 store what its rounding leaves (<see cref="FeaturePrecision.Float16"/>).
    /// </summary>
    /// <param name="features">The store, prepared by this model's recipe.</param>
    /// <param name="manifest">The corpus, or a part of the one that was prepared.</param>
    /// <param name="modalities">What to embed, at least one; for <paramref name="parts"/> voices and faces only.</param>
    /// <param name="parts">What to compute beside the means. Default nothing.</param>
    /// <param name="progress">Receives the number of clips read so far.</param>
    /// <param name="cancellationToken">Ends the work between clips.</param>
    /// <returns>For each clip in the manifest's order a row for each modality it has, voice, face, joint.</returns>
    /// <exception cref="ArgumentException">No modality is asked for, or parts that joint embeddings do not have.</exception>
    /// <exception cref="InvalidDataException">The store was prepared by another recipe or from other
    /// clips or files, or is damaged.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public EmbeddingSet Embed(
        FeatureStore features,
        Manifest manifest,
        IReadOnlyCollection<Modality> modalities,
        EmbeddingParts parts = EmbeddingParts.None,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(modalities);
        RequireEmbeddable(modalities, parts);
        features.RequireRecipe(Recipe);
        features.RequireClips(manifest, manifest.Clips);
        return new ManifestEmbedder(this, manifest, modalities, parts).Run(features, progress, cancellationToken);
    }

    /// <summary>Releases the native sessions.</summary>
    public void Dispose()
    {
        VoiceEncoder.Dispose();
        FaceEncoder.Dispose();
        Decoder?.Dispose();
        _frontEnds.Dispose();
    }

    private VoiceSpectrogramEstimator ReadVoice(MLContext ml, BundleColumns columns) => ml.Transforms.VoiceSpectrogram(
        OnnxContract.VoiceFeatures,
        columns.VoicePath,
        Recipe.Voice,
        columns.Folder,
        columns.StartSeconds,
        columns.DurationSeconds,
        _reading,
        FrontEnds.Voice);

    private FaceTensorEstimator ReadFace(MLContext ml, BundleColumns columns) =>
        ml.Transforms.FaceTensor(
            OnnxContract.FaceFeatures, columns.FacePaths, Recipe.Face, columns.Folder, columns.FaceBoxes, FrontEnds.Face);

    private OnnxBatchScoringEstimator ScoreVoice(MLContext ml) =>
        ml.Transforms.ApplyOnnxModelBatched(
            [OnnxContract.VoiceMean, OnnxContract.VoiceLogVariance], [OnnxContract.VoiceFeatures], VoiceEncoder, Options());

    private OnnxBatchScoringEstimator ScoreFace(MLContext ml) =>
        ml.Transforms.ApplyOnnxModelBatched(
            [OnnxContract.FaceMean, OnnxContract.FaceLogVariance], [OnnxContract.FaceFeatures], FaceEncoder, Options());

    private OnnxBatchOptions Options() => new() { BatchSize = Recipe.Scoring.BatchSize, Device = Device };

    private void RequireEmbeddable(IReadOnlyCollection<Modality> modalities, EmbeddingParts parts)
    {
        if (parts != EmbeddingParts.None && modalities.Contains(Modality.Joint))
        {
            throw new ArgumentException(
                "'modalities' has joint, and a joint embedding has neither standard deviations nor a reconstruction; "
                + "ask for voice and face.",
                nameof(modalities));
        }

        if (Decoder is null && parts.HasFlag(EmbeddingParts.Reconstructions))
        {
            throw UserError.Mark(new ArgumentException(
                $"The model '{Card.Name}' has no decoder ('objective.bound' of its recipe is none); expected one, for reconstructions.",
                nameof(parts)));
        }

        if (Recipe.Objective.Bound == BoundKind.Conditional && parts.HasFlag(EmbeddingParts.Reconstructions))
        {
            throw UserError.Mark(new ArgumentException(
                $"The model '{Card.Name}' is conditional ('objective.bound' of its recipe): its decoders make each modality of the other's "
                + "embedding only; a clip's own is not reconstructed.",
                nameof(parts)));
        }

        if (modalities.Count == 0)
        {
            throw new ArgumentException("'modalities' is empty; must name at least one of voice, face, joint.", nameof(modalities));
        }
    }

    private static Recipe ReadRecipe(string recipeFile, string modelFolder, ModelCard card, RecipeEncoders frontEnds)
    {
        Recipe recipe = frontEnds.Resolve(RecipeReader.Read(recipeFile));

        // A recipe that has not been used has no statistics; the model's own are then the only difference it may have.
        Recipe used = recipe.Statistics is null ? recipe with { Statistics = card.Recipe.Statistics } : recipe;
        string hash = RecipeHash.Compute(used);
        return hash == card.RecipeHash
            ? used
            : throw new InvalidDataException(
                $"{recipeFile}: the recipe's hash is {hash}; expected {card.RecipeHash}, "
                + $"as {Path.Combine(modelFolder, ModelCard.FileName)} says: the model was trained by another recipe.");
    }
}
